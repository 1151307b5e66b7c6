"""The parcels of an order that have left, as its public page shows them."""

from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.crossborder.money import LOCALES
from shop.orders.fulfilment.queries import shipped_with_lines
from shop.orders.models import Order
from shop.orders.shipment_models import ShipmentState


@dataclass(frozen=True)
class Parcel:
    """A parcel in words; ``url`` leads to its carrier. ``lines`` are units (empty: a part), name and option."""

    number: str
    title: str
    carrier: str
    tracking_number: str
    url: str
    lines: list[tuple[str, str, str]]


def _day(when: datetime | None, language: str) -> str:
    return format_date(timezone.localdate(when), format="long", locale=LOCALES.get(language, "en_GB")) if when else ""


def parcels_of(order: Order, language: str) -> list[Parcel]:
    """Return the parcels that have left, the first one first. One statement, two more when there are any."""
    parcels = []
    for one in shipped_with_lines(order):
        if one.state == ShipmentState.DELIVERED:
            title = _("Delivered on %(day)s") % {"day": _day(one.delivered_at, language)}
        else:
            title = _("Sent on %(day)s") % {"day": _day(one.shipped_at, language)}
        parcels.append(
            Parcel(
                number=one.number,
                title=title,
                carrier=one.carrier,
                tracking_number=one.tracking_number,
                url=one.tracking_url,
                lines=[
                    (f"{line.quantity} ×", line.order_line.name, line.order_line.option)
                    if line.quantity
                    else ("", _("Part of %(name)s") % {"name": line.order_line.name}, line.order_line.option)
                    for line in one.lines.all()
                ],
            )
        )
    return parcels
