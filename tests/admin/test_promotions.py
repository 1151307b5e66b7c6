"""Promotions in the admin: made with sensible fields, codes in batches, a spreadsheet of them."""

import csv
import io

import pytest
from django.urls import reverse

from shop.models import Promotion, PromotionCode
from tests import factories as make

pytestmark = pytest.mark.django_db
ADD = "admin:shop_promotion_add"


def entered(**changes):
    rows = {"money-TOTAL_FORMS": "1", "money-INITIAL_FORMS": "0", "money-0-currency": "GBP", "money-0-minimum": "20"}
    return {
        "name": "Spring",
        "kind": "percentage",
        "percent": "10",
        "active": "on",
        "starts_at_0": "2026-11-01",
        "starts_at_1": "00:00:00",
        "markets": [make.market("gb").pk],
        "categories": ["mugs"],
        "stacking": "exclusive",
        "position": "100",
        **rows,
        **changes,
    }


def test_a_merchandiser_makes_a_promotion_and_its_codes(desk):
    answer = desk.post(reverse(ADD), entered())
    assert answer.status_code == 302, answer.context["errors"]
    made = Promotion.objects.get()
    assert (made.categories, made.percent, made.money.get().minimum) == (["mugs"], 10, 20)
    page = reverse("admin:shop_promotion_make_codes", args=[made.pk])
    answer = desk.post(
        page, {"_form_submitted": "True", "count": "25", "name": "letter", "prefix": "spring", "limit": "1"}
    )
    assert answer.status_code == 302
    assert PromotionCode.objects.filter(promotion=made, batch="letter", limit=1).count() == 25
    sheet = desk.get(reverse("admin:shop_promotion_download_codes", args=[made.pk]))
    assert sheet["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(sheet.text)))
    assert len(rows) == 25
    assert all(row["code"].startswith("SPRING-") and row["used"] == "0" for row in rows)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"percent": ""}, "A percentage needs a number"),
        ({"percent": "101"}, "A percentage needs a number"),
        ({"kind": "amount", "percent": ""}, "Name what is taken off"),
        ({"money-0-amount": "5"}, "Only an amount off takes an amount"),
        ({"ends_at_0": "2026-10-01", "ends_at_1": "00:00:00"}, "It ends after it starts."),
    ],
)
def test_what_does_not_fit_is_said_at_the_form(desk, changes, said):
    answer = desk.post(reverse(ADD), entered(**changes))
    assert answer.status_code == 200
    assert said in answer.text
    assert not Promotion.objects.exists()


def test_a_code_typed_by_hand_is_kept_in_capitals(desk):
    promotion = make.promotion("BASE").promotion
    page = reverse("admin:shop_promotioncode_add")
    assert desk.post(page, {"promotion": promotion.pk, "code": "hello 24", "limit": ""}).status_code == 302
    assert PromotionCode.objects.filter(code="HELLO24").exists()
    answer = desk.post(page, {"promotion": promotion.pk, "code": "-x", "limit": ""})
    assert "no hyphen first" in answer.text


def test_a_viewer_makes_no_codes(viewer):
    promotion = make.promotion("BASE").promotion
    page = reverse("admin:shop_promotion_make_codes", args=[promotion.pk])
    assert viewer.post(page, {"_form_submitted": "True", "count": "5", "name": "x", "limit": "1"}).status_code == 403
    assert PromotionCode.objects.count() == 1
