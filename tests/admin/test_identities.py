"""Buyers' identities in the admin: masked for all, revealed to managers with a reason, once and written down."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.roles import MANAGER, ensure_groups
from shop.crossborder.identities import actions
from shop.models import BuyerIdentity, IdentityAccess
from tests import factories as make

pytestmark = pytest.mark.django_db
NUMBER = "360426199101010071"
LIST = "/admin/shop/buyeridentity/"


@pytest.fixture
def kept() -> BuyerIdentity:
    return actions.record(declared=make.identity(), country="CN")


@pytest.fixture
def manager() -> Client:
    user = User.objects.create_user("maud", is_staff=True)
    user.groups.add(ensure_groups()[MANAGER])
    client = Client()
    client.force_login(user)
    return client


def reveal_url(row) -> str:
    return reverse("admin:shop_buyeridentity_reveal", args=[row.pk])


@pytest.mark.parametrize("who", ["desk", "onlooker", "manager", "root"])
def test_pages_show_the_mask_alone(request, kept, who):
    client = request.getfixturevalue(who)
    for page in (LIST, f"{LIST}{kept.pk}/change/", f"{LIST}?erased=kept&q=VT"):
        answer = client.get(page)
        assert answer.status_code == 200
        assert NUMBER not in answer.text
        assert "王小明" not in answer.text
        assert kept.digest not in answer.text
        assert kept.sealed_number not in answer.text
    assert "360•••••••••••••71" in client.get(LIST).text


def test_a_manager_reveals_with_a_reason(manager, kept):
    dialogue = manager.get(reveal_url(kept))
    assert NUMBER not in dialogue.text
    answer = manager.post(reveal_url(kept), {"_form_submitted": "1", "reason": "Customs asks about the parcel"})
    assert answer.status_code == 200
    assert NUMBER in answer.text
    assert "王小明" in answer.text
    assert "no-store" in answer["Cache-Control"]
    access = IdentityAccess.objects.get()
    assert (access.actor, access.reason) == ("maud", "Customs asks about the parcel")
    assert "Customs asks about the parcel" in manager.get(f"{LIST}{kept.pk}/change/").text
    assert "maud" in manager.get("/admin/shop/identityaccess/").text


@pytest.mark.parametrize("reason", ["", "   ", "x" * 251])
def test_without_a_reason_nothing_is_shown(manager, kept, reason):
    answer = manager.post(reveal_url(kept), {"_form_submitted": "1", "reason": reason})
    assert NUMBER not in answer.text
    assert not IdentityAccess.objects.exists()


@pytest.mark.parametrize("who", ["desk", "onlooker"])
def test_others_may_not_reveal(request, kept, who):
    answer = request.getfixturevalue(who).post(reveal_url(kept), {"_form_submitted": "1", "reason": "curious"})
    assert answer.status_code in {302, 403}
    assert NUMBER not in answer.text
    assert not IdentityAccess.objects.exists()


def test_an_erased_one_says_so(manager, kept):
    actions.erase_due(now=kept.keep_until)
    assert "Erased" in manager.get(f"{LIST}?erased=erased").text
    assert "It was erased on" in manager.post(reveal_url(kept), {"_form_submitted": "1", "reason": "too late"}).text
    assert timezone.now() < kept.keep_until


def test_nobody_adds_changes_or_deletes(root, kept):
    assert root.get(f"{LIST}add/").status_code == 403
    assert root.post(f"{LIST}{kept.pk}/delete/", {"post": "yes"}).status_code == 403
    assert root.post(f"{LIST}{kept.pk}/change/", {"masked": "x"}).status_code == 403
