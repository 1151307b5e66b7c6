"""The address at checkout follows the country; customs' question appears where customs asks it."""

import re
from html.parser import HTMLParser

import pytest

from shop.crossborder.identities.consent import current_consent
from shop.crossborder.identities.numbers import NumberKind
from shop.models import BuyerIdentity, Market, Order
from tests import factories as make
from tests.shop.storefront.furnishing import AGREED

pytestmark = pytest.mark.django_db
COUNTRIES = ["GB", "US", "JP", "CN", "KR", "HK", "CH"]
NUMBER = "360426199101010071"


class Form(HTMLParser):
    """The inputs of a page with their labels, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.attributes: dict[str, dict[str, str | None]] = {}
        self.options: dict[str, list[str]] = {}
        self._select = ""
        self.feed(page)
        self.labels = {
            name: " ".join(re.sub(r"<[^>]+>", " ", words).split())
            for name, words in re.findall(r'<label for="id_(\w+)">(.*?)</label>', page, re.DOTALL)
        }

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        name = found.get("name")
        if tag in {"input", "select"} and name and found.get("type") != "radio":
            self.attributes[name] = found
            self.values[name] = found.get("value") or ""
        if tag == "select":
            self._select = name
            self.options[name] = []
        if tag == "option":
            self.options[self._select].append(found["value"])
            if "selected" in found:
                self.values[self._select] = found["value"]

    @property
    def address(self) -> list[str]:
        names = list(self.values)
        return names[names.index("address_country") + 1 : names.index("phone") + 1]


@pytest.fixture
def world_shop(web, shop_world):
    """A basket in a market that sends to everybody."""
    Market.objects.filter(code="gb").update(countries=COUNTRIES)
    make.agreement("LIC-2")
    web.post("/gb/en/basket/add/", {"sku": "MUG-1", "quantity": "1"})
    return web


def shown(web, country: str, language: str = "en", **typed: str) -> Form:
    """The form after choosing the country."""
    answer = web.post(f"/gb/{language}/checkout/", {"intent": "update", "country": country, **typed})
    assert answer.status_code == 200
    return Form(answer.text)


@pytest.mark.parametrize(
    ("country", "language", "fields", "labels"),
    [
        ("GB", "en", "name company line1 line2 city postcode phone",
         {"postcode": "Postcode", "city": "Town or city", "phone": "Telephone (optional)", "company": "Company (optional)"}),
        ("US", "en", "name company line1 line2 city region postcode phone", {"postcode": "ZIP code", "region": "State"}),
        ("JP", "ja", "name company postcode region city line1 line2 phone",
         {"postcode": "郵便番号", "region": "都道府県", "city": "市区町村", "line1": "町名・番地", "phone": "電話番号"}),
        ("JP", "en", "name company line1 line2 city region postcode phone", {"region": "Prefecture", "phone": "Telephone"}),
        ("CN", "zh-hans", "name company region city district line1 line2 postcode phone",
         {"region": "省份", "district": "区 / 县 (选填)", "line1": "街道、门牌号"}),
        ("KR", "fr", "name company line1 line2 district city region postcode phone",
         {"region": "Province ou ville métropolitaine", "postcode": "Code postal"}),
        ("HK", "en", "name company line1 line2 city region phone", {"region": "Area", "city": "District (optional)"}),
        ("CH", "fr", "name company line1 line2 postcode city phone", {"postcode": "Code postal"}),
    ],
)  # fmt: skip
def test_fields_labels_and_order_follow_the_country(world_shop, country, language, fields, labels):
    form = shown(world_shop, country, language)
    assert form.address == fields.split()
    assert {name: form.labels[name] for name in labels} == labels
    assert form.values["address_country"] == form.values["country"] == country


@pytest.mark.parametrize(
    ("country", "language", "count", "some"),
    [
        ("US", "en", 63, "CA"),
        ("JP", "ja", 48, "13"),
        ("CN", "zh-hans", 32, "33"),
        ("KR", "en", 18, "11"),
        ("HK", "en", 4, "Kowloon"),
    ],
)
def test_regions_are_chosen_from_a_list(world_shop, country, language, count, some):
    form = shown(world_shop, country, language)
    assert len(form.options["region"]) == count
    assert form.options["region"][0] == ""
    assert some in form.options["region"]


def test_regions_are_named_in_the_script_of_the_reader(world_shop):
    def page(language):
        return world_shop.post(f"/gb/{language}/checkout/", {"intent": "update", "country": "JP"}).text

    assert '<option value="13">東京都</option>' in page("ja")
    assert '<option value="13">東京都</option>' in page("zh-hans")
    assert '<option value="13">Tokyo</option>' in page("en")


def test_what_was_typed_comes_back_and_a_foreign_region_does_not(world_shop):
    typed = {
        "name": "Ada",
        "line1": "1 St",
        "city": "Town",
        "postcode": "8001",
        "region": "CA",
        "address_country": "US",
    }
    form = shown(world_shop, "CH", **typed)
    assert {name: form.values[name] for name in ("name", "line1", "city", "postcode")} == {
        "name": "Ada", "line1": "1 St", "city": "Town", "postcode": "8001",
    }  # fmt: skip
    again = shown(world_shop, "US", **typed)
    assert again.values["region"] == "CA"
    assert shown(world_shop, "JP", **typed).values["region"] == ""
    # Hong Kong has no postcode: it travels hidden, so that it is there again after another change.
    assert shown(world_shop, "HK", **typed).attributes["postcode"]["type"] == "hidden"


def test_htmx_gets_the_parts_it_swaps(world_shop):
    page = world_shop.post(
        "/gb/en/checkout/", {"intent": "update", "country": "US"}, headers={"hx-request": "true"}
    ).text
    for part in ("summary", "address-fields", "identity-fields", "checkout-problems", "total-status"):
        assert page.count(f'id="{part}"') == 1
    swapped = re.search(r'<select name="country".*?hx-select-oob="([^"]+)"', page).group(1)
    assert {one.split(":")[0] for one in swapped.split(",")} == {
        "#total-status", "#address-fields", "#identity-fields", "#checkout-problems", "#deliveries",
    }  # fmt: skip


def order_data(web, country: str, language: str = "en", **changes: str) -> dict[str, str]:
    form = shown(web, country, language)
    typed = {key: value for key, value in make.address(country).items() if key != "region"}
    region = {"US": "NY", "JP": "13", "CN": "33", "KR": "11", "HK": "Kowloon"}.get(country)
    return (
        form.values | AGREED | {"email": "ada@example.org", "shipping_option": "standard"} | typed
        | ({"region": region} if region else {}) | changes
    )  # fmt: skip


@pytest.mark.parametrize("country", ["GB", "US", "JP", "HK", "CH"])
def test_an_order_keeps_the_address_as_its_country_writes_it(world_shop, country):
    answer = world_shop.post("/gb/en/checkout/", order_data(world_shop, country))
    assert answer.status_code == 303, Form(answer.text).values
    order = Order.objects.get()
    assert order.identity is None
    assert order.ship_to["country"] == country
    if country == "JP":
        assert order.ship_to["phone"] == "+81338221111"
        page = world_shop.get(f"/orders/{order.token}/").text
        assert "台東区, Tokyo" in page
    if country == "HK":
        assert "postcode" not in order.ship_to


@pytest.mark.parametrize(
    ("country", "field", "value", "words"),
    [
        ("GB", "postcode", "12345", "here it looks like EC1Y 8SY."),
        ("US", "postcode", "1002", "here it looks like 95014."),
        ("US", "postcode", "94105", "This postcode does not lie in New York."),
        ("US", "region", "", "Please fill this in."),
        ("US", "region", "XX", "Please choose one of the list."),
        ("JP", "phone", "", "Please fill this in."),
        ("JP", "phone", "12", "here it looks like 090-1234-5678."),
        ("CH", "city", "", "Please fill this in."),
        ("GB", "line1", "a\u202eb", "Please leave out control characters."),
    ],
)
def test_a_problem_stands_beside_its_field(world_shop, country, field, value, words):
    answer = world_shop.post("/gb/en/checkout/", order_data(world_shop, country, **{field: value}))
    assert answer.status_code == 422
    error = re.search(rf'<p class="field__error" id="id_{field}_error">(.*?)</p>', answer.text, re.DOTALL)
    assert error
    assert words in error.group(1)
    form = Form(answer.text)
    assert form.attributes[field]["aria-invalid"] == "true"
    assert f"id_{field}_error" in form.attributes[field]["aria-describedby"]
    assert not Order.objects.exists()


def test_without_javascript_a_region_of_another_country_is_asked_again(world_shop):
    data = order_data(world_shop, "US", region="CA") | {"country": "JP"}
    answer = world_shop.post("/gb/en/checkout/", data)
    assert answer.status_code == 422
    form = Form(answer.text)
    assert form.address == ["name", "company", "line1", "line2", "city", "region", "postcode", "phone"]
    assert form.values["region"] == ""
    assert form.values["address_country"] == "JP"


IDENTITY = {"identity_number": NUMBER, "identity_name": "王小明", "identity_consent": "on"}


@pytest.mark.parametrize(
    ("language", "legend", "consent"),
    [
        ("en", "Identity for customs", "I give my separate consent"),
        ("fr", "Identité pour la douane", "consentement distinct"),
        ("zh-hans", "通关身份信息", "本人单独同意"),
        ("ja", "通関用の本人情報", "個別に同意します"),
    ],
)
def test_china_asks_who_the_buyer_is_in_each_language(world_shop, language, legend, consent):
    page = world_shop.post(f"/gb/{language}/checkout/", {"intent": "update", "country": "CN"}).text
    assert legend in page
    assert consent in page
    assert current_consent(NumberKind.CN_RESIDENT_ID).version in page


def test_korea_asks_for_its_code_and_others_ask_nothing(world_shop):
    korea = shown(world_shop, "KR")
    assert korea.labels["identity_number"] == "Personal customs clearance code"
    for country in ("GB", "US", "JP", "HK", "CH"):
        assert "identity_number" not in shown(world_shop, country).values


def test_an_order_to_china_keeps_the_identity_sealed(world_shop):
    data = order_data(world_shop, "CN", "zh-hans", **IDENTITY)
    first = world_shop.post("/gb/zh-hans/checkout/", data)
    second = world_shop.post("/gb/zh-hans/checkout/", data)
    assert first.status_code == second.status_code == 303
    order, row = Order.objects.get(), BuyerIdentity.objects.get()
    assert order.identity == row
    assert row.masked == "360•••••••••••••71"
    assert NUMBER not in str(order.__dict__)
    page = world_shop.get(f"/orders/{order.token}/").text
    assert NUMBER not in page
    assert "浙江省杭州市" in page


def test_an_order_to_korea_keeps_its_code(world_shop):
    data = order_data(world_shop, "KR", identity_number="p123456789012", identity_name="김하나", identity_consent="on")
    assert world_shop.post("/gb/en/checkout/", data).status_code == 303
    assert BuyerIdentity.objects.get().masked == "P12••••••••12"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"identity_number": ""}, "number", "Please fill this in."),
        ({"identity_number": NUMBER[:-1] + "2"}, "number", "One of the digits is wrong."),
        ({"identity_number": "12345"}, "number", "the number has 18 characters"),
        ({"identity_name": ""}, "name", "Please fill this in."),
        ({"identity_consent": ""}, "consent", "Without your consent"),
        ({"identity_consent_version": "cn-resident-id-1999-01"}, "consent", "has changed"),
    ],
)
def test_what_is_wrong_with_the_identity_stands_beside_it(world_shop, changes, field, words):
    answer = world_shop.post("/gb/en/checkout/", order_data(world_shop, "CN", **IDENTITY | changes))
    assert answer.status_code == 422
    error = re.search(rf'id="id_identity_{field}_error">(.*?)</p>', answer.text, re.DOTALL)
    assert error
    assert words in error.group(1)
    assert not Order.objects.exists()
    assert not BuyerIdentity.objects.exists()


def test_nothing_is_kept_of_an_identity_when_the_order_fails(world_shop):
    data = order_data(world_shop, "CN", **IDENTITY) | {"expected_total": "1.00"}
    assert world_shop.post("/gb/en/checkout/", data).status_code == 409
    assert not BuyerIdentity.objects.exists()


def test_pages_with_a_number_are_not_stored(world_shop):
    answer = world_shop.post("/gb/en/checkout/", {"intent": "update", "country": "CN", **IDENTITY})
    assert NUMBER in answer.text
    assert "no-store" in answer["Cache-Control"]
