"""What every page is asked in the browser: a picture of it, axe in light and dark, nothing sideways, no error."""

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.e2e.conftest import ARTEFACTS
from tests.e2e.screenshots import settle

PAGES = ARTEFACTS / "pages"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
MIDDLE = 820  # pictures in the dark are kept of the narrowest and the widest pages
HEIGHTS = {320: 640, 390: 844, 720: 450, 820: 1180, 1440: 900}
OVERFLOW = """() => [...document.querySelectorAll('body *')].filter(one => {
    const box = one.getBoundingClientRect();
    if (box.width === 0 || box.right <= innerWidth + 1) return false;
    for (let up = one.parentElement; up; up = up.parentElement)
        if (/auto|scroll|hidden|clip/.test(getComputedStyle(up).overflowX)) return false;
    return true;
}).map(one => one.outerHTML.slice(0, 120))"""
SMALL = """() => [...document.querySelectorAll('a, button, input, select, summary')].filter(one => {
    const box = one.getBoundingClientRect(), style = getComputedStyle(one);
    if (!box.width || style.visibility === 'hidden' || one.closest('label, p, li > span, dd, .visually-hidden, .skip'))
        return false;
    return box.height < 24 || box.width < 24;
}).map(one => one.outerHTML.slice(0, 120))"""
# Words that are cut off or lie upon each other: boxes that hide what does not fit, and buttons that overlap.
HIDDEN = """() => [...document.querySelectorAll('main h1, main h2, main h3, main p, main dd, main dt, main .button, main label')]
  .filter(one => {
    const style = getComputedStyle(one);
    return !one.closest('.visually-hidden') && /hidden|clip/.test(style.overflow) && one.clientWidth > 1 &&
        (one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1);
}).map(one => one.outerHTML.slice(0, 120))"""
OVERLAID = """() => {
    const shown = [...document.querySelectorAll('main :is(a.button, button, input:not([type=hidden]), select, h1, h2, h3)')]
        .filter(one => one.checkVisibility({visibilityProperty: true}) && one.getBoundingClientRect().width > 1);
    const found = [];
    for (const [place, one] of shown.entries()) for (const other of shown.slice(place + 1)) {
        if (one.contains(other) || other.contains(one)) continue;
        const a = one.getBoundingClientRect(), b = other.getBoundingClientRect();
        if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 &&
            Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2)
            found.push(`${one.outerHTML.slice(0, 80)} lies on ${other.outerHTML.slice(0, 80)}`);
    }
    return found;
}"""


def watch(page: Any) -> list[str]:
    """Return the list into which errors of the console and of scripts, and what the policy refuses, will be written."""
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
    page.on("console", lambda one: troubles.append(f"{page.url}: {one.text}") if one.type == "error" else None)
    page.expose_function("violated", lambda what: troubles.append(f"{page.url} violates the policy: {what}"))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', one => "
        "window.violated(`${one.violatedDirective} ${one.blockedURI} ${one.sample}`));"
    )
    return troubles


def violations(page: Any) -> list[str]:
    """What axe finds on the page as it stands."""
    found = Axe().run(page, options={**RULES, "resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def keep(page: Any, name: str) -> None:
    """Put a picture of the whole page into the artefacts."""
    PAGES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(Path(PAGES) / f"{name}.png"), full_page=True)


def fits(page: Any, title: str) -> list[str]:
    """What leaves the screen, is too small to press, is cut off, or lies upon another."""
    troubles = []
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        troubles.append(f"{title} is too wide: {page.evaluate(OVERFLOW)}")
    for asked, what in ((SMALL, "a small target"), (HIDDEN, "hidden words"), (OVERLAID, "parts that overlap")):
        troubles += [f"{title} has {what}: {one}" for one in page.evaluate(asked)]
    return troubles


def look(page: Any, title: str, *, width: int) -> list[str]:
    """Take pictures of a page in light and dark, and return what is wrong with it."""
    settle(page)
    keep(page, title)
    troubles = fits(page, title)
    if page.locator("h1").count() != 1:
        troubles.append(f"{title}: {page.locator('h1').count()} h1")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        troubles += [f"{title} in {scheme}: {one}" for one in violations(page)]
        if scheme == "dark" and width != MIDDLE:
            keep(page, f"{title}-dark")
    page.emulate_media(color_scheme="light")
    return troubles
