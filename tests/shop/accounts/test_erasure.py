"""Erasure: what goes, what the law keeps and until when, and that no trace is left elsewhere."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from shop.accounts import actions
from shop.accounts.privacy import erasing, exporting, sweeping
from shop.models import Erasure, Invoice, Mail, MarketingConsent, Order, RetainedOrder
from tests import factories as make
from tests.shop.accounts import people

pytestmark = pytest.mark.django_db
EMAIL = "zebedee.planted@example.org"
PLANTED = ("zebedee.planted", "Quillfeather", "Unfindable Mews", "planted-token")


def rows_with(words: tuple[str, ...]) -> dict[str, list[str]]:
    """Every table with a row that has one of the words anywhere (word → tables)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found: dict[str, list[str]] = {}
        for table in tables:
            for word in words:
                cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s', [f"%{word}%"])  # noqa: S608
                if cursor.fetchone()[0]:
                    found.setdefault(word, []).append(table)
    return found


def furnished():
    """An account that holds something in every room."""
    user = people.account(EMAIL)
    user.first_name, user.last_name = "Zebedee", "Quillfeather"
    user.save()
    actions.save_address(user=user, raw=people.ADDRESS)
    actions.wish(user=user, sku=make.variant("WISH-1").sku)
    actions.set_preferences(user=user, language="en", market=make.market("gb"), marketing=True)
    paid = people.order(EMAIL, state="completed", paid=True, user=user, ship_to=people.ADDRESS)
    unpaid = people.order(EMAIL.upper(), state="expired", ship_to=people.ADDRESS)
    basket = make.basket((make.variant("BAG-1"), 1))
    basket.user, basket.token = user, "planted-token"
    basket.save()
    return user, paid, unpaid


def ask(user, **facts) -> Erasure:
    return erasing.request_erasure(user=user, email=EMAIL, language="en", asked_by="shopper", **facts)


def due(erasure: Erasure) -> None:
    Erasure.objects.filter(pk=erasure.pk).update(due_at=timezone.now())


def test_nothing_is_left_but_what_the_law_keeps() -> None:
    user, paid, unpaid = furnished()
    exporting.request_export(user=user, email=EMAIL, language="en", asked_by="shopper")
    exporting.make_due()
    assert set(rows_with(PLANTED)) == set(PLANTED)
    erasure = ask(user)
    assert erasing.carry_out_due() == 0  # it can still be revoked
    due(erasure)
    assert erasing.carry_out_due() == 1
    assert erasing.carry_out_due() == 0

    # The receipt is on its way, and the paid order keeps the name and address of its invoice.
    assert rows_with(PLANTED) == {
        "zebedee.planted": ["shop_mail"],
        "Quillfeather": ["shop_order"],
        "Unfindable Mews": ["shop_order"],
    }
    assert list(Mail.objects.filter(recipient__iexact=EMAIL).values_list("kind", flat=True)) == ["account_erased"]
    Mail.objects.update(state="sent", sent_at=timezone.now())
    sweeping.forget_letters()
    assert rows_with(PLANTED[:1]) == {}

    paid.refresh_from_db()
    unpaid.refresh_from_db()
    assert paid.ship_to["name"] == "Zebedee Quillfeather"
    assert unpaid.ship_to == {"country": "GB"}
    assert (paid.email, paid.user) == ("", None)
    user.refresh_from_db()
    assert (user.is_active, user.email, user.has_usable_password()) == (False, "", False)
    assert user.username == f"erased-{user.pk}"
    consent = MarketingConsent.objects.get()
    assert (consent.user, consent.given) == (None, True)

    kept = RetainedOrder.objects.get()
    assert kept.order == paid
    assert kept.until.year == timezone.localdate(paid.paid_at).year + 8
    erasure.refresh_from_db()
    assert erasure.state == Erasure.State.DONE
    receipt = json.dumps(erasure.receipt)
    assert "Value Added Tax Act" in receipt
    assert not any(word.lower() in receipt.lower() for word in PLANTED)


