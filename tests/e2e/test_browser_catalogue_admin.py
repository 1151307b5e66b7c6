"""The admin of the catalogue in a real browser: nothing blank, nothing sideways, no error, on a desk and a telephone, light and dark."""

import io
import json
import re

import pytest
from openpyxl import load_workbook

from shop.demo.environment import MERCHANDISER
from tests.e2e.conftest import Demo
from tests.e2e.looking import OVERFLOW, keep

pytestmark = [pytest.mark.browser, pytest.mark.demo, pytest.mark.xdist_group("demo"), pytest.mark.timeout(600)]

LISTS = ("product", "variant", "theme", "producttype", "attribute", "museumobject", "museum", "manufacturer", "synonym")
SHEETS = ("product/completeness/", "product/spreadsheets/")


@pytest.fixture(params=[1440, 390], ids=str)
def desk(request, demo: Demo, browser):
    """A page of somebody who is signed in, and the list of what goes wrong there."""
    context = browser.new_context(viewport={"width": request.param, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
    page.on("console", lambda one: troubles.append(f"{page.url}: {one.text}") if one.type == "error" else None)
    page.goto(f"{demo.url}/admin/")
    page.fill('[name="username"]', MERCHANDISER)
    page.fill('[name="password"]', json.loads((demo.state / "demo.json").read_text())["merchandiser_password"])
    page.locator('button[type="submit"]').first.click()
    page.wait_for_url(f"{demo.url}/admin/")
    yield page, troubles, request.param
    context.close()
    assert troubles == []


def see(page, name: str, width: int, troubles: list[str]) -> None:
    """Keep pictures in light and dark; note what is blank or leaves the screen."""
    page.wait_for_load_state("networkidle")
    if page.locator("h1, #content, [role=main]").first.bounding_box() is None:
        troubles.append(f"{name} is blank")
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        troubles.append(f"{name} at {width} is too wide: {page.evaluate(OVERFLOW)}")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        keep(page, f"admin-{width}-{name}-{scheme}")
    page.emulate_media(color_scheme="light")


def test_pages_of_the_catalogue(demo, desk):
    page, troubles, width = desk
    for one in LISTS:
        answer = page.goto(f"{demo.url}/admin/shop/{one}/")
        assert answer.status == 200, one
        see(page, one, width, troubles)
        found = demo.row(f"SELECT id FROM shop_{one} ORDER BY id LIMIT 1")  # noqa: S608 (names of our own, above)
        address = f"{found[0]}/change/" if found else "add/"
        answer = page.goto(f"{demo.url}/admin/shop/{one}/{address}")
        assert answer.status == 200, one
        see(page, f"{one}-form", width, troubles)
    for one in SHEETS:
        assert page.goto(f"{demo.url}/admin/shop/{one}").status == 200
        see(page, one.strip("/").replace("/", "-"), width, troubles)


def test_parts_of_a_product(demo, desk):
    page, troubles, width = desk
    (key,) = demo.row("SELECT id FROM shop_product ORDER BY id LIMIT 1")
    page.goto(f"{demo.url}/admin/shop/product/{key}/change/")
    for part in ("texts", "variants", "images"):
        page.locator(f'a[href="#{part}"]').first.click()
        see(page, f"product-{part}", width, troubles)
    links = page.locator('a[href*="/translate"], a[href*="/publication"]').all()
    for address in {str(one.get_attribute("href")) for one in links}:
        page.goto(f"{demo.url}{address}")
        see(page, "product-" + re.sub(r"[^a-z]+", "-", address.split("product/")[1]).strip("-"), width, troubles)


def test_many_products_at_once(demo, desk):
    page, troubles, width = desk
    page.goto(f"{demo.url}/admin/shop/product/")
    page.locator('input[name="_selected_action"]').first.check()
    page.locator('input[name="_selected_action"]').nth(1).check()
    action = page.locator('select[name="action"] option', has_text=re.compile("change|bulk|edit", re.IGNORECASE)).first
    page.locator('select[name="action"]').select_option(str(action.get_attribute("value")))
    page.locator('button[name="index"]').first.click()
    see(page, "product-bulk", width, troubles)


def test_a_sheet_with_mistakes(demo, desk):
    page, troubles, width = desk
    page.goto(f"{demo.url}/admin/shop/product/spreadsheets/")
    see(page, "product-sheets", width, troubles)
    with page.expect_download() as fetched:
        page.get_by_role("button", name="Download").click()
    book = load_workbook(io.BytesIO(fetched.value.path().read_bytes()))
    sheet = book.active
    headings = [one.value for one in sheet[1]]
    for column, heading in enumerate(headings, start=1):
        if heading in {"museum", "category"}:
            sheet.cell(2, column, "nowhere")
    packed = io.BytesIO()
    book.save(packed)
    given = {"name": "products.xlsx", "mimeType": "application/vnd.ms-excel", "buffer": packed.getvalue()}
    page.locator('input[type="file"]').set_input_files(given)
    page.get_by_role("button", name="Check").click()
    page.locator("#troubles-title").wait_for()
    see(page, "product-sheet-errors", width, troubles)
    assert "nowhere" in page.content()
