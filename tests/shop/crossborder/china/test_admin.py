"""The pages of filings: badges, timeline, masked messages, and what a person may do."""

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.messages import get_messages
from django.test import Client, override_settings
from django.urls import reverse

from config.roles import MERCHANDISER, ensure_groups
from shop.crossborder.china import actions
from tests.shop.crossborder.china.facts import CARRIER, WANG, request
from tests.shop.crossborder.china.world import now_at, poll, send

pytestmark = pytest.mark.django_db
REGISTER = {
    "platform_code": "3301960P01", "platform_name": "P", "merchant_code": "3301960M02", "merchant_name": "M",
    "pay_code": "3301960Z03", "pay_name": "Z", "logistics_code": CARRIER.code, "logistics_name": CARRIER.name,
    "transfer_code": "3301960M02", "transfer_name": "M", "dxp_id": "DXP1",
}  # fmt: skip


@pytest.fixture
def clerk() -> Client:
    user = User.objects.create_user("mina", is_staff=True)
    user.groups.add(ensure_groups()[MERCHANDISER])
    client = Client()
    client.force_login(user)
    return client


def act(client: Client, filing, path: str, **fields):
    url = f"/admin/shop/customsfiling/{filing.pk}/{path}/"
    return client.post(url, {"_form_submitted": "True", **fields})


def said(answer) -> str:
    return str(list(get_messages(answer.wsgi_request))[-1])


def test_a_filing_reads_well(clerk, customs):
    filing = actions.file(request())
    customs.fault(refuse="S107", kind="logistics")
    send(customs)
    customs.clock.forward(seconds=11)
    poll(customs)
    page = clerk.get("/admin/shop/customsfiling/").content.decode()
    for text in ("VT-2026-000123", "Needs a person", "Refused", "Sent", "CN¥449.49"):
        assert text in page, text
    detail = clerk.get(reverse("admin:shop_customsfiling_change", args=[filing.pk])).content.decode()
    for text in (
        "CEB311",
        "CEB411",
        "CEB511",
        "acturalPaid",
        "••••",
        "新增申报成功",
        "Correct the waybill or the order",
    ):
        assert text in detail, text
    assert WANG.number not in detail
    assert "China customs" in detail


def test_send_again_and_waybill(clerk, customs):
    filing = actions.file(request(waybill=False))
    assert "nothing to send again" in said(act(clerk, filing, "send-again"))
    with override_settings(CHINA_CUSTOMS=REGISTER):
        answer = act(clerk, filing, "enter-waybill", number="SF9", weight="0.8", packs="1")
    assert said(answer) == "The waybill is filed."
    assert now_at(filing).documents.get(kind="logistics").number == "SF9"
    with override_settings(CHINA_CUSTOMS=REGISTER):
        answer = act(clerk, filing, "enter-waybill", number="SF9", weight="0", packs="1")
    assert "/logistics/weight" in said(answer)
    customs.fault(refuse="S107", kind="logistics")
    send(customs)
    customs.clock.forward(seconds=11)
    poll(customs)
    assert said(act(clerk, filing, "send-again")) == "1 documents are sent again."
    assert now_at(filing).state == "open"


def test_without_numbers_in_the_register_the_page_says_which(clerk):
    filing = actions.file(request(waybill=False))
    with override_settings(CHINA_CUSTOMS=REGISTER | {"dxp_id": ""}):
        answer = act(clerk, filing, "enter-waybill", number="SF9", weight="0.8", packs="1")
    assert "CHINA_CUSTOMS_DXP_ID" in said(answer)


def test_who_may_only_look_cannot_act():
    filing = actions.file(request())
    user = User.objects.create_user("otto", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client = Client()
    client.force_login(user)
    assert client.get(f"/admin/shop/customsfiling/{filing.pk}/change/").status_code == 200
    for path in ("send-again", "enter-waybill"):
        assert act(client, filing, path).status_code == 403


def test_filters_and_search_answer(clerk):
    actions.file(request())
    for query in ("q=VT-2026", "q=SF", "state__exact=open", "trouble=refused", "trouble=failed"):
        assert clerk.get(f"/admin/shop/customsfiling/?{query}").status_code == 200, query