def test_the_sweep_takes_the_rest_when_the_retention_is_over() -> None:
    user, paid, _unpaid = furnished()
    due(ask(user))
    erasing.carry_out_due()
    assert erasing.reduce_due() == 0
    RetainedOrder.objects.update(until=timezone.localdate() + timedelta(days=1))
    assert erasing.reduce_due() == 0
    RetainedOrder.objects.update(until=timezone.localdate())
    assert erasing.reduce_due() == 1
    assert erasing.reduce_due() == 0
    Mail.objects.update(state="sent", sent_at=timezone.now())
    sweeping.forget_letters()
    assert rows_with(PLANTED) == {}
    paid.refresh_from_db()
    assert paid.ship_to == {"country": "GB"}


def test_an_invoice_loses_its_buyer_when_it_is_old_and_nothing_else_ever() -> None:
    paid = people.order(EMAIL, state="completed", paid=True)
    facts = {
        "seller": make.seller(),
        "kind": "invoice",
        "order": paid,
        "language": "en",
        "currency": "GBP",
        "net": 10,
        "tax": 0,
        "total": 10,
    }
    content = {"buyer": ["Zebedee Quillfeather"], "lines": []}
    now = timezone.now()
    young = Invoice.objects.create(
        **facts, year=2026, sequence=1, number="V-1", issued_at=now - timedelta(days=4 * 365), content=content
    )
    reduced = {"buyer": ["–"], "lines": [], "reduced": True}
    with pytest.raises(Exception, match="append-only"):
        _update(young.pk, reduced)
    other = people.order("b@example.org", state="completed", paid=True)
    old = Invoice.objects.create(
        **(facts | {"order": other}),
        year=2019,
        sequence=1,
        number="V-2",
        issued_at=now - timedelta(days=6 * 366),
        content=content,
    )
    with pytest.raises(Exception, match="append-only"):
        _update(old.pk, reduced | {"lines": ["other"]})
    erasing.reduce_orders([other.pk])
    old.refresh_from_db()
    assert old.content == reduced
    with pytest.raises(Exception, match="append-only"):
        _update(old.pk, content)


def _update(pk: int, content: dict) -> None:
    from django.db import transaction

    with transaction.atomic():
        Invoice.objects.filter(pk=pk).update(content=content)


@pytest.mark.parametrize("state", ["awaiting_payment", "paid", "shipped", "delivered", "paid_without_stock"])
def test_what_is_open_stands_against_it(state: str) -> None:
    user = people.account(EMAIL)
    made = people.order(EMAIL, state=state, paid=state != "awaiting_payment")
    with pytest.raises(erasing.SomethingOpen, match=made.number):
        ask(user)
    assert not Erasure.objects.exists()


def test_what_was_ordered_while_it_cooled_holds_it_up() -> None:
    user = people.account(EMAIL)
    erasure = ask(user)
    made = people.order(EMAIL, user=user)
    due(erasure)
    assert erasing.carry_out_due() == 0
    erasure.refresh_from_db()
    assert (erasure.state, erasure.blocked_by) == (Erasure.State.BLOCKED, [made.number])
    assert erasure.due_at > timezone.now()
    Order.objects.update(state="expired")
    due(erasure)
    assert erasing.carry_out_due() == 1


def test_it_can_be_revoked_until_it_is_done() -> None:
    user = people.account(EMAIL)
    erasure = ask(user)
    assert ask(user).pk == erasure.pk
    erasing.revoke(erasure_id=erasure.pk)
    due(erasure)
    assert erasing.carry_out_due() == 0
    user.refresh_from_db()
    assert user.is_active
    with pytest.raises(erasing.NothingToRevoke):
        erasing.revoke(erasure_id=erasure.pk)


def test_staff_are_not_erased_here() -> None:
    user = people.account(EMAIL)
    user.is_staff = True
    user.save()
    with pytest.raises(erasing.StaffAccount):
        ask(user)


def test_a_guest_is_erased_without_touching_others() -> None:
    mine = people.order(EMAIL, state="expired", ship_to=people.ADDRESS)
    other = people.order("other@example.org", state="expired")
    due(ask(None))
    assert erasing.carry_out_due() == 1
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.email, mine.ship_to) == ("", {"country": "GB"})
    assert other.email == "other@example.org"
    assert other.ship_to["name"]
