"""Every kind of page in a real browser: pictures at three widths, axe in light and dark, nothing sideways, no error."""

import re

import pytest

from tests.e2e.conftest import Demo
from tests.e2e.looking import HEIGHTS, keep, look, violations, watch
from tests.e2e.screenshots import settle

pytestmark = [pytest.mark.browser, pytest.mark.demo, pytest.mark.xdist_group("demo")]

# Name of a page → its address under /<market>/<language>/.
ALL = {
    "home": "",
    "themes": "themes/",
    "theme": "themes/creatures/",
    "listing": "shop/",
    "kind": "shop/?category=scarves&availability=in_stock",
    "search": "shop/?q=dragon",
    "zero": "shop/?q=qqzzxxw",
    "product": "products/{product}/",
    "museum": "museums/{museum}/",
    "object": "objects/{object}/",
    "basket-empty": "basket/",
    "events": "events/",
    "help-delivery": "help/delivery/",
    "help-returns": "help/returns/",
    "help-payments": "help/payments/",
    "help-contact": "help/contact/",
    "accessibility": "legal/accessibility/",
    "missing": "nowhere/",
}
SOME = ("home", "listing", "product", "theme", "zero")
PLACES = [
    *(("gb", "en", width, tuple(ALL)) for width in (390, 820, 1440)),
    *(("cn", "zh-hans", width, tuple(ALL)) for width in (390, 820, 1440)),
    *(("jp", "ja", width, SOME) for width in (390, 1440)),
    *(("fr", "fr", width, SOME) for width in (390, 1440)),
    ("gb", "en", 320, SOME),
]


@pytest.fixture(scope="module")
def addresses(demo: Demo) -> dict[str, str]:
    """A product with an object and choices that every market may sell, its object and its museum."""
    found = demo.row(
        "SELECT p.slug, o.slug, m.slug FROM shop_product p JOIN shop_museum m ON m.id = p.museum_id "
        "JOIN shop_product_objects_shown l ON l.product_id = p.id JOIN shop_museumobject o ON o.id = l.museumobject_id "
        "JOIN shop_productoffer po ON po.product_id = p.id JOIN shop_market k ON k.id = po.market_id "
        "WHERE k.code IN ('gb', 'cn', 'jp', 'fr') AND po.state > 0 AND p.category = 'scarves' "
        "GROUP BY p.slug, o.slug, m.slug, p.sort_order HAVING count(DISTINCT k.id) >= 3 ORDER BY p.sort_order LIMIT 1"
    )
    assert found
    return dict(zip(("product", "object", "museum"), found, strict=True))


@pytest.mark.parametrize(
    ("market", "language", "width", "names"), PLACES, ids=lambda one: "" if isinstance(one, tuple) else str(one)
)
def test_pages_stand(demo, browser, addresses, market, language, width, names):
    # Colours are looked at when they have arrived, not on their way.
    size = {"width": width, "height": HEIGHTS[width]}
    context = browser.new_context(viewport=size, locale=language, reduced_motion="reduce")
    page = context.new_page()
    troubles = watch(page)
    for name in names:
        answer = page.goto(f"{demo.url}/{market}/{language}/{ALL[name].format(**addresses)}")
        assert answer.status == (404 if name == "missing" else 200), name
        troubles += look(page, f"{market}-{language}-{width}-{name}", width=width)
    context.close()
    left = [one for one in troubles if "/nowhere/: Failed to load" not in one]
    assert not left, "\n".join(left)


@pytest.mark.parametrize("width", [390, 1440])
def test_style_guide(demo, browser, width):
    size = {"width": width, "height": HEIGHTS[width]}
    context = browser.new_context(viewport=size, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{demo.url}/styleguide/")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        settle(page)
        keep(page, f"styleguide-{width}-{scheme}")
        assert violations(page) == []
    page.emulate_media(forced_colors="active")
    keep(page, f"styleguide-{width}-forced")
    context.close()


def test_latin_pages_load_no_other_fonts_and_nothing_moves(demo, browser, addresses):
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    context.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach(one => "
        "{ if (!one.hadRecentInput) window.moved += one.value })).observe({type: 'layout-shift', buffered: true});"
    )
    page = context.new_page()
    fonts: list[str] = []
    page.on("request", lambda one: fonts.append(one.url) if one.resource_type == "font" else None)
    for path in ("", "shop/", f"products/{addresses['product']}/"):
        page.goto(f"{demo.url}/gb/en/{path}")
        settle(page)
        assert page.evaluate("window.moved") < 0.05, path
    assert fonts
    assert all(re.search(r"newsreader-latin|instrument-sans-latin", one) for one in fonts), fonts
    context.close()


def test_the_keyboard_goes_from_the_skip_link_to_the_basket(demo, browser, addresses):
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    page = context.new_page()
    page.goto(f"{demo.url}/gb/en/products/{addresses['product']}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    page.keyboard.press("Enter")
    for _step in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate(outline) != "none", page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
        if page.evaluate("document.activeElement.matches('#buy button[type=submit]')"):
            break
    else:
        pytest.fail("the keyboard does not reach the button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#added")
    context.close()


def test_lists_are_narrowed_without_scripts(demo, browser):
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{demo.url}/gb/en/shop/")
    page.locator(".narrow > summary").click()
    page.locator('input[name="category"][value="mugs"]').check()
    page.locator(".facets > button").click()
    assert "category=mugs" in page.url
    assert page.locator(".chips").is_visible()
    context.close()
