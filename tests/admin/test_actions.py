"""What the admin's actions do, refuse and say."""

import json
from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from config.roles import MERCHANDISER, ensure_groups
from inventory.models import Balance, Movement
from licensing.models import Agreement, AgreementVersion, Grant
from shop.models import ChannelOrder, Listing, MuseumObject, Order, Payment, Product, Refund, StripeEvent, TaxRule
from tests import factories
from tests.admin.conftest import fill, place
from tests.admin.furnishing_rules import furnish_rules


def said(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def press(client, model: str, row, path: str, **fields):
    """Open an action's dialogue, then submit it."""
    url = f"{reverse(f'admin:{model}_change', args=[row.pk])}".removesuffix("change/") + f"{path}/"
    opened = client.get(url)
    assert opened.status_code == 200
    return client.post(url, {"_form_submitted": "True", **fields})


@pytest.fixture
def balance(db) -> Balance:
    return factories.balance(5, sku="MUG-1")


# --- Stock ----------------------------------------------------------------------------------------------------------


def test_receiving_adds_units_under_the_persons_name(desk, balance):
    answer = press(
        desk, "inventory_balance", balance, "receive-units", quantity=7, cause="note 4711", cause_key=uuid4()
    )
    assert answer.status_code == 302
    assert said(answer) == "Received; 12 units on hand."
    movement = Movement.objects.latest("id")
    assert (movement.kind, movement.on_hand_delta, movement.cause, movement.actor) == (
        "receive",
        7,
        "note 4711",
        "mina",
    )


def test_the_same_form_sent_twice_receives_once(desk, balance):
    key = uuid4()
    for _time in range(2):
        press(desk, "inventory_balance", balance, "receive-units", quantity=7, cause="note", cause_key=key)
    balance.refresh_from_db()
    assert balance.on_hand == 12
    assert Movement.objects.filter(cause_key=f"admin:{key}").count() == 1


def test_each_opened_form_has_a_key_of_its_own(desk, balance):
    url = f"/admin/inventory/balance/{balance.pk}/receive-units/"
    keys = {str(desk.get(url).content).split('name="cause_key" value="')[1].split('"')[0] for _time in range(2)}
    assert len(keys) == 2


@pytest.mark.parametrize("quantity", ["0", "-1", "1000001", "x", "1.5", ""])
def test_a_wrong_quantity_is_a_form_error(desk, balance, quantity):
    answer = press(desk, "inventory_balance", balance, "receive-units", quantity=quantity, cause="x", cause_key=uuid4())
    assert answer.status_code == 200
    assert 'id="dialog-form"' in answer.content.decode()
    assert "error" in answer.content.decode()
    balance.refresh_from_db()
    assert balance.on_hand == 5


def test_opening_a_dialogue_changes_nothing(desk, balance):
    desk.get(
        f"/admin/inventory/balance/{balance.pk}/receive-units/", {"quantity": 7, "cause": "x", "cause_key": uuid4()}
    )
    balance.refresh_from_db()
    assert balance.on_hand == 5


def test_htmx_is_led_back_to_where_the_dialogue_was_opened(desk, balance):
    answer = desk.post(
        f"/admin/inventory/balance/{balance.pk}/receive-units/",
        {"_form_submitted": "True", "quantity": 1, "cause": "x", "cause_key": uuid4()},
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/admin/inventory/balance/?q=MUG"},
    )
    assert answer.headers["HX-Redirect"] == "/admin/inventory/balance/?q=MUG"


def test_a_count_is_corrected(desk, balance):
    answer = press(desk, "inventory_balance", balance, "correct-count", delta=-2, cause="count", cause_key=uuid4())
    assert said(answer) == "Corrected; 3 units on hand."


def test_a_correction_below_zero_is_a_form_error(desk, balance):
    answer = press(desk, "inventory_balance", balance, "correct-count", delta=-6, cause="count", cause_key=uuid4())
    assert answer.status_code == 200
    assert "fewer units would remain than are claimed" in answer.content.decode()
    balance.refresh_from_db()
    assert balance.on_hand == 5


def test_a_correction_by_zero_is_a_form_error(desk, balance):
    answer = press(desk, "inventory_balance", balance, "correct-count", delta=0, cause="count", cause_key=uuid4())
    assert "corrects nothing" in answer.content.decode()


def test_an_unknown_balance_is_not_found(desk):
    url = "/admin/inventory/balance/999/receive-units/"
    form = {"_form_submitted": "True", "quantity": 1, "cause": "x", "cause_key": uuid4()}
    assert desk.post(url, form).status_code == 404
    assert desk.post(url.replace("999", "x"), form).status_code == 404


def test_who_may_only_look_cannot_act(onlooker, balance):
    for path in ("receive-units", "correct-count"):
        assert onlooker.get(f"/admin/inventory/balance/{balance.pk}/{path}/").status_code == 403
        assert onlooker.post(f"/admin/inventory/balance/{balance.pk}/{path}/").status_code == 403


def _balance_form(**fields) -> dict[str, str]:
    return {
        "safety": "0",
        "backorder_limit": "0",
        "movements-TOTAL_FORMS": "0",
        "movements-INITIAL_FORMS": "0",
        **fields,
    }


def test_safety_is_set_and_quantities_are_not(desk, balance):
    url = reverse("admin:inventory_balance_change", args=[balance.pk])
    answer = desk.post(url, _balance_form(safety="2", on_hand="99", held="9"))
    assert answer.status_code == 302
    balance.refresh_from_db()
    assert (balance.safety, balance.on_hand, balance.held) == (2, 5, 0)


def test_a_negative_safety_is_a_form_error(desk, balance):
    url = reverse("admin:inventory_balance_change", args=[balance.pk])
    answer = desk.post(url, _balance_form(safety="-1"))
    assert answer.status_code == 200
    assert "balance_not_negative" in answer.content.decode()


def test_a_backorder_limit_below_what_is_claimed_is_a_form_error(desk, balance):
    Balance.objects.filter(pk=balance.pk).update(backorder_limit=10, held=8)
    url = reverse("admin:inventory_balance_change", args=[balance.pk])
    answer = desk.post(url, _balance_form(backorder_limit="1"))
    assert answer.status_code == 200
    assert "balance_claims_within_stock" in answer.content.decode()


def test_saving_never_writes_back_a_quantity_that_moved_meanwhile(desk, balance, monkeypatch):
    from inventory.stock.forms import BalanceForm

    def while_typing(form):
        Balance.objects.filter(pk=balance.pk).update(on_hand=40)
        return form.cleaned_data

    monkeypatch.setattr(BalanceForm, "clean", while_typing)
    url = reverse("admin:inventory_balance_change", args=[balance.pk])
    assert desk.post(url, _balance_form(safety="1")).status_code == 302
    balance.refresh_from_db()
    assert (balance.safety, balance.on_hand) == (1, 40)


def test_what_only_the_database_refuses_is_a_sentence(desk, balance, monkeypatch):
    from inventory.stock.forms import BalanceForm

    monkeypatch.setattr(BalanceForm, "check_constraints", lambda _form: None)
    url = reverse("admin:inventory_balance_change", args=[balance.pk])
    answer = desk.post(url, _balance_form(safety="-1"))
    assert answer.status_code == 302
    assert "the database refuses it" in said(answer)
    assert "balance_not_negative" in said(answer)


# --- Catalogue, markets, taxes --------------------------------------------------------------------------------------


def test_products_are_published_and_unpublished(desk, agreed):
    thing = factories.variant("MUG-1")
    url = reverse("admin:shop_product_changelist")
    for action, published in (("unpublish", False), ("publish", True)):
        answer = desk.post(url, {"action": action, "_selected_action": [thing.product_id]})
        assert said(answer).startswith("1 products")
        assert Product.objects.get(pk=thing.product_id).published is published


def test_a_list_of_objects_is_not_counted(desk, agreed, django_assert_max_num_queries):
    fill(1)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        page = desk.get(reverse("admin:shop_museumobject_changelist"))
    assert page.status_code == 200
    assert not [query for query in captured if "COUNT(*)" in query["sql"] and "museumobject" in query["sql"]]
    assert MuseumObject.objects.count() == 1


# --- Orders and payments --------------------------------------------------------------------------------------------


def test_an_order_is_shipped(desk, agreed):
    order = place(factories.variant("MUG-1"), key="a", pay=True)
    assert said(press(desk, "shop_order", order, "mark-shipped")) == f"Order {order.number} is shipped."
    order.refresh_from_db()
    assert order.state == "shipped"
    assert order.events.latest("id").actor == "mina"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("mark-shipped", "cannot go from awaiting_payment"),
        ("refund-in-full", "is awaiting_payment: no payment of ours"),
    ],
)
def test_what_an_unpaid_order_refuses_is_a_sentence(manager, agreed, path, words):
    order = place(factories.variant("MUG-1"), key="a")
    answer = press(manager, "shop_order", order, path)
    assert answer.status_code == 302
    assert f"Order {order.number} {words}" in said(answer)


