"""Command, task, fetching, quote, admin page and demo seed."""

import io
from datetime import timedelta
from decimal import Decimal

import httpx
import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.messages import get_messages
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from config.roles import MERCHANDISER, ensure_groups
from shop.checkout.exchange import ReferenceRates
from shop.crossborder.exchange import actions, fetching, queries, tasks
from shop.demo.seed import exchange as seed
from shop.models import ExchangeRate, PricePolicy, PriceSuggestion
from tests import factories as make
from tests.shop.crossborder.exchange.files import file

pytestmark = pytest.mark.django_db
PAGE = "/admin/shop/exchangerate/"


def today(days: int = 0) -> str:
    return (timezone.localdate() + timedelta(days)).isoformat()


def serve(content: bytes = b"", status: int = 200, **headers: str) -> httpx.Client:
    return httpx.Client(
        transport=httpx.MockTransport(lambda _request: httpx.Response(status, content=content, headers=headers))
    )


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("import_rates", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_reads_files_and_standard_input(tmp_path, monkeypatch):
    path = tmp_path / "rates.xml"
    path.write_bytes(file(today(), USD="1.1"))
    assert run(str(path)) == "1 rates new, 0 as before, 0 corrected, 0 held.\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(path.read_bytes())))
    assert run("-") == "0 rates new, 1 as before, 0 corrected, 0 held.\n"


def test_the_command_refuses_in_a_sentence(tmp_path, settings):
    bad = tmp_path / "bad.xml"
    bad.write_bytes(b"<html/>")
    settings.ECB_RATES_URL = ""
    for arguments, words in (
        ([str(bad)], "gesmes:Envelope was expected"),
        ([str(tmp_path / "none.xml")], "cannot be read: No such file"),
        (["--fetch"], "ECB_RATES_URL is empty"),
        ([], "required"),
        ([str(bad), "--fetch"], "not allowed"),
    ):
        with pytest.raises(CommandError, match=words) as told:
            run(*arguments)
        assert told.value.returncode == 1


def test_fetching_is_https_and_bounded(monkeypatch):
    assert fetching.fetch("https://bank.example/rates.xml", client=serve(b"<x/>")) == b"<x/>"
    for url in ("http://bank.example/x", "file:///etc/passwd", "https://", ""):
        with pytest.raises(fetching.RatesUnavailable, match="https address only"):
            fetching.fetch(url)
    for status in (302, 404, 503):
        with pytest.raises(fetching.RatesUnavailable, match=f"HTTP {status}"):
            fetching.fetch("https://bank.example/x", client=serve(status=status, location="http://127.0.0.1/"))
    monkeypatch.setattr(fetching, "LARGEST", 4)
    with pytest.raises(fetching.RatesUnavailable, match="larger than"):
        fetching.fetch("https://bank.example/x", client=serve(b"12345"))


def test_a_bank_that_is_silent_or_away_is_named():
    def fail(error: type[httpx.TransportError]) -> httpx.Client:
        def answer(_request: httpx.Request) -> httpx.Response:
            raise error("no")

        return httpx.Client(transport=httpx.MockTransport(answer))

    for error, words in ((httpx.ReadTimeout, "in time"), (httpx.ConnectError, "cannot be reached")):
        with pytest.raises(fetching.RatesUnavailable, match=words):
            fetching.fetch("https://bank.example/x", client=fail(error))


def test_the_task_imports_and_leaves_what_failed_for_the_next_run(settings, monkeypatch):
    settings.ECB_RATES_URL = ""
    tasks.fetch_rates()
    settings.ECB_RATES_URL = "https://bank.example/x"
    for content, kept in ((b"<html/>", 0), (file(today(), USD="1.1"), 1)):
        monkeypatch.setattr(fetching, "fetch", lambda _url, content=content: content)
        tasks.fetch_rates()
        assert ExchangeRate.objects.count() == kept


def test_a_quote_asks_once_and_has_no_table_without_rates(django_assert_num_queries):
    with pytest.raises(LookupError):
        ReferenceRates(timezone.localdate()).rate("GBP", "USD")
    seed.seed()
    rates = ReferenceRates(timezone.localdate() + timedelta(2))
    with django_assert_num_queries(1):
        assert rates.rate("GBP", "USD") == Decimal("1.25")
        assert rates.day_of("GBP", "USD") == rates.on == timezone.localdate()


def test_the_demo_is_never_out_of_date_and_leaves_what_is_there(monkeypatch):
    seed.seed()
    count = ExchangeRate.objects.count()
    assert count == len(seed.RATES)
    seed.seed()
    assert ExchangeRate.objects.count() == count
    later = timezone.localdate() + timedelta(7)
    monkeypatch.setattr(timezone, "localdate", lambda *_args: later)
    assert queries.staleness(later).old
    seed.seed()
    assert ExchangeRate.objects.filter(on=later, state="accepted").count() == count
    assert not queries.staleness(later).old


@pytest.fixture
def clerk() -> Client:
    user = User.objects.create_user("mina", is_staff=True)
    user.groups.add(ensure_groups()[MERCHANDISER])
    client = Client()
    client.force_login(user)
    return client


def said(answer) -> str:
    return str(list(get_messages(answer.wsgi_request))[-1])


@pytest.fixture
def held() -> ExchangeRate:
    for days, rate in ((-7, "1"), (-6, "1.3"), (-5, "1.31")):
        actions.import_ecb(content=file(today(days), USD=rate), actor="test")
    return ExchangeRate.objects.filter(state="held").earliest("on")


def test_the_list_reads_well(clerk, held):
    page = clerk.get(PAGE).content.decode()
    for text in ("Exchange rates", "USD", "1.31", "Held", "Accepted", "7 days", "European Central Bank", "estimates"):
        assert text in page, text
    for query in ("state__exact=held", "kind__exact=reference", "origin__exact=manual", "q=USD", "e=1"):
        assert clerk.get(f"{PAGE}?{query}").status_code in {200, 302}, query
    assert "Moved by +30.0 %" in clerk.get(f"{PAGE}{held.pk}/change/").content.decode()


def test_confirm_and_reject_on_the_page(clerk, held):
    assert clerk.get(f"{PAGE}{held.pk}/confirm/").status_code == 200  # the dialogue; nothing happens yet
    held.refresh_from_db()
    assert held.state == "held"
    answer = clerk.post(f"{PAGE}{held.pk}/confirm/", {"_form_submitted": "True"})
    assert said(answer) == "2 rates accepted."
    answer = clerk.post(f"{PAGE}{held.pk}/confirm/", {"_form_submitted": "True"})
    assert "Accepted already" in said(answer)
    answer = clerk.post(f"{PAGE}{held.pk}/reject/", {"_form_submitted": "True"})
    assert said(answer) == "1 rates rejected."
    held.refresh_from_db()
    assert (held.state, held.confirmed_by) == ("rejected", "mina")


def test_decide_on_several(clerk, held):
    both = list(ExchangeRate.objects.filter(state="held").values_list("pk", flat=True))
    answer = clerk.post(PAGE, {"action": "reject_chosen", "_selected_action": both})
    assert said(answer) == "2 rates rejected."
    answer = clerk.post(PAGE, {"action": "confirm_chosen", "_selected_action": both})
    assert said(answer) == "2 rates accepted."


def test_a_rate_set_by_hand_on_the_page(clerk):
    told = {
        "currency": "usd",
        "per_eur": "1.2345",
        "kind": "customs",
        "on": today(),
        "source": "HMRC",
        "reason": "Month",
    }
    assert clerk.get(f"{PAGE}add/").status_code == 200
    assert clerk.post(f"{PAGE}add/", told).status_code == 302
    row = ExchangeRate.objects.get()
    assert (row.currency, row.per_eur, row.origin, row.confirmed_by) == ("USD", Decimal("1.2345"), "manual", "mina")
    for wrong, words in (
        ({"currency": "QQQ"}, "not a currency"), ({"currency": "EUR"}, "other than EUR"), ({"per_eur": "0"}, "above zero"),
        ({"per_eur": "x"}, "Enter a number"), ({"reason": " "}, "required"), ({"on": today(1)}, "today or a day before"),
    ):  # fmt: skip
        answer = clerk.post(f"{PAGE}add/", told | wrong)
        assert answer.status_code == 200
        assert words in answer.content.decode(), wrong
    assert ExchangeRate.objects.count() == 1


def test_who_may_only_look_cannot_act(held):
    user = User.objects.create_user("otto", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client = Client()
    client.force_login(user)
    assert client.get(PAGE).status_code == 200
    assert client.get(f"{PAGE}{held.pk}/change/").status_code == 200
    assert client.get(f"{PAGE}add/").status_code == 403
    for path in ("confirm", "reject"):
        assert client.post(f"{PAGE}{held.pk}/{path}/", {"_form_submitted": "True"}).status_code == 403
    held.refresh_from_db()
    assert held.state == "held"


def test_the_list_does_not_ask_more_for_more_rows(clerk):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for days in (-3, -2, -1):
        actions.import_ecb(content=file(today(days), USD="1", GBP="1", JPY="1", CHF="1"), actor="t")
        with CaptureQueriesContext(connection) as statements:
            clerk.get(PAGE)
        counts.append(len(statements))
    assert counts[1] == counts[2]


def test_prices_are_suggested_from_the_reference_rates():
    make.variant("MUG-1", prices={"gb": "18.00"})
    french = make.market("fr")
    PricePolicy.objects.create(market=french, base_market=make.market("gb"), endings=[Decimal(0)])
    ExchangeRate.objects.all().delete()
    with pytest.raises(CommandError, match="no rates of exchange"):
        call_command("suggest_prices", "fr")
    seed.seed()
    out = io.StringIO()
    call_command("suggest_prices", "fr", stdout=out)
    assert out.getvalue().startswith("1 prices suggested")
    suggestion = PriceSuggestion.objects.get()
    assert (suggestion.rate, suggestion.rate_on) == (Decimal("1.1363636364"), timezone.localdate())
    assert suggestion.amount == 20  # 18 / 0.88 = 20.45
