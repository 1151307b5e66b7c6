"""Pages on paper, in forced colours, at 200 % and at 320 px: nothing lost, nothing overlapping, the focus seen."""

import re

import pytest

from tests.e2e.circumstances import prepare, sold_out
from tests.e2e.looking import HEIGHTS, PAGES, fits, keep
from tests.e2e.screenshots import settle

pytestmark = [pytest.mark.browser, pytest.mark.demo, pytest.mark.xdist_group("demo"), pytest.mark.timeout(600)]

PAPER = {"width": 720, "height": 1018}  # A4 between its margins, in CSS pixels
SHOP = (
    "",
    "shop/",
    "products/{slug}/",
    "themes/",
    "basket/",
    "help/delivery/",
    "shop/?q=qqzzxxw",
    "withdraw/",
    "nowhere/",
)
SEEN = """() => [...document.querySelectorAll('main a, main button, main input, main select, main summary')].filter(one =>
    one.checkVisibility({visibilityProperty: true}) && !one.disabled && one.tabIndex >= 0 && one.type !== 'hidden'
    && one.getBoundingClientRect().width > 1).slice(0, 40).filter(one => {
        one.focus({focusVisible: true});
        const style = getComputedStyle(one);
        return style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2;
    }).map(one => one.outerHTML.slice(0, 120))"""
EDGED = """() => [...document.querySelectorAll('main .button, main :is(input[type=text], input[type=email], select)')]
    .filter(one => one.checkVisibility() && parseFloat(getComputedStyle(one).borderTopWidth) < 1)
    .map(one => one.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def found(demo, browser):
    return prepare(demo, browser)


@pytest.fixture(scope="module")
def slug(demo):
    return sold_out(demo)[0]


@pytest.mark.parametrize("width", [320, 720])
@pytest.mark.parametrize("place", ["gb/en", "cn/zh-hans"])
def test_large_letters(demo, browser, slug, width, place):
    """1440 px at 200 % is 720 px of CSS, 1280 px at 400 % is 320 px (WCAG 2.2, 1.4.4 and 1.4.10)."""
    size = {"width": width, "height": HEIGHTS[width]}
    context = browser.new_context(viewport=size, reduced_motion="reduce")
    page = context.new_page()
    troubles = []
    for path in SHOP:
        if path == "withdraw/" and place != "gb/en":
            continue
        page.goto(f"{demo.url}/{place}/{path.format(slug=slug)}")
        settle(page)
        title = f"zoom-{width}-{place.replace('/', '-')}-{re.sub('[^a-z]+', '', path) or 'home'}"
        keep(page, title)
        troubles += fits(page, title)
    context.close()
    assert troubles == []


def test_on_paper(demo, browser, found, slug):
    """Chrome, forms and pictures beyond the first stay away; the words and sums are there, black on white."""
    context = browser.new_context(viewport=PAPER, color_scheme="dark")
    page = context.new_page()
    for name, path in (
        ("product", f"/gb/en/products/{slug}/"),
        ("product-zh", f"/cn/zh-hans/products/{slug}/"),
        ("order-paid", f"/orders/{found.orders['paid']}/"),
        ("order-shipped", f"/orders/{found.orders['shipped']}/"),
        ("returns", "/gb/en/legal/terms/"),
    ):
        page.goto(f"{demo.url}{path}")
        settle(page)
        page.emulate_media(media="print")
        keep(page, f"print-{name}")
        PAGES.mkdir(parents=True, exist_ok=True)
        page.pdf(path=str(PAGES / f"print-{name}.pdf"), format="A4", print_background=False)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        for hidden in (".site-header", ".site-footer", ".button", "#buy .field", "#buy input", ".skip"):
            assert page.locator(f"{hidden}:visible").count() == 0, (name, hidden)
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)", name
        assert page.locator("h1").is_visible(), name
        if name == "product":
            assert "£" in page.locator("#buy").inner_text()
            assert page.locator(".fold__body p").first.is_visible(), "what is folded away stands on paper"
        page.emulate_media(media="screen")
    text = page.goto(f"{demo.url}/orders/{found.orders['paid']}/").text()
    page.emulate_media(media="print")
    for words in ("What you ordered", "Total", "Where it goes", "Ada Byron"):
        assert words in text
        assert page.get_by_text(words).first.is_visible(), words
    context.close()


def test_forced_colours(demo, browser, slug):
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, forced_colors="active", reduced_motion="reduce"
    )
    page = context.new_page()
    troubles = []
    for path in ("", "shop/", "products/{slug}/", "basket/", "withdraw/"):
        page.goto(f"{demo.url}/gb/en/{path.format(slug=slug)}")
        settle(page)
        keep(page, f"forced-{re.sub('[^a-z]+', '', path) or 'home'}")
        troubles += [f"{path} has no focus: {one}" for one in page.evaluate(SEEN)]
        troubles += [f"{path} has no edge: {one}" for one in page.evaluate(EDGED)]
    context.close()
    assert troubles == []