def test_an_unpaid_order_is_cancelled_and_a_paid_one_is_not(desk, agreed):
    thing = factories.variant("MUG-1")
    unpaid, paid = place(thing, key="a"), place(thing, key="b", pay=True)
    assert said(press(desk, "shop_order", unpaid, "cancel-unpaid")) == f"Order {unpaid.number} is cancelled."
    assert "cannot go from paid to cancelled" in said(press(desk, "shop_order", paid, "cancel-unpaid"))


def test_a_shipped_order_is_not_refunded_whole_and_stripe_is_not_asked(manager, agreed, settings):
    order = place(factories.variant("MUG-1"), key="a", pay=True)
    press(manager, "shop_order", order, "mark-shipped")
    assert f"Parcels of order {order.number} have left" in said(press(manager, "shop_order", order, "refund-in-full"))
    assert order.payments.get().state == Payment.State.SUCCEEDED


def test_an_order_paid_elsewhere_is_refunded_there(manager, agreed):
    order = place(factories.variant("MUG-1"), key="a", pay=True)
    order.payments.all().delete()
    assert "refund it where it was paid (web)" in said(press(manager, "shop_order", order, "refund-in-full"))


def test_without_a_stripe_key_a_refund_says_so(manager, agreed, settings):
    from shop.payments import gateway

    settings.STRIPE_SECRET_KEY = ""
    gateway.client.cache_clear()
    order = place(factories.variant("MUG-1"), key="a", pay=True)
    assert "Set STRIPE_SECRET_KEY" in said(press(manager, "shop_order", order, "refund-in-full"))
    order.refresh_from_db()
    assert order.state == "paid"


