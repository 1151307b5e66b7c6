"""What the law wants agreed to: asked by country, refused without, kept with the order."""

import pytest

from shop.checkout.consents.asking import asked
from shop.checkout.consents.texts import TEXTS, ConsentKind, current
from shop.models import LegalPage, Market, Order, OrderConsent
from tests import factories as make
from tests.shop.storefront.test_checkout import form

pytestmark = pytest.mark.django_db
T, W, P = ConsentKind.TERMS, ConsentKind.WITHDRAWAL, ConsentKind.PIPL_TRANSFER


@pytest.mark.parametrize(("country", "boxes"), [("FR", [T, W]), ("GB", [T, W]), ("US", [T]), ("CN", [T, W, P])])
def test_each_country_asks_what_its_law_wants(country, boxes):
    assert asked(country) == boxes


def test_every_text_is_in_the_languages_of_the_shop():
    for one in TEXTS:
        assert set(one.texts) == {"en", "fr", "zh-hans", "ja"}
    assert len({one.version for one in TEXTS}) == len(TEXTS)


@pytest.fixture
def filled(web, shop_world):
    web.post("/gb/en/basket/add/", {"sku": "MUG-1"})
    return web


def test_boxes_are_never_ticked_before_and_an_order_without_says_where(filled):
    page = filled.get("/gb/en/checkout/").text
    assert 'name="consent_terms"' in page
    assert "checked" not in page.split('name="consent_terms"')[1].split(">")[0]
    data = form(page)
    del data["consent_terms"]
    answer = filled.post("/gb/en/checkout/", data)
    assert answer.status_code == 422
    assert 'href="#id_consent_terms"' in answer.text
    assert 'id="id_consent_terms_error"' in answer.text
    assert "Please tick this box to order." in answer.text
    # What she did tick stays ticked.
    assert "checked" in answer.text.split('name="consent_withdrawal_information"')[1].split(">")[0]
    assert not Order.objects.exists()


def test_a_wording_gone_by_is_asked_anew(filled):
    data = form(filled.get("/gb/en/checkout/").text) | {"consent_terms_version": "terms-2019-01"}
    answer = filled.post("/gb/en/checkout/", data)
    assert answer.status_code == 409
    assert "One of the texts to agree to has changed." in answer.text
    assert not Order.objects.exists()


def test_what_was_agreed_to_is_kept_with_version_language_and_pages(filled):
    market = Market.objects.get(code="gb")
    LegalPage.objects.create(
        market=market, kind="terms", language="en", version=3, valid_from="2026-01-01", title="Terms", body="Text."
    )
    assert filled.post("/gb/en/checkout/", form(filled.get("/gb/en/checkout/").text)).status_code == 303
    kept = OrderConsent.objects.filter(order=Order.objects.get())
    assert [(one.kind, one.version, one.language) for one in kept] == [
        (str(kind), current(kind).version, "en") for kind in (T, W)
    ]
    assert kept[0].text == "I have read the terms of sale and agree to them."
    assert kept[0].pages == [{"kind": "terms", "language": "en", "version": 3}]
    assert kept[0].agreed_at is not None


def test_china_has_a_box_of_its_own_for_the_transfer(web, shop_world):
    web.post("/cn/zh-hans/basket/add/", {"sku": "MUG-1"})
    page = web.get("/cn/zh-hans/checkout/").text
    assert 'name="consent_pipl_cross_border_transfer"' in page
    assert "本人单独同意：博物馆商店仅为收取货款" in page
    assert 'name="consent_pipl' not in web.get("/gb/en/checkout/").text


def test_what_was_and_what_is_stand_side_by_side_and_nothing_is_charged(filled, shop_world):
    data = form(filled.get("/gb/en/checkout/").text)
    data["shown"] = filled.get("/gb/en/checkout/").text.split('name="shown" value="')[1].split('"', maxsplit=1)[0]
    shop_world["plenty"].prices.filter(market__code="gb").update(amount="19.00")
    answer = filled.post("/gb/en/checkout/", data)
    assert answer.status_code == 409
    assert "What has changed" in answer.text
    for was, now in (("£18.00", "£19.00"), ("£22.95", "£23.95")):
        assert f"<del>{was}</del>" in answer.text
        assert f"<ins>{now}</ins>" in answer.text
    assert not Order.objects.exists()
    again = form(answer.text)
    assert filled.post("/gb/en/checkout/", again).status_code == 303
    assert str(Order.objects.get().total.normalize()) == "23.95"


def test_a_forged_comparison_is_left_out(filled):
    data = form(filled.get("/gb/en/checkout/").text) | {"shown": "forged:x", "expected_total": "1.00"}
    answer = filled.post("/gb/en/checkout/", data)
    assert answer.status_code == 409
    assert "What has changed" not in answer.text


def test_a_code_that_ended_at_the_last_moment_is_named_on_the_page(filled):
    code = make.promotion("SOON")
    filled.post("/gb/en/basket/codes/add/", {"code": "soon"})
    page = filled.get("/gb/en/checkout/").text
    assert "of which taken off by SOON" in page
    code.promotion.active = False
    code.promotion.save()
    answer = filled.post("/gb/en/checkout/", form(page))
    assert answer.status_code == 409
    assert "The code SOON has ended." in answer.text
    assert "It was taken out of the basket." in filled.get("/gb/en/basket/").text
