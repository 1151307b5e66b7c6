"""The pages: two steps without an account, the same answer to everybody, and the return from the form to the slip."""

import re
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from shop.models import Order, ReturnRequest, Variant, WithdrawalStatement
from shop.returns import actions, tasks
from tests import factories as make
from tests.shop.returns import world
from tests.shop.storefront.conftest import _compiled_words

__all__ = ["_compiled_words"]
pytestmark = pytest.mark.django_db
SAID = {"name": "Ada Byron", "order_number": "VT-2026-999999", "email": "ada@example.org", "scope": "whole"}


@pytest.fixture
def web() -> Client:
    return Client()


@pytest.fixture
def carried(monkeypatch) -> list[str]:
    """Statements handed to the worker."""
    handed: list[str] = []
    monkeypatch.setattr(tasks.carry_out, "delay", handed.append)
    return handed


@pytest.fixture
def mug():
    for code in ("gb", "fr", "cn", "jp", "us"):
        make.market(code)
    make.agreement()
    world.return_addresses()
    return world.mugs()


def draft_of(page: str) -> str:
    return re.search(r'name="draft" value="([^"]+)"', page)[1]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/gb/en/", "Withdraw from contract here"),
        ("/fr/fr/", "Se rétracter du contrat ici"),
        ("/cn/zh-hans/", "在此撤回合同"),
        ("/gb/ja/", "契約の撤回はこちら"),
        ("/gb/en/legal/terms/", "Withdraw from contract here"),
        ("/gb/en/basket/", "Withdraw from contract here"),
        ("/us/en/", None),
        ("/jp/ja/", None),
    ],
)
def test_every_page_leads_there_where_the_law_gives_the_right(web, mug, path, words):
    page = web.get(path).text
    if words is None:
        assert "/withdraw/" not in page
    else:
        assert words in page
        assert "/withdraw/" in page


def test_two_steps_and_a_receipt_that_is_shown_again(web, mug, carried):
    order = world.paid((mug, 1))
    first = web.get("/gb/en/withdraw/")
    assert "Continue" in first.text
    assert "reason" not in first.text.lower().replace("no reason", "")
    second = web.post("/gb/en/withdraw/", {**SAID, "order_number": order.number, "intent": "state"})
    assert second.status_code == 200
    assert "Confirm withdrawal" in second.text
    assert not WithdrawalStatement.objects.exists()
    third = web.post("/gb/en/withdraw/", {"intent": "confirm", "draft": draft_of(second.text)})
    assert third.status_code == 303
    statement = WithdrawalStatement.objects.get()
    assert carried == [str(statement.pk)]
    receipt = web.get(third.url)
    local = timezone.localtime(statement.sent_at, ZoneInfo("Europe/London"))
    for said in ("Ada Byron", order.number, "ada@example.org", f"{local:%H:%M:%S}"):
        assert said in receipt.text
    # Sent twice, it is one statement.
    again = web.post("/gb/en/withdraw/", {"intent": "confirm", "draft": draft_of(second.text)})
    assert again.url == third.url
    assert WithdrawalStatement.objects.count() == 1


def test_strangers_learn_nothing_of_orders(web, mug, carried):
    order = world.paid((mug, 1))

    def answers(number: str) -> list[str]:
        second = web.post("/gb/en/withdraw/", {**SAID, "order_number": number, "intent": "state"})
        third = web.post("/gb/en/withdraw/", {"intent": "confirm", "draft": draft_of(second.text)})
        page = web.get(third.url).text
        blank = [second.text.replace(draft_of(second.text), ""), page]
        return [re.sub(r"\d\d:\d\d:\d\d", "", one.replace(number, "")) for one in blank]

    assert answers(order.number) == answers("VT-2026-999998")
    assert answers("nonsense") == answers("VT-2026-999998")


@pytest.mark.parametrize("missing", ["name", "order_number", "email"])
def test_what_is_missing_is_said_beside_its_field(web, mug, missing):
    answer = web.post("/gb/en/withdraw/", {**SAID, missing: "", "intent": "state"})
    assert answer.status_code == 422
    assert f'id="id_{missing}_error"' in answer.text