def test_a_refund_that_stripe_cannot_be_asked_for_waits(manager, agreed, settings):
    from shop.payments import gateway

    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "sk_test_x", "http://127.0.0.1:9"
    gateway.client.cache_clear()
    order = place(factories.variant("MUG-1"), key="a", pay=True)
    try:
        assert "Stripe has not confirmed it yet" in said(press(manager, "shop_order", order, "refund-in-full"))
        assert Refund.objects.get().state == Refund.State.PENDING
        event = StripeEvent.objects.create(
            event_id="evt_1", type="checkout.session.completed", object_id="cs_1", payload={}
        )
        assert press(manager, "shop_stripeevent", event, "process-again").status_code == 302
    finally:
        gateway.client.cache_clear()
    order.refresh_from_db()
    event.refresh_from_db()
    assert (order.state, event.attempts, event.processed_at) == ("paid", 1, None)
    assert event.last_error


def test_an_order_page_tells_everything_in_words(desk, agreed):
    order = place(factories.variant("MUG-1"), key="a", pay=True)
    page = desk.get(reverse("admin:shop_order_change", args=[order.pk])).content.decode()
    for words in (
        "8 % of net sales under LIC-1 version 1",
        "VAT 20 % (GB, domestic, all other categories, in force since 2020-01-01; source: VAT Act 1994, section 2; confirmed)",
        "Final price, delivered DDP",
        "Ada Byron",
        "£22.95",
        "Awaiting payment → Paid",
    ):
        assert words in page, words
    assert "_save" not in page
    assert str(order.token) not in page


