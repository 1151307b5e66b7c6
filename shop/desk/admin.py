"""The first page of the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.crossborder.money import display as money
from shop.desk import queries
from shop.orders.admin import STATE_LABELS
from shop.orders.models import OrderState

admin.site.index_template = "admin/desk/index.html"
admin.site.index_title = _("Today")


def _list(model: str, query: str = "") -> str:
    return reverse(f"admin:{model.replace('.', '_')}_changelist") + query


def _figures(desk: queries.Desk) -> list[dict[str, Any]]:
    """Return today's sales, each with the list behind it."""
    day = desk.day.isoformat()
    placed, paid = (f"?{when}_from_0={day}&{when}_from_1=00:00:00" for when in ("placed_at", "paid_at"))
    takings = [money(one.amount, one.currency, "en") for one in desk.takings]
    return [
        {
            "title": _("Orders placed"),
            "values": [desk.placed],
            "model": "shop.order",
            "link": _list("shop.order", placed),
        },
        {
            "title": _("Paid"),
            "values": takings or ["–"],
            "model": "shop.order",
            "link": _list("shop.order", paid),
        },
        {"title": _("Units sold"), "values": [desk.units], "model": "shop.order", "link": _list("shop.order", paid)},
        {
            "title": _("To ship"),
            "values": [desk.to_ship],
            "model": "shop.shipment",
            "link": reverse("admin:shop_shipment_to_ship"),
        },
    ]


def _duties(desk: queries.Desk) -> list[dict[str, Any]]:
    """Return what asks for a person: count, list behind it, and how grave it is when it is not zero."""
    rows: list[tuple[Any, int, str, str, str]] = [
        (_("Paid without stock"), desk.without_stock, "shop.order", "?state__exact=paid_without_stock", "danger"),
        (_("Parcels without news"), desk.without_news, "shop.shipment", "?news=none", "warning"),
        (_("Payments with a wrong amount"), desk.mismatches, "shop.payment", "?state__exact=mismatch", "danger"),
        (_("Channel orders to decide"), desk.cases, "shop.channelorder", "?state__exact=case", "danger"),
        (
            _("Stripe events unprocessed"),
            desk.unprocessed_events,
            "shop.stripeevent",
            "?processing=unprocessed",
            "warning",
        ),
        (_("Listings behind"), desk.listings_behind, "shop.listing", "?sync=behind", "warning"),
        (_("Rules to confirm"), desk.unconfirmed_rules, "shop.ruleset", "review/#care", "warning"),
        (_("SKUs sold out"), desk.sold_out, "inventory.item", "?stock=sold_out", "danger"),
        (_("SKUs running low"), desk.low, "inventory.item", "?stock=low", "warning"),
    ]
    return [
        {
            "title": title,
            "count": count,
            "model": model,
            "link": _list(model, query),
            "grade": grade if count else "success",
        }
        for title, count, model, query, grade in rows
    ]


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add the desk to the context of the index page; what the person may not see is left out."""

    def may_view(model: str) -> bool:
        app, _sep, name = model.partition(".")
        return request.user.has_perm(f"{app}.view_{name}")

    desk = queries.desk(timezone.localdate())
    duties = [duty for duty in _duties(desk) if may_view(duty["model"])]
    context["desk"] = {
        "day": desk.day,
        "figures": [figure for figure in _figures(desk) if may_view(figure["model"])],
        "duties": [duties[::2], duties[1::2]] if duties else [],
        "scarce": desk.scarce if may_view("inventory.item") else [],
        "scarce_link": _list("inventory.item", "?stock=sold_out"),
        "recent": [
            {
                "order": order,
                "total": money(order.total, order.currency, "en"),
                "grade": STATE_LABELS[OrderState(order.state)],
                "link": reverse("admin:shop_order_change", args=[order.pk]),
            }
            for order in desk.recent
        ]
        if may_view("shop.order")
        else [],
        "recent_link": _list("shop.order"),
    }
    return context
