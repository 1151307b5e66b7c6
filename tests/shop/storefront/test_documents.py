"""An order's invoice for whoever holds the token of its page, and for nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from shop.orders.documents.invoicing import invoice_for
from tests import factories as make
from tests.shop.orders.documents.invoiced import mug, paid, seller

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world():
    make.agreement()
    seller()


def url(order, number: str) -> str:
    return reverse("shop:order_document", args=[order.token, number])


def test_the_page_links_to_the_invoice_in_the_language_of_the_order():
    order = paid((mug(), 1), language="fr")
    before = Client().get(f"/orders/{order.token}/").content.decode()
    assert "Facture et avoirs" not in before
    invoice = invoice_for(order)
    shown = Client().get(f"/orders/{order.token}/").content.decode()
    assert "Facture et avoirs" in shown
    assert url(order, invoice.number) in shown


def test_the_file_bears_its_number_and_is_kept_by_no_shared_cache():
    order = paid((mug(), 1))
    invoice = invoice_for(order)
    answer = Client().get(url(order, invoice.number))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == f'attachment; filename="{invoice.number}.pdf"'
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer.content.startswith(b"%PDF")


def test_another_order_s_invoice_is_not_given_out(django_assert_num_queries):
    order, other = paid((mug(), 1)), paid((mug("MUG-2"), 1))
    invoice = invoice_for(order)
    invoice_for(other)
    web = Client()
    for address in (
        url(other, invoice.number),
        f"/orders/{'x' * 43}/documents/{invoice.number}/",
        f"/orders/{'x' * 80}/documents/{invoice.number}/",
        f"/orders/{order.token}/documents/{'9' * 60}/",
        f"/orders/{order.token}/documents/%00/",
    ):
        assert web.get(address).status_code == 404
    assert web.post(url(order, invoice.number)).status_code == 405
    with django_assert_num_queries(1):
        web.get(url(order, invoice.number))