def test_an_event_without_consequences_is_processed(desk, db):
    event = StripeEvent.objects.create(event_id="evt_1", type="customer.created", payload={})
    assert said(press(desk, "shop_stripeevent", event, "process-again")) == "Outcome: no action for this type."


# --- Channels -------------------------------------------------------------------------------------------------------


def test_a_listing_that_waits_is_sent_again(desk, agreed):
    fill(1)
    from django.utils import timezone

    row = Listing.objects.get()
    Listing.objects.update(due_at=timezone.now() + timezone.timedelta(hours=1), failures=3)
    assert "is being sent" in said(press(desk, "shop_listing", row, "send-again"))
    row.refresh_from_db()
    assert row.due_at is None
    Listing.objects.update(sent_version=1, acknowledged_version=1)
    assert "nothing to send" in said(press(desk, "shop_listing", row, "send-again"))


def test_a_channel_is_synchronised_if_it_is_active(desk, agreed):
    fill(1)
    channel = Listing.objects.get().channel
    assert "is being synchronised" in said(press(desk, "shop_saleschannel", channel, "synchronise"))
    type(channel).objects.update(active=False)
    assert "is not active" in said(press(desk, "shop_saleschannel", channel, "synchronise"))


def test_a_case_is_tried_again_and_says_why_it_stays_one(desk, agreed):
    fill(1)
    row = ChannelOrder.objects.get()
    ChannelOrder.objects.update(
        state="case",
        order=None,
        status="to_ship",
        payload={"lines": [], "paid": "0", "postage": "0", "currency": "CNY"},
    )
    answer = press(desk, "shop_channelorder", row, "try-again")
    row.refresh_from_db()
    assert row.state == "case"
    assert said(answer) == row.reason


# --- Rights ---------------------------------------------------------------------------------------------------------


def test_a_signed_version_is_shown_and_never_changed(root, agreed):
    page = root.get(reverse("admin:licensing_agreementversion_change", args=[agreed.pk]))
    assert page.status_code == 200
    assert "_save" not in page.content.decode()
    answer = root.post(reverse("admin:licensing_agreementversion_change", args=[agreed.pk]), {"number": "7"})
    assert answer.status_code == 403
    grant = agreed.grants.get()
    assert root.post(reverse("admin:licensing_grant_change", args=[grant.pk]), {}).status_code == 403
    assert root.post(reverse("admin:licensing_grant_delete", args=[grant.pk]), {"post": "yes"}).status_code == 403


def test_signed_grants_are_not_deleted_from_the_list(root, agreed):
    answer = root.post(
        reverse("admin:licensing_grant_changelist"),
        {"action": "delete_selected", "_selected_action": [agreed.grants.get().pk], "post": "yes"},
    )
    assert answer.status_code == 403
    assert agreed.grants.exists()


def _version_form(agreement: Agreement, **fields) -> dict[str, str]:
    return {
        "agreement": str(agreement.pk), "number": "2", "effective_0": "2019-01-01", "effective_1": "2020-01-01",
        "terms": json.dumps({"base": "net_sales", "rates": {"*": "0.10"}}), "signed_at_0": "", "signed_at_1": "",
        "grants-TOTAL_FORMS": "1", "grants-INITIAL_FORMS": "0", "grants-0-prop": str(Grant.objects.first().prop_id),
        "grants-0-territories": "GB,FR", "grants-0-channels": "web", "grants-0-categories": "*",
        "grants-0-term_0": "2019-01-01", "grants-0-term_1": "2020-01-01", "grants-0-exclusivity": "sole", **fields,
    }  # fmt: skip


def test_a_version_is_written_with_its_grants_and_signed_in_one_go(root, agreed):
    form = _version_form(agreed.agreement, signed_at_0="2026-01-01", signed_at_1="12:00:00")
    answer = root.post(reverse("admin:licensing_agreementversion_add"), form)
    assert answer.status_code == 302, answer.context["errors"]
    made = AgreementVersion.objects.get(number=2)
    assert made.signed_at is not None
    assert made.partner_id == agreed.partner_id
    assert made.grants.get().territories == ["GB", "FR"]
    assert made.grants.get().partner_id == agreed.partner_id


