"""Asking to be told of a restock: double opt-in, one letter, no word of what was known, and an end with one click."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail as outbox
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from shop.alerts import sending
from shop.alerts.restock import actions
from shop.alerts.restock.models import StockAlert
from shop.models import Mail
from tests import factories as make
from tests.concurrency.together import all_at_once

pytestmark = pytest.mark.django_db
FORM = {"sku": "MUG-1", "email": "Ada@example.org"}
ASK = "/gb/fr/alerts/"


@pytest.fixture
def mug():
    make.agreement()
    return make.variant("MUG-1", stock_at={})


def letter() -> Mail:
    return Mail.objects.latest("id")


def path(url: str) -> str:
    return urlsplit(url).path


def test_asked_confirmed_and_stopped(client, mug):
    answer = client.post(ASK, FORM)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    alert = StockAlert.objects.get()
    assert (alert.state, alert.email, alert.language) == ("asked", "Ada@example.org", "fr")
    told = letter()
    assert (told.kind, told.recipient, told.language) == ("restock_confirm", "Ada@example.org", "fr")
    assert told.facts["name"] == "Tasse MUG-1"
    link = path(told.facts["confirm"])
    # Programs look at letters before people do.
    assert client.get(link).status_code == 200
    assert StockAlert.objects.get().state == "asked"
    assert client.post(link).status_code == 200
    assert StockAlert.objects.get().state == "waiting"
    assert client.post(link).status_code == 200
    stop = link.replace("/confirm/", "/stop/")
    assert client.get(stop).status_code == 200
    assert StockAlert.objects.get().state == "waiting"
    # RFC 8058: the mail program posts by itself, from anywhere, without cookies.
    one_click = Client(enforce_csrf_checks=True, headers={"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"})  # fmt: skip
    assert one_click.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert StockAlert.objects.get().state == "stopped"
    assert client.post(link).status_code == 200
    assert StockAlert.objects.get().state == "stopped", "what was stopped is not confirmed any more"


def test_the_answer_tells_nothing_of_the_address(client, mug):
    first = client.post(ASK, FORM).content
    StockAlert.objects.update(state="waiting", confirmed_at=timezone.now())
    assert client.post(ASK, {**FORM, "email": "ada@EXAMPLE.org"}).content.lower() == first.lower()
    assert StockAlert.objects.count() == 1


def test_one_letter_a_day_for_a_variant(client, mug):
    for _turn in range(3):
        client.post(ASK, FORM)
    assert Mail.objects.count() == 1


def test_one_address_is_not_flooded(mug):
    for number in range(actions.MOST_A_DAY + 5):
        make.variant(f"MUG-X{number}", stock_at={})
        actions.ask(email="ada@example.org", sku=f"MUG-X{number}", market=make.market("gb"), language="en")
    assert Mail.objects.count() == actions.MOST_A_DAY


def test_one_connection_cannot_ask_without_end(client, mug, monkeypatch):
    from shop.alerts.restock.limits import AlertThrottle

    monkeypatch.setattr(AlertThrottle, "rate", "2/hour", raising=False)
    assert [client.post(ASK, {**FORM, "email": f"{n}@example.org"}).status_code for n in range(3)] == [200, 200, 429]
    assert StockAlert.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"email": "ada"}, 422), ({"email": ""}, 422), ({"sku": ""}, 422), ({"sku": "NOPE"}, 404), ({"email": "a\x00@b.org"}, 422)],
)  # fmt: skip
def test_wrong_wishes(client, mug, changes, status):
    assert client.post(ASK, FORM | changes).status_code == status
    assert not StockAlert.objects.exists()


def test_another_sites_form_is_refused(client, mug):
    assert client.post(ASK, FORM, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


@pytest.mark.parametrize("token", ["x", "x" * 300, "%00"])
@pytest.mark.parametrize("verb", ["confirm", "stop"])
def test_unknown_links(client, mug, token, verb):
    assert client.get(f"/gb/en/alerts/{token}/{verb}/").status_code == 404
    assert client.post(f"/gb/en/alerts/{token}/{verb}/").status_code == 404


def test_stopping_ends_every_wish_of_the_address(mug):
    make.variant("MUG-2", stock_at={})
    for sku in ("MUG-1", "MUG-2"):
        actions.ask(email="ada@example.org", sku=sku, market=make.market("gb"), language="en")
    actions.ask(email="bob@example.org", sku="MUG-1", market=make.market("gb"), language="en")
    actions.stop(token=StockAlert.objects.filter(email="ada@example.org").first().token)
    assert set(StockAlert.objects.filter(email="ada@example.org").values_list("state", flat=True)) == {"stopped"}
    assert StockAlert.objects.get(email="bob@example.org").state == "asked"


def test_the_alert_bears_the_heads_of_one_click(mug):
    actions.ask(email="ada@example.org", sku="MUG-1", market=make.market("gb"), language="en")
    alert = actions.confirm(token=StockAlert.objects.get().token)
    make.balance(2, sku="MUG-1")
    from shop.alerts.restock.calling import call_waiters

    assert call_waiters() == 1
    assert sending.send(key=f"restock_alert:{alert.pk}")
    sent = outbox.outbox[-1]
    assert sent.extra_headers["List-Unsubscribe"] == f"<{actions.link(alert, 'stop')}>"
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_what_is_over_is_forgotten(mug):
    now = timezone.now()
    kept, gone = [], []
    for number, (state, fields, over) in enumerate(
        [
            ("asked", {"asked_at": actions.UNCONFIRMED_FOR}, True),
            ("waiting", {"confirmed_at": actions.WAITING_FOR}, True),
            ("told", {"told_at": actions.DONE_FOR}, True),
            ("stopped", {"stopped_at": actions.DONE_FOR}, True),
            ("asked", {"asked_at": actions.UNCONFIRMED_FOR}, False),
            ("waiting", {"confirmed_at": actions.WAITING_FOR}, False),
            ("told", {"told_at": actions.DONE_FOR}, False),
            ("stopped", {"stopped_at": actions.DONE_FOR}, False),
        ]
    ):
        one = StockAlert.objects.create(email=f"{number}@e.org", variant=mug, market=make.market("gb"), language="en")
        moved = timedelta(minutes=1) if over else -timedelta(minutes=1)
        times = {name: now - period - moved for name, period in fields.items()}
        StockAlert.objects.filter(pk=one.pk).update(**({"confirmed_at": now} | times), state=state)
        (gone if over else kept).append(one.pk)
    assert actions.forget() == len(gone)
    assert list(StockAlert.objects.order_by("pk").values_list("pk", flat=True)) == kept


@pytest.mark.django_db(transaction=True)
def test_asked_twice_at_once_is_one_wish(mug):
    gb = make.market("gb")
    all_at_once(lambda _n: str(actions.ask(email="ada@example.org", sku="MUG-1", market=gb, language="en")))
    assert StockAlert.objects.count() == Mail.objects.count() == 1


def test_without_the_index_there_would_be_two(mug):
    StockAlert.objects.create(email="a@e.org", variant=mug, market=make.market("gb"), language="en")
    with pytest.raises(IntegrityError), transaction.atomic():
        StockAlert.objects.create(email="A@E.org", variant=mug, market=make.market("gb"), language="en")


def test_the_page_of_a_sold_out_article_offers_it(client, mug):
    page = client.get(f"/gb/en/products/{mug.product.slug}/").content.decode()
    assert 'action="/gb/en/alerts/"' in page
    make.balance(3, sku="MUG-1")
    assert 'action="/gb/en/alerts/"' not in client.get(f"/gb/en/products/{mug.product.slug}/").content.decode()
