"""Papers of the warehouse as PDF: the pick list, and a parcel's address label."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from shop.crossborder.customs import code128
from shop.crossborder.customs.glyphs import Unprintable, missing, printable
from shop.crossborder.customs.papers_data import country
from shop.crossborder.customs.typesetting import TooLong, typeset
from shop.orders import wording
from shop.orders.customs import seller_of
from shop.orders.fulfilment.queries import PickList
from shop.orders.shipment_models import Shipment

TEMPLATES = Path(__file__).parent / "templates"


class NoLabel(Exception):
    """The parcel has no label of ours; the message says why."""


def shown(text: str) -> str:
    """Return a text as it can be printed, with a mark in place of what the fonts lack: never the whole page less."""
    return (
        printable("".join("□" if one in missing(text) else one for one in text)) if missing(text) else printable(text)
    )


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def pick_list(lists: Sequence[PickList], *, at: datetime, by: str) -> bytes:
    """Return the pick lists on A4, a warehouse after the other."""
    data = {
        "title": "Pick list",
        "author": "Vitrine",
        "at": f"{at:%Y-%m-%d %H:%M %Z}",
        "by": shown(by),
        "lists": [
            {
                "code": one.code,
                "name": shown(one.name),
                "summary": [
                    _counted(one.orders, "order"),
                    _counted(one.units, "unit"),
                    _counted(len(one.picks), "SKU"),
                ],
                "picks": [
                    {
                        "sku": pick.sku,
                        "description": shown(pick.description),
                        "units": pick.units,
                        "orders": [f"{number} × {units}" for number, units in pick.orders],
                    }
                    for pick in one.picks
                ],
            }
            for one in lists
        ],
    }
    return typeset("pick_list", data, on=at.date(), folder=TEMPLATES)


def _addressee(shipment: Shipment) -> list[str]:
    """Return the lines of the address: as its country writes them, else in Latin letters where the fonts lack others.

    :raises NoLabel: the address is with the marketplace, or neither form can be printed.
    """
    to = shipment.order.ship_to
    if to.get("held_by"):
        raise NoLabel(f"The address of order {shipment.order.number} is with {to['held_by']}, which makes the label.")
    abroad = shipment.warehouse.country != shipment.order.country
    local = [*(to.get("local") or ()), *([to["phone"]] if to.get("phone") else [])] if to.get("local") else []
    latin = [*(to.get("latin") or ()), *([to["phone"]] if to.get("phone") else [])] if to.get("latin") else []
    plain = wording.address(to)
    for lines in (latin, local, plain) if abroad else (local, plain, latin):
        try:
            done = [printable(str(line)) for line in lines]
        except Unprintable:
            continue
        if done:
            named = country(shipment.order.country).upper()
            return done if not abroad or any(named in line.upper() for line in done) else [*done, named]
    raise NoLabel(f"The address of order {shipment.order.number} has letters that the label's fonts lack.")


def label(shipment: Shipment, *, on: date) -> bytes:
    """Return the parcel's address label, 100 × 150 mm: no carrier's label, and it says so.

    :raises NoLabel: there is no address to print, or it is too long for the label.
    """
    sender = seller_of(shipment.order)
    warehouse = shipment.warehouse
    data: dict[str, Any] = {
        "title": f"Label {shipment.number}",
        "author": "Vitrine",
        "to": _addressee(shipment),
        "name": shown(str(shipment.order.ship_to.get("name", ""))),
        "from": [
            shown(line)
            for line in (
                sender.name or warehouse.name,
                *sender.lines,
                " ".join(part for part in (sender.postcode, sender.city) if part),
                country(sender.country) if sender.country else country(warehouse.country),
            )
            if line
        ],
        "warehouse": shown(f"{warehouse.code} · {warehouse.name}"),
        "number": shipment.number,
        "bars": code128.module_widths(shipment.number),
        "carrier": shown(shipment.carrier or "Carrier not chosen"),
        "service": shown(shipment.service),
        "tracking": shipment.tracking_number,
        "weight": f"{Decimal(shipment.weight_g) / 1000:.3f} kg" if shipment.weight_g else "not weighed",
        "box": f"{shipment.length_cm} × {shipment.width_cm} × {shipment.height_cm} cm" if shipment.length_cm else "",
        "on": on.isoformat(),
    }
    try:
        return typeset("label", data, on=on, folder=TEMPLATES)
    except TooLong as error:
        raise NoLabel(f"The address of order {shipment.order.number} is too long for a label.") from error