def test_a_part_must_be_named_and_can_be_changed(web, mug):
    told = {**SAID, "scope": "part", "intent": "state"}
    assert web.post("/gb/en/withdraw/", told).status_code == 422
    second = web.post("/gb/en/withdraw/", {**told, "lines_text": "the <blue> one"}).text
    assert "the &lt;blue&gt; one" in second
    changed = web.post("/gb/en/withdraw/", {"intent": "change", "draft": draft_of(second)}).text
    assert "the &lt;blue&gt; one" in changed
    assert 'value="Ada Byron"' in changed


def test_a_broken_or_foreign_draft_is_asked_for_anew(web, mug, carried):
    answer = web.post("/gb/en/withdraw/", {"intent": "confirm", "draft": "x.y.z"})
    assert answer.status_code == 422
    assert carried == []


def test_another_site_cannot_confirm(web, mug):
    answer = web.post("/gb/en/withdraw/", {"intent": "confirm", "draft": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_one_connection_confirms_so_many_an_hour(web, mug, carried, monkeypatch):
    from shop.returns.limits import WithdrawalThrottle

    cache.clear()
    monkeypatch.setattr(WithdrawalThrottle, "rate", "2/hour", raising=False)
    codes = []
    for _time in range(3):
        second = web.post("/gb/en/withdraw/", {**SAID, "intent": "state"}).text
        answer = web.post("/gb/en/withdraw/", {"intent": "confirm", "draft": draft_of(second)})
        codes.append(answer.status_code)
    assert codes == [303, 303, 429]
    # What she had written is still there.
    assert 'value="Ada Byron"' in answer.text


def test_the_orders_page_offers_both_and_chooses_articles(web, mug, carried):
    order = world.delivered((mug, 2))
    page = web.get(f"/orders/{order.token}/").text
    assert f"/orders/{order.token}/withdraw/" in page
    assert f"/orders/{order.token}/return/" in page
    form = web.get(f"/orders/{order.token}/withdraw/").text
    assert f'value="{order.number}"' in form
    second = web.post(
        f"/orders/{order.token}/withdraw/",
        {
            **SAID,
            "order_number": order.number,
            "scope": "part",
            f"units_{world.line(order).pk}": "1",
            "intent": "state",
        },
    ).text
    assert "1 × Mug MUG-1" in second
    web.post(f"/orders/{order.token}/withdraw/", {"intent": "confirm", "draft": draft_of(second)})
    statement = WithdrawalStatement.objects.get()
    assert (statement.order, statement.lines) == (order, {str(world.line(order).pk): 1})


@pytest.mark.parametrize(
    "page", ["/orders/x/withdraw/", "/orders/x/return/", "/returns/x/", "/returns/x/slip.pdf", "/withdrawals/x/"]
)
def test_a_token_that_is_none_is_not_found(web, mug, page):
    assert web.get(page).status_code == 404


def attempt_of(page: str) -> str:
    return re.search(r'name="attempt" value="([^"]+)"', page)[1]


def opened(web: Client, order: Order, **facts) -> ReturnRequest:
    form = web.get(f"/orders/{order.token}/return/").text
    told = {"kind": "return", "attempt": attempt_of(form), f"units_{world.line(order).pk}": "1"} | facts
    answer = web.post(f"/orders/{order.token}/return/", told)
    assert answer.status_code == 303, answer.text
    # The form sent twice leads to the same return.
    assert web.post(f"/orders/{order.token}/return/", told).url == answer.url
    return ReturnRequest.objects.get(token=answer.url.split("/")[2])


def test_a_return_from_the_form_to_the_slip(web, mug):
    order = world.delivered((mug, 2))
    made = opened(web, order, note="Two lines\nof words", reason="changed_mind")
    page = web.get(f"/returns/{made.token}/").text
    assert "Please send it back" in page
    assert "Returns, Unit 4" in page
    slip = web.get(f"/returns/{made.token}/slip.pdf")
    assert slip["Content-Type"] == "application/pdf"
    assert slip.content.startswith(b"%PDF")
    assert web.post(f"/returns/{made.token}/sent/", {"tracking": ""}).status_code == 422
    web.post(f"/returns/{made.token}/sent/", {"tracking": "JD01"})
    made.refresh_from_db()
    assert (made.state, made.tracking) == ("in_transit", "JD01")
    assert made.number in web.get(f"/orders/{order.token}/").text


def test_she_may_keep_it_after_all_but_not_undo_a_withdrawal(web, mug):
    order = world.delivered((mug, 2))
    made = opened(web, order)
    web.post(f"/returns/{made.token}/give-up/")
    made.refresh_from_db()
    assert made.state == "closed"
    withdrawn = world.ask(order, kind="withdrawal")
    assert web.post(f"/returns/{withdrawn.token}/give-up/").status_code == 404


def test_a_form_that_names_nothing_or_no_exchange_comes_back(web, mug):
    order = world.delivered((mug, 1))
    form = web.get(f"/orders/{order.token}/return/").text
    told = {"kind": "return", "attempt": attempt_of(form)}
    assert web.post(f"/orders/{order.token}/return/", told).status_code == 422
    told |= {"kind": "exchange", f"units_{world.line(order).pk}": "1"}
    assert web.post(f"/orders/{order.token}/return/", told).status_code == 422
    assert not ReturnRequest.objects.exists()


def sibling(mug: Variant) -> Variant:
    """A larger mug of the same product, at 25."""
    large = world.mugs("MUG-L")
    large.product.published = False
    large.product.save()
    large.product = mug.product
    large.options = {"en": "Large"}
    large.save()
    from shop.models import Price

    Price.objects.filter(variant=large).update(amount="25.00")
    return large


def test_an_exchange_is_ordered_at_todays_price_and_paid_by_itself(web, mug):
    large = sibling(mug)
    order = world.delivered((mug, 2))
    made = opened(web, order, kind="exchange", **{f"instead_{world.line(order).pk}": "MUG-L"})
    assert made.lines.get().wanted == large
    quoted = web.post(f"/returns/{made.token}/exchange/", {"intent": "quote"}).text
    total = re.search(r'name="expected_total" value="([^"]+)"', quoted)[1]
    assert total == "29.95"  # 25.00 and standard delivery
    stale = web.post(f"/returns/{made.token}/exchange/", {"intent": "order", "expected_total": "1.00"})
    assert stale.status_code == 409
    for _again in range(2):
        answer = web.post(f"/returns/{made.token}/exchange/", {"intent": "order", "expected_total": total})
        assert answer.status_code == 303
    made.refresh_from_db()
    new = made.exchange_order
    assert (new.goods, new.state) == (25, "awaiting_payment")
    assert Order.objects.count() == 2
    # An order that nobody paid can be placed anew.
    from shop.orders import actions as orders

    orders.cancel_unpaid(order_id=new.pk, actor="t", cause="t")
    assert web.post(f"/returns/{made.token}/exchange/", {"intent": "order", "expected_total": total}).status_code == 303
    assert Order.objects.count() == 3


@pytest.mark.parametrize(
    ("language", "title"),
    [("fr", "Veuillez le renvoyer"), ("zh-hans", "请寄回商品"), ("ja", "商品をお送りください")],
)
def test_the_return_speaks_the_orders_language(web, mug, language, title):
    order = world.delivered((mug, 1), language=language)
    made = world.ask(order)
    assert title in web.get(f"/returns/{made.token}/").text
    assert web.get(f"/returns/{made.token}/slip.pdf").content.startswith(b"%PDF")


def test_pages_ask_the_database_so_often_whatever_they_show(web, mug, django_assert_max_num_queries):
    others = [world.mugs(f"MUG-{number}") for number in range(2, 7)]
    order = world.delivered((mug, 1), *((other, 1) for other in others))
    made = actions.open_return(
        order_id=order.pk,
        kind="return",
        lines={line.pk: actions.Wanted(1) for line in order.lines.all()},
        cause_key="all",
        actor="t",
    )
    for path, most in (
        (f"/orders/{order.token}/", 16),
        (f"/orders/{order.token}/return/", 12),
        (f"/returns/{made.token}/", 8),
    ):
        web.get(path)
        with django_assert_max_num_queries(most):
            assert web.get(path).status_code == 200
