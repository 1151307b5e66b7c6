"""What an invoice needs to know of an order, read in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from inventory.stock.models import HoldLine
from shop.crossborder.customs.dated_rules import leaves_territory
from shop.crossborder.models import Registration, Seller
from shop.orders.documents.amounts import ZERO, Charge, Group, Sold, Sums, charges
from shop.orders.documents.treatment import AT_THE_BORDER, Number, Route, Treatment, routes_of, treatment
from shop.orders.models import Order, OrderLine


class NoSeller(Exception):
    """The order's market has no seller of record: nobody could issue the document."""

    def __init__(self, number: str) -> None:
        super().__init__(f"Order {number} has no seller: its market names none.")


@dataclass(frozen=True)
class Sale:
    """An order with how each of its lines goes and is taxed. ``on`` is the day of payment."""

    order: Order
    seller: Seller
    numbers: tuple[Number, ...]
    on: date
    lines: tuple[OrderLine, ...]
    routes: tuple[Route, ...]
    treatments: tuple[Treatment, ...]
    sums: Sums
    sold: tuple[Sold, ...]
    charges: tuple[Charge, ...]

    @property
    def prepaid(self) -> bool:
        """Whether duty and tax of import are paid with the order (DDP)."""
        return terms_of(self.order) == "DDP"


def terms_of(order: Order) -> str:
    """Return who pays duty and tax of import: DDP the seller, DAP the buyer."""
    return str(order.quote.get("incoterm") or "DAP")


def numbers_of(seller: Seller, on: date) -> tuple[Number, ...]:
    """Return the seller's registrations in force on the day. One statement."""
    rows = Registration.objects.filter(seller=seller, valid__contains=on).order_by("kind", "jurisdiction")
    return tuple(Number(*row) for row in rows.values_list("kind", "jurisdiction", "number"))


def read(order: Order) -> Sale:
    """Return the sale. Three statements, with ``market__seller`` at hand.

    :raises NoSeller: the order has no market, or that no seller.
    :raises shop.orders.documents.amounts.DoesNotAddUp: the order's amounts contradict each other.
    """
    seller = order.market.seller if order.market else None
    if seller is None:
        raise NoSeller(order.number)
    on = timezone.localdate(order.paid_at) if order.paid_at else timezone.localdate()
    numbers = numbers_of(seller, on)
    lines = tuple(order.lines.select_related("variant"))
    routes = tuple(_routes(order, lines, seller, on))
    treatments = tuple(treatment(route, registered=numbers, on=on) for route in routes)
    details = _details(order.quote, len(lines))
    sums = Sums(
        currency=order.currency,
        tax_included=order.tax_included,
        goods=order.goods,
        shipping=order.shipping,
        duty=order.duty,
        fees=order.fees,
        tax=order.tax,
        tax_in_prices=order.tax_in_prices,
        total=order.total,
        untaxed_fees=min(_untaxed_fees(order.quote), order.fees),
    )
    door = terms_of(order) == "DAP"
    sold = tuple(
        _sold(line, found, detail, at_the_door=door and found in AT_THE_BORDER)
        for line, found, detail in zip(lines, treatments, details, strict=True)
    )
    return Sale(order, seller, numbers, on, lines, routes, treatments, sums, sold, tuple(charges(sums, sold)))


def _routes(order: Order, lines: Sequence[OrderLine], seller: Seller, on: date) -> list[Route]:
    found = routes_of(order.quote, destination=order.country)
    if len(found) == len(lines):
        return found
    # An order whose quote does not say: from where its goods are held, else from where the seller is.
    held = HoldLine.objects.filter(hold=order.hold_id) if order.hold_id else HoldLine.objects.none()
    origin = held.order_by("id").values_list("balance__warehouse__country", flat=True).first() or seller.country
    return [Route(origin, order.country, leaves_territory(origin, order.country, on)) for _line in lines]


@dataclass(frozen=True)
class _Detail:
    """What a frozen quote says of a line beyond what the order keeps."""

    shipping: Decimal = ZERO
    duty: Decimal = ZERO
    tax_name: str = ""


def _details(quote: Mapping[str, Any], count: int) -> list[_Detail]:
    consignments = quote.get("consignments")
    rules = quote.get("rules")
    if not isinstance(consignments, Sequence) or not isinstance(rules, Mapping):
        return [_Detail()] * count
    names: dict[tuple[int, int], dict[str, None]] = {}
    for step in quote.get("steps", []):
        name = (rules.get(step.get("rule")) or {}).get("name")
        if step.get("step") == "tax" and step.get("line") is not None and name:
            names.setdefault((step["consignment"], step["line"]), {})[name] = None
    found = [
        _Detail(Decimal(line["shipping"]), Decimal(line["duty"]), " + ".join(names.get((number, place), {})))
        for number, one in enumerate(consignments)
        for place, line in enumerate(one["lines"])
    ]
    return found if len(found) == count else [_Detail()] * count


def _untaxed_fees(quote: Mapping[str, Any]) -> Decimal:
    """Return the fees on which no tax is due."""
    rules = quote.get("rules")
    if not isinstance(rules, Mapping):
        return ZERO
    fees = (step for step in quote.get("steps", []) if step.get("step") == "fee")
    return sum(
        (Decimal(step["amount"]) for step in fees if (rules.get(step["rule"]) or {}).get("in_tax_base") != "yes"), ZERO
    )


def _sold(line: OrderLine, found: Treatment, detail: _Detail, *, at_the_door: bool) -> Sold:
    # Between consumer and customs, what is waived or due at the door is not the seller's to take.
    charged = found not in AT_THE_BORDER or (bool(line.tax) and not at_the_door)
    rate = line.tax_rate if charged else None
    return Sold(
        position=line.position,
        quantity=line.quantity,
        amount=line.amount,
        tax=line.tax,
        group=Group(str(found), detail.tax_name if rate is not None else "", rate),
        charged=charged,
        shipping=detail.shipping,
        duty=detail.duty,
        duty_due=detail.duty,
    )
