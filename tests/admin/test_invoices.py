"""Invoices in the admin: a list by seller, year and kind, the document itself, and the links on the order's page."""

import pytest
from django.urls import reverse
from django.utils import timezone

from shop.models import Invoice, Order
from tests import factories as make
from tests.admin.conftest import fill, place

pytestmark = pytest.mark.django_db
LIST = "/admin/shop/invoice/"


def page(order: Order, name: str) -> str:
    return reverse(f"admin:shop_order_{name}", args=[order.pk])


def test_the_list_filters_by_seller_year_and_kind(desk, one_of_each):
    invoice = Invoice.objects.get()
    year = timezone.localdate().year
    for query, shown in (
        ("", True),
        (f"?seller__id__exact={invoice.seller_id}", True),
        (f"?year={year}", True),
        (f"?year={year - 1}", False),
        ("?year=20x6", True),
        ("?kind__exact=invoice", True),
        ("?kind__exact=credit_note", False),
        (f"?q={invoice.number}", True),
        (f"?q={invoice.order.number}", True),
        ("?q=nobody", False),
    ):
        answer = desk.get(LIST + query)
        assert answer.status_code == 200
        assert (invoice.number in answer.content.decode().split("<tbody")[-1]) is shown, query


def test_the_list_has_a_budget(desk, agreed, django_assert_num_queries, django_assert_max_num_queries):
    fill(1)
    desk.get(LIST)
    with django_assert_max_num_queries(20) as first:
        desk.get(LIST)
    fill(2)
    with django_assert_num_queries(len(first)) as second:
        desk.get(LIST)
    assert not any('"shop_invoice"."content"' in query["sql"] for query in second)


def test_an_invoice_shows_what_it_says_and_opens(desk, one_of_each):
    invoice = Invoice.objects.get()
    shown = desk.get(f"{LIST}{invoice.pk}/change/").content.decode()
    for part in (invoice.number, invoice.order.number, "Mug SKU-1", "£22.95"):
        assert part in shown
    answer = desk.get(f"{LIST}{invoice.pk}/pdf/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == f'inline; filename="{invoice.number}.pdf"'
    assert "no-store" in answer["Cache-Control"]
    assert answer.content.startswith(b"%PDF")


def test_nobody_edits_an_invoice(root, one_of_each):
    invoice = Invoice.objects.get()
    assert root.post(f"{LIST}{invoice.pk}/change/", {"number": "X"}).status_code == 403
    assert root.get(f"{LIST}add/").status_code == 403
    assert root.get(f"{LIST}{invoice.pk}/delete/").status_code == 403


def test_an_order_leads_to_its_documents(desk, one_of_each):
    invoice = Invoice.objects.get()
    order = invoice.order
    shown = desk.get(reverse("admin:shop_order_change", args=[order.pk])).content.decode()
    assert page(order, "invoice") in shown
    assert page(order, "packing_slip") in shown
    assert f"{LIST}{invoice.pk}/pdf" in shown
    assert desk.get(page(order, "invoice")).content.startswith(b"%PDF")
    assert desk.get(page(order, "packing_slip")).content.startswith(b"%PDF")
    assert desk.get(page(order, "packing_slip") + "?shipment=VT-0-1").status_code == 302


def test_an_unpaid_order_has_no_documents(desk, agreed):
    order = place(make.variant(), key="unpaid")
    shown = desk.get(reverse("admin:shop_order_change", args=[order.pk])).content.decode()
    assert page(order, "invoice") not in shown
    assert page(order, "packing_slip") not in shown
    for name in ("invoice", "packing_slip"):
        assert desk.get(page(order, name)).status_code == 302
    assert not Invoice.objects.exists()
