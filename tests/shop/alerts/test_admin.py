"""The letters in the admin: shown as they went or would go, in a frame that can do nothing, and sent at a press."""

import pytest
from django.contrib.auth.models import User
from django.core import mail as outbox
from django.urls import reverse

from shop.alerts import sending
from shop.alerts.letters import KINDS
from shop.alerts.mail import write
from shop.models import Mail
from tests.admin.test_actions import press
from tests.shop.alerts.samples import FACTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(User.objects.create_superuser("ada", "ada@example.org", "x"))
    return client


@pytest.fixture
def letter():
    write(kind="order_paid", key="k", to="bob@example.org", language="en", facts=FACTS["order_paid"])
    return Mail.objects.get()


def test_a_letter_is_shown_in_a_frame_that_can_do_nothing(desk, letter):
    page = desk.get(reverse("admin:shop_mail_change", args=[letter.pk])).content.decode()
    assert "<iframe sandbox title=" in page
    assert "Payment received for order VT-2026-000123" in page
    assert "<b>镇纸</b>" not in page


def test_send_now_sends_again(desk, letter):
    sending.send(key="k")
    assert press(desk, "shop_mail", letter, "send-now").status_code == 302
    sending.send_due()
    assert len(outbox.outbox) == 2


def test_the_list_names_what_failed(desk, letter):
    Mail.objects.update(state="failed", last_error="550 no such user")
    page = desk.get(reverse("admin:shop_mail_changelist")).content.decode()
    assert "550 no such user" in page


def test_a_letter_with_a_code_is_shown_to_nobody(desk):
    facts = {"code": "QX7-LM2"}
    for kind in (one for one, known in KINDS.items() if known.secret):
        mail = Mail.objects.create(
            kind=kind, key=kind, recipient="bob@example.org", language="en", facts=facts, html="QX7-LM2", text="QX7-LM2"
        )
        page = desk.get(reverse("admin:shop_mail_change", args=[mail.pk])).content.decode()
        assert "QX7-LM2" not in page
        assert "for its recipient alone" in page
