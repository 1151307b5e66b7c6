"""A return as its public page shows it, and what an order's page says of withdrawing and returning."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.catalogue.models import ProductText, Variant
from shop.catalogue.wording import option_text
from shop.crossborder import queries as crossborder
from shop.crossborder.money import LOCALES, display
from shop.crossborder.offering.visibility import shown_in
from shop.crossborder.protections.return_period import Basis, Period
from shop.orders.models import Order, OrderState
from shop.returns import facts
from shop.returns.actions.exchanging import can_order
from shop.returns.facts import Returnable
from shop.returns.models import ReturnKind, ReturnRequest, ReturnState
from shop.returns.slip import NoSlip, address_of, crosses_border
from shop.storefront.queries.orders import WITHDRAWABLE

# An order is completed when the period is over by our reckoning; a statement that comes then is still looked at.
UNDOABLE = {*WITHDRAWABLE, OrderState.COMPLETED}


def day(when: Any, language: str) -> str:
    """Write a day out; nothing for none."""
    return format_date(when, format="long", locale=LOCALES.get(language, "en_GB")) if when else ""


@dataclass(frozen=True)
class OrderUndoing:
    """What the order's page offers: withdrawing, returning, and the returns there are."""

    withdraw: bool
    returnable: bool
    until: str
    returns: list[dict[str, str]]


def undoing_of(order: Order) -> OrderUndoing:
    """Return what can be undone of the order now. Eight statements at most, whatever it holds."""
    made = [
        {"number": one.number, "token": one.token, "title": title_of(one)}
        for one in ReturnRequest.objects.filter(order=order).order_by("created_at")
    ]
    if order.state not in UNDOABLE or order.channel != "web":
        return OrderUndoing(withdraw=False, returnable=False, until="", returns=made)
    period = facts.period_of(order)
    open_ = facts.in_time(order, period, timezone.now())
    sent = any(one.left for one in facts.returnables(order)) if order.state in facts.SENT else False
    return OrderUndoing(
        withdraw=open_ and period is not None and period.basis is Basis.LAW,
        returnable=sent,
        until=_until(period, order.language) if open_ else "",
        returns=made,
    )


def _until(period: Period | None, language: str) -> str:
    if period is None or period.last is None:
        return ""
    if period.basis is Basis.LAW:
        return _("You may withdraw until %(day)s.") % {"day": day(period.last, language)}
    return _("We take it back until %(day)s.") % {"day": day(period.last, language)}


def others_of(order: Order, rows: Sequence[Returnable]) -> dict[int, list[tuple[Variant, str]]]:
    """Return order line id → variants of the same product that are sold in the market, with their words. Two
    statements.
    """
    if order.market is None:
        return {}
    products = {one.line.variant.product_id for one in rows if one.left}
    variants = list(
        Variant.objects.filter(product__in=shown_in(order.market).filter(pk__in=products)).order_by("position", "sku")
    )
    priced = crossborder.prices(variant_ids=[one.pk for one in variants], market=order.market, on=timezone.localdate())
    return {
        one.line.pk: [
            (variant, option_text(variant.options, order.language) or variant.sku)
            for variant in variants
            if variant.product_id == one.line.variant.product_id
            and variant.pk != one.line.variant_id
            and variant.pk in priced
        ]
        for one in rows
        if one.left
    }


def return_by_token(token: str) -> ReturnRequest | None:
    """Return the return with this public token, or None."""
    if not token or len(token) > 64 or "\x00" in token:
        return None
    return (
        ReturnRequest.objects.select_related("order__market", "warehouse", "exchange_order").filter(token=token).first()
    )


def title_of(request: ReturnRequest) -> str:
    """Return where the return is, in a few words for its shopper."""
    return {
        ReturnState.REQUESTED: _("We are looking at your request"),
        ReturnState.AUTHORISED: _("Please send it back"),
        ReturnState.REFUSED: _("We cannot take it back"),
        ReturnState.IN_TRANSIT: _("It is on its way to us"),
        ReturnState.RECEIVED: _("It has reached us"),
        ReturnState.INSPECTED: _("Your refund is being made"),
        ReturnState.CLOSED: _("Paid back") if request.refund_id else _("Closed"),
    }[ReturnState(request.state)]


def _sentence(request: ReturnRequest, language: str) -> str:  # noqa: PLR0911 (one for each state)
    match request.state:
        case ReturnState.REQUESTED:
            return _("A person decides and writes to you.")
        case ReturnState.AUTHORISED if request.send_back_by:
            return _("Put the slip into the parcel and send it by %(day)s.") % {
                "day": day(request.send_back_by, language)
            }
        case ReturnState.AUTHORISED:
            return _("Put the slip into the parcel and send it.")
        case ReturnState.REFUSED:
            return request.refused_reason
        case ReturnState.IN_TRANSIT:
            return _("Thank you. We write to you when it has come.")
        case ReturnState.RECEIVED:
            return _("We look at it and pay you back by %(day)s.") % {"day": day(request.refund_by, language)}
        case ReturnState.INSPECTED:
            return _("The money goes back the way you paid.")
    return _("Banks take some days to show it.") if request.refund_id else _("This return is closed.")


@dataclass(frozen=True)
class ReturnPage:
    """Everything the public page of a return shows."""

    request: ReturnRequest
    title: str
    sentence: str
    lines: list[dict[str, Any]]
    address: list[str]
    slip: bool
    customs: bool
    can_send: bool
    can_order: bool
    sums: list[tuple[str, str]]
    deduction_reason: str


def return_page(request: ReturnRequest) -> ReturnPage:
    """Return the page of a return. Six statements at most."""
    order = request.order
    language = order.language
    lines = list(request.lines.select_related("order_line", "wanted__product"))
    awaited = request.state in {ReturnState.AUTHORISED, ReturnState.IN_TRANSIT}
    names = _names({one.wanted.product_id for one in lines if one.wanted}, language)
    address: list[str] = []
    if awaited:
        try:
            address = address_of(request)
        except NoSlip:
            address = []
    sums = [
        (label, display(amount, order.currency, language))
        for label, amount in (
            (_("Delivery that goes back"), request.delivery_refund),
            (_("Taken off"), request.deduction),
            (_("Paid back"), request.refund.amount if request.refund else None),
        )
        if amount
    ]
    return ReturnPage(
        request=request,
        title=title_of(request),
        sentence=_sentence(request, language),
        lines=[
            {
                "name": one.order_line.name,
                "option": one.order_line.option,
                "units": one.units,
                "wanted": _wanted(one.wanted, names, language) if one.wanted else "",
                "finding": one.finding,
            }
            for one in lines
        ],
        address=address,
        slip=bool(address),
        customs=awaited and crosses_border(request, timezone.localdate()),
        can_send=request.state == ReturnState.AUTHORISED,
        can_order=request.kind == ReturnKind.EXCHANGE and can_order(request),
        sums=sums,
        deduction_reason=request.deduction_reason,
    )


def _wanted(variant: Variant, names: dict[int, str], language: str) -> str:
    words = (names.get(variant.product_id, variant.sku), option_text(variant.options, language))
    return ", ".join(filter(None, words))


def _names(products: set[int], language: str) -> dict[int, str]:
    if not products:
        return {}
    texts = ProductText.objects.filter(product__in=products, language__in=[language, "en"])
    found: dict[int, str] = {}
    for text in texts:
        if text.language == language or text.product_id not in found:
            found[text.product_id] = text.name
    return found