def test_two_signed_versions_on_one_day_are_a_form_error(root, agreed):
    form = _version_form(agreed.agreement, effective_1="", signed_at_0="2026-01-01", signed_at_1="12:00:00")
    answer = root.post(reverse("admin:licensing_agreementversion_add"), form)
    assert answer.status_code == 200
    assert "agreementversion_signed_apart" in answer.content.decode()


def test_terms_that_cannot_be_computed_are_a_form_error_naming_the_field(root, agreed):
    form = _version_form(agreed.agreement, terms='{"base": "net_sales", "rates": {"*": 0.1}}')
    answer = root.post(reverse("admin:licensing_agreementversion_add"), form)
    assert answer.status_code == 200
    assert "rates.*: write the rate as text" in answer.content.decode()


def test_royalty_entries_are_totalled(desk, agreed):
    place(factories.variant("MUG-1"), key="a", quantity=2, pay=True)
    page = desk.get(reverse("admin:licensing_royaltyentry_changelist"))
    assert page.context["royalty_totals"] == [{"currency": "GBP", "amount": Decimal("2.40"), "entries": 1}]


def test_an_api_key_is_shown_once(root, agreed):
    answer = root.post(reverse("admin:licensing_apikey_add"), {"partner": str(agreed.partner_id), "name": "Reports"})
    assert answer.status_code == 302
    assert "The key is vk_" in said(answer)
    page = root.get(reverse("admin:licensing_apikey_changelist"))
    # The message is taken from the queue by the page after the redirect, and by no other.
    page = root.get(reverse("admin:licensing_apikey_changelist"))
    assert "The key is" not in page.content.decode()


def test_a_key_is_revoked(root, agreed):
    from licensing.partner_api import keys

    key, secret = keys.issue(partner=agreed.partner, name="Reports")
    assert keys.find(secret) == key
    answer = root.post(
        reverse("admin:licensing_apikey_changelist"), {"action": "revoke_chosen", "_selected_action": [str(key.pk)]}
    )
    assert answer.status_code == 302
    assert keys.find(secret) is None


# --- People ---------------------------------------------------------------------------------------------------------


def test_the_group_is_made_once(db):
    first, second = ensure_groups()[MERCHANDISER], ensure_groups()[MERCHANDISER]
    assert first.pk == second.pk
    names = set(second.permissions.values_list("codename", flat=True))
    assert {"view_royaltyentry", "change_balance", "change_order", "add_taxrule"} <= names
    assert not [name for name in names if name.startswith("delete_")]
    licensing = second.permissions.filter(content_type__app_label="licensing")
    assert licensing.exists()
    assert all(name.startswith("view_") for name in licensing.values_list("codename", flat=True))
    assert not second.permissions.filter(codename="add_order").exists()


def test_spreadsheets_do_not_run_formulas(desk, db):
    furnish_rules(1)
    TaxRule.objects.update(note="=1+1", name="+TVA")
    answer = desk.post(
        reverse("admin:shop_taxrule_export"),
        {"format": "0", "resource": "", "taxruleresource_note": "on", "taxruleresource_name": "on"},
    )
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode()
    assert "=1+1" not in text
    assert "1+1" in text
    assert Order.objects.count() == 0


def test_a_signature_that_rights_in_force_exclude_leaves_a_draft_and_says_why(root, agreed):
    other = factories.party("elsewhere")
    agreement = Agreement.objects.create(
        number="RIVAL", licensor=agreed.agreement.licensor, licensee=other, currency="GBP", state="active"
    )
    form = _version_form(agreement, signed_at_0="2026-01-01", signed_at_1="12:00:00")
    form |= {"effective_1": "2030-01-01", "grants-0-term_1": "2030-01-01", "grants-0-exclusivity": "exclusive"}
    answer = root.post(reverse("admin:licensing_agreementversion_add"), form, follow=True)
    assert "It is saved as a draft, not signed. Rights in force exclude it: LIC-1" in answer.text
    version = agreement.versions.get()
    assert version.signed_at is None
    assert version.grants.count() == 1
