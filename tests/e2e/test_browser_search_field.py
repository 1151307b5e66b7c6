"""The search field as a combobox: by keyboard, for screen readers, and as a plain search where no script runs."""

import re

import pytest

from tests.e2e.looking import violations

pytestmark = [pytest.mark.browser, pytest.mark.demo, pytest.mark.xdist_group("demo")]


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB", reduced_motion="reduce")
    yield context.new_page()
    context.close()


def typed(page, demo, text: str, place: str = "gb/en") -> None:
    page.goto(f"{demo.url}/{place}/")
    page.locator("#search").click()
    page.keyboard.type(text)
    page.locator("#suggestions").wait_for()


def field(page, name: str) -> str | None:
    return page.locator("#search").get_attribute(name)


def test_arrows_choose_and_enter_goes_there(demo, page):
    typed(page, demo, "wave")
    many = page.locator("#suggestions [role=option]").count()
    assert many >= 2
    assert page.get_by_role("combobox", name="Search the shop", expanded=True).count() == 1
    assert page.locator("#suggest-status").inner_text() == f"{many} suggestions"
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert field(page, "aria-activedescendant") == "suggestion-2"
    assert page.locator("#suggestion-2").get_attribute("aria-selected") == "true"
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert field(page, "aria-activedescendant") is None
    page.keyboard.press("ArrowUp")
    assert field(page, "aria-activedescendant") == f"suggestion-{many}"
    there = page.locator(f"#suggestion-{many}").get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{demo.url}{there}")


def test_escape_closes_and_enter_searches(demo, page):
    typed(page, demo, "wave")
    page.keyboard.press("Escape")
    assert not page.locator("#suggestions").is_visible()
    assert field(page, "aria-expanded") == "false"
    assert page.locator("#search").input_value() == "wave"
    page.keyboard.press("ArrowDown")
    assert page.locator("#suggestions").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/gb/en/shop/\?q=wave"))


def test_tab_leaves_and_the_list_closes(demo, page):
    typed(page, demo, "浪", place="cn/zh-hans")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert not page.locator("#suggestions").is_visible()
    assert not page.evaluate("document.activeElement.matches('[role=option]')")


def test_a_click_goes_there(demo, page):
    typed(page, demo, "wave")
    there = page.locator("#suggestion-1").get_attribute("href")
    page.locator("#suggestion-1").click()
    page.wait_for_url(f"{demo.url}{there}")


def test_nothing_found_says_nothing(demo, page):
    typed(page, demo, "wave")
    with page.expect_response(re.compile("/fragments/suggest/")):
        page.locator("#search").fill("qqzzxxw")
    page.wait_for_function("document.getElementById('search').getAttribute('aria-expanded') === 'false'")
    assert page.locator("#suggest-status").inner_text() == ""


def test_without_scripts_it_is_a_search(demo, browser):
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{demo.url}/gb/en/")
    assert page.get_by_role("searchbox", name="Search the shop").count() == 1
    page.locator("#search").fill("wave")
    page.locator("#search").press("Enter")
    assert "/gb/en/shop/?q=wave" in page.url
    assert page.locator(".card").count() > 0
    context.close()


def test_what_cannot_be_sent_is_said(demo, page):
    """The line is cut: the basket does not change, and the page says so until something arrives again."""
    page.goto(f"{demo.url}/gb/en/shop/?availability=in_stock")
    page.locator(".card a").first.click()
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.locator("#buy button[type=submit]").click()
    page.locator("#unreachable").wait_for(state="visible")
    page.context.set_offline(False)
    page.locator("#buy button[type=submit]").click()
    page.locator("#added").wait_for()
    assert not page.locator("#unreachable").is_visible()
