"""The slip that travels with returned goods: where to, which return, what is in it, and what customs is to know."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from shop.crossborder.addresses.layout import lines as postal_lines
from shop.crossborder.customs import code128, papers_data
from shop.crossborder.customs.dated_rules import leaves_territory
from shop.crossborder.customs.glyphs import missing
from shop.crossborder.customs.typesetting import typeset
from shop.crossborder.money import display, round_money
from shop.crossborder.protections.excepted import Relief, returned_goods
from shop.orders.models import Order, OrderState
from shop.returns.errors import ReturnError
from shop.returns.models import ReturnAddress, ReturnRequest

FOLDER = Path(__file__).parent / "templates"
# Language code → language and region as typst knows them; the region decides which glyphs are drawn.
TYPST = {"en": ("en", "GB"), "fr": ("fr", "FR"), "zh-hans": ("zh", "CN"), "ja": ("ja", "JP")}


class NoSlip(ReturnError):
    """There is no slip: the return is not authorised, or no warehouse takes it."""


def address_of(request: ReturnRequest) -> list[str]:
    """Return the lines of the address that the goods go to.

    :raises NoSlip: no warehouse with an address for returns is known.
    """
    address = ReturnAddress.objects.filter(warehouse=request.warehouse_id).select_related("warehouse").first()
    if address is None:
        raise NoSlip("No warehouse takes returns yet: enter a return address.")
    parts = {
        "name": address.name,
        "line1": address.line1,
        "line2": address.line2,
        "district": address.district,
        "city": address.city,
        "region": address.region,
        "postcode": address.postcode,
        "country": address.warehouse.country,
    }
    return [*postal_lines(parts), *([address.phone] if address.phone else [])]


def crosses_border(request: ReturnRequest, on: date) -> bool:
    """Tell whether the goods pass customs on their way back."""
    return request.warehouse is not None and leaves_territory(request.order.country, request.warehouse.country, on)


def return_slip(request: ReturnRequest) -> bytes:
    """Return the slip as a PDF in the order's language (customs reads English).

    :raises NoSlip: as named.
    """
    if request.authorised_at is None or request.refused_reason:
        raise NoSlip(f"Return {request.number} is not authorised.")
    order = request.order
    language = order.language if order.language in TYPST else "en"
    with translation.override(language):
        data = _data(request, order, language)
    return typeset("return_slip", data, on=timezone.localdate(request.authorised_at), folder=FOLDER)


def _data(request: ReturnRequest, order: Order, language: str) -> dict[str, Any]:
    day = timezone.localdate(request.authorised_at)
    tongue, region = TYPST[language]
    lines = list(request.lines.select_related("order_line__variant").order_by("order_line__position"))
    customs = None
    if request.warehouse and crosses_border(request, day):
        relief = returned_goods(request.warehouse.country, day)
        customs = _customs(request, order, lines, relief)
    return {
        "title": f"{_('Return slip')} {request.number}",
        "author": order.market.seller.legal_name if order.market and order.market.seller else "Vitrine",
        "lang": tongue,
        "region": region,
        "number": request.number,
        "bars": code128.module_widths(request.number),
        "labels": {
            "title": _("Return slip"),
            "put_in": _("Please put this sheet into the parcel."),
            "to": _("Send to"),
            "number": _("Return number"),
            "order": _("Order"),
            "date": _("Issued on"),
            "send_by": _("Send it by"),
            "article": _("Article"),
            "units": _("Units"),
            "cut": _("Cut here and put it on the parcel."),
        },
        "to": [_printed(line) for line in address_of(request)],
        "order": order.number,
        "date": day.isoformat(),
        "send_by": request.send_back_by.isoformat() if request.send_back_by else "",
        "lines": [
            {
                "sku": one.order_line.sku,
                "name": _printed(", ".join(filter(None, (one.order_line.name, one.order_line.option)))),
                "units": one.units,
            }
            for one in lines
        ],
        "customs": customs,
    }


def _customs(request: ReturnRequest, order: Order, lines: list[Any], relief: Relief | None) -> dict[str, Any]:
    sent = order.shipments.exclude(shipped_at=None).order_by("serial")
    left = order.events.filter(to_state=OrderState.SHIPPED).first()
    exported = timezone.localdate(sent[0].shipped_at) if sent else timezone.localdate(left.created_at) if left else None
    values = [_value(order, one) for one in lines]
    total = sum(values, Decimal(0))
    return {
        "statement": relief.statement if relief else "Returned goods, no sale.",
        "source": relief.source if relief else "",
        "from": papers_data.country(order.country),
        "to": papers_data.country(request.warehouse.country) if request.warehouse else "",
        "exported": exported.isoformat() if exported else "",
        "export_number": ", ".join(one.number for one in sent) or order.number,
        "invoice": order.number,
        "total": display(total, order.currency, "en"),
        "weight": f"{sum(one.units * one.order_line.variant.weight_g for one in lines) / 1000:.2f} kg",
        "lines": [
            {
                "description": _printed(one.order_line.variant.customs_description or one.order_line.name),
                "hs": one.order_line.variant.hs_code,
                "origin": one.order_line.variant.origin,
                "units": one.units,
                "value": display(value, order.currency, "en"),
            }
            for one, value in zip(lines, values, strict=True)
        ],
    }


def _printed(text: str) -> str:
    """Return the text without the characters that no font of the papers has: a slip is never refused for a name."""
    lacking = set(missing(text))
    return "".join("?" if one in lacking else one for one in text)


def _value(order: Order, line: Any) -> Decimal:
    """Return the value without the taxes of the sale, as it was declared when the goods left."""
    sold = line.order_line
    net = sold.amount - sold.tax if order.tax_included else sold.amount
    return round_money(net * line.units / sold.quantity, order.currency)
