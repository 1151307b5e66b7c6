"""An order as customs must be told of it: who sends what to whom, from which warehouse, worth how much without taxes.

A warehouse sends one parcel; an order served by several has a declaration for each parcel that crosses a border.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from babel.numbers import get_currency_precision
from django.conf import settings
from django.utils import timezone

from inventory.stock.models import BundleComponent, HoldLine, Warehouse
from shop.catalogue.models import ProductText
from shop.crossborder.customs import papers_data, s10
from shop.crossborder.customs.checking import Fault, check
from shop.crossborder.customs.dated_rules import leaves_territory
from shop.crossborder.customs.declaration import Declaration, DeclaredLine, FxUsed, Party, References
from shop.crossborder.customs.glyphs import missing
from shop.crossborder.exchange import queries as exchange
from shop.crossborder.models import Seller
from shop.crossborder.money import round_money
from shop.crossborder.sellers.queries import registrations
from shop.orders.models import Order, OrderLine, OrderState
from shop.orders.shipment_models import Shipment, ShipmentPart
from shop.orders.transitions import SENT

ORIGIN_STATEMENT = "The country of non-preferential origin of each article is stated in its line."
CHINESE = ("CN",)
# The second language of the invoice, by destination.
LANGUAGES = {"CN": "zh-hans", "JP": "ja", "FR": "fr", "BE": "fr", "LU": "fr", "MC": "fr"}
RATE_DECIMALS = Decimal("1e-6")
WAITING = (OrderState.PAID, OrderState.PICKING)
LEAVING = (OrderState.PARTLY_SHIPPED, OrderState.SHIPPED)


class NoPapers(Exception):
    """The order has no customs papers; the message says why."""


class SeveralParcels(NoPapers):
    """Several warehouses send parcels across a border: one must be named. ``codes`` lists them."""

    def __init__(self, number: str, codes: list[str]) -> None:
        self.codes = codes
        super().__init__(f"Order {number} leaves in {len(codes)} parcels, from {', '.join(codes)}: name one of them.")


@dataclass(frozen=True)
class Parcel:
    """What one warehouse sends: item id → units."""

    warehouse: Warehouse
    units: dict[int, int]


def seller_of(order: Order, *, on: date | None = None) -> Party:
    """Return who sells: the seller of the order's market, with its registrations in force on the day (today).

    Where the order has no market, or its market no seller: ``settings.SELLER``; where that is not set, a party without
    a name, which ``check`` refuses. At most two statements.
    """
    seller = Seller.objects.filter(markets=order.market_id).first() if order.market_id else None
    if seller is None:
        return _configured_seller()
    numbers = registrations(seller_id=seller.pk, on=on or timezone.localdate())
    return Party(
        name=seller.legal_name,
        lines=tuple(line for line in (seller.line1, seller.line2) if line),
        city=seller.city,
        region=seller.region,
        postcode=seller.postcode,
        country=seller.country,
        phone=seller.phone,
        email=seller.email,
        references=References(
            eori=seller.eori,
            vat=numbers.get("GB_VAT" if seller.country == "GB" else "EU_VAT", ""),
            ioss=numbers.get("IOSS", ""),
            voec=numbers.get("VOEC", ""),
            arn=numbers.get("AU_ARN", ""),
            gst=numbers.get({"NZ": "NZ_GST", "SG": "SG_GST"}.get(order.country, ""), ""),
        ),
    )


def _configured_seller() -> Party:
    facts: dict[str, Any] = dict(settings.SELLER)
    numbers = {name: facts.pop(name) for name in ("eori", "vat", "ioss", "voec", "arn", "gst") if name in facts}
    facts["lines"] = tuple(facts.get("lines", ()))
    return Party(**({"name": "", "country": ""} | facts), references=References(**numbers))


def buyer_of(order: Order) -> Party:
    """Return the addressee; ``latin`` and ``local`` of the stored address are its lines in either script, if it has."""
    to = order.ship_to
    return Party(
        name=str(to.get("name", "")),
        lines=tuple(str(to[part]) for part in ("line1", "line2") if to.get(part)),
        city=str(to.get("city", "")),
        region=str(to.get("region", "")),
        postcode=str(to.get("postcode", "")),
        country=order.country,
        phone=str(to.get("phone", "")),
        email=order.email,
        latin=tuple(to.get("latin") or ()),
        local=tuple(to.get("local") or ()),
    )


def language_of(order: Order) -> str:
    """Return the second language of the order's invoice; ``en``: there is none."""
    return LANGUAGES.get(order.country, "en")


def parcels_of(order: Order, *, on: date) -> list[Parcel]:
    """Return the parcels that leave the customs territory of their warehouse. At most three SQL statements."""
    if order.hold_id is None:
        return _unheld(order, on=on)
    parcels: dict[int, Parcel] = {}
    held = HoldLine.objects.filter(hold_id=order.hold_id).select_related("balance__warehouse").order_by("id")
    for line in held:
        warehouse = line.balance.warehouse
        if leaves_territory(warehouse.country, order.country, on):
            parcel = parcels.setdefault(warehouse.id, Parcel(warehouse, {}))
            item = line.balance.item_id
            parcel.units[item] = parcel.units.get(item, 0) + line.quantity - line.cancelled
    return [parcel for parcel in parcels.values() if any(parcel.units.values())]


def _unheld(order: Order, *, on: date) -> list[Parcel]:
    """Without a claim on our stock, the first warehouse of the order's market sends all."""
    if order.market is None:
        return []
    first = order.market.warehouses.order_by("marketwarehouse__rank").first()
    if first is None or not leaves_territory(first.country, order.country, on):
        return []
    units: dict[int, int] = {}
    for line in order.lines.select_related("variant"):
        units[line.variant.item_id] = units.get(line.variant.item_id, 0) + line.quantity
    return [Parcel(first, units)]


def crosses_border(order: Order) -> bool:
    """Tell whether the order is sent and some of it crosses a customs border."""
    return order.state in SENT and bool(parcels_of(order, on=timezone.localdate()))


def declaration_of(
    order: Order, *, warehouse: str = "", on: date | None = None, shipment: Shipment | None = None
) -> Declaration:
    """Return the declaration of the order's parcel, from the warehouse with this code where there are several.

    With ``shipment`` it is of that parcel as it was packed: its units, weight and number. Else of all that the
    warehouse sends. The date is ``on``, else the day on which it left, else today. Values are without the taxes taken
    at the sale; freight and taxes of an order in several parcels are shared by value.

    :raises NoPapers: nobody has paid, or nothing crosses a customs border (from that warehouse).
    :raises SeveralParcels: a warehouse must be named.
    """
    if order.state not in SENT:
        raise NoPapers(f"Order {order.number} is {order.get_state_display().lower()}: only what is paid for is sent.")
    if shipment is not None:
        return _declare_packed(order, shipment, on)
    day = on or _day(order)
    parcels = parcels_of(order, on=day)
    if not parcels:
        raise NoPapers(f"Order {order.number} does not leave the customs territory of its warehouse.")
    chosen = [parcel for parcel in parcels if parcel.warehouse.code == warehouse] if warehouse else parcels
    if not chosen:
        raise NoPapers(f"Nothing of order {order.number} crosses a border from {warehouse}.")
    if len(chosen) > 1:
        raise SeveralParcels(order.number, sorted(parcel.warehouse.code for parcel in chosen))
    return _declare(order, chosen[0], day)


def faults_of(declaration: Declaration) -> list[Fault]:
    """Return what customs would refuse, and what could not be printed."""
    unprintable = papers_data.unprintable(declaration)
    return check(declaration) + [Fault(pointer, "unprintable", str(said)) for pointer, said in unprintable]


def _day(order: Order) -> date:
    left = order.events.filter(to_state__in=LEAVING).first() if order.state not in WAITING else None
    return timezone.localdate(left.created_at) if left else timezone.localdate()


def _declare_packed(order: Order, shipment: Shipment, on: date | None) -> Declaration:
    """Declare a parcel as it was packed; a bundle's parts that another parcel completes are declared with that one."""
    day = on or timezone.localdate(shipment.shipped_at)
    if not leaves_territory(shipment.warehouse.country, order.country, day):
        raise NoPapers(f"Parcel {shipment.number} does not leave the customs territory of its warehouse.")
    units: dict[int, int] = {}
    for part in ShipmentPart.objects.filter(line__shipment=shipment).select_related("allotment"):
        units[part.allotment.item_id] = units.get(part.allotment.item_id, 0) + part.quantity
    whole = dict(shipment.lines.filter(quantity__gt=0).values_list("order_line_id", "quantity"))
    if not whole:
        raise NoPapers(
            f"Parcel {shipment.number} only has parts of what another parcel completes, and is declared there."
        )
    declared = _declare(order, Parcel(shipment.warehouse, units), day, whole)
    number = shipment.tracking_number
    try:
        item_id = s10.parse(number) if number else None
    except s10.NotS10:
        item_id = None
    return replace(
        declared,
        number=shipment.number,
        invoice_number=shipment.number,
        gross_weight_g=max(shipment.weight_g or 0, declared.gross_weight_g),
        tracking=number,
        item_id=item_id,
    )


def _declare(order: Order, parcel: Parcel, on: date, packed: Mapping[int, int] | None = None) -> Declaration:
    lines = list(order.lines.select_related("variant"))
    if packed is None:
        taken = _taken(lines, parcel)
    else:
        taken = [(line, packed[line.id]) for line in lines if line.id in packed]
    materials = dict(
        ProductText.objects.filter(
            product__in={line.variant.product_id for line, _units in taken}, language="en"
        ).values_list("product_id", "material")
    )
    declared = [one for line, units in taken for one in _lines(order, line, units, materials)]
    value = sum((one.value for one in declared), Decimal(0))
    goods = sum((_net(order, line) for line in lines), Decimal(0))
    whole = taken == [(line, line.quantity) for line in lines]
    share = Decimal(1) if whole or not goods else value / goods
    freight = order.shipping - (_shipping_tax(order, lines) if order.tax_included else 0)
    buyer, seller = buyer_of(order), seller_of(order, on=on)
    number = order.number if whole else f"{order.number}-{parcel.warehouse.code}"
    return Declaration(
        number=number,
        on=on,
        sender=seller,
        addressee=buyer,
        incoterm=str(order.quote.get("incoterm") or "DAP"),
        incoterm_place=_place(buyer),
        currency=order.currency,
        lines=tuple(declared),
        # The weight of a variant is that with its packing: nothing is known of a parcel's own before it is weighed.
        gross_weight_g=sum(one.net_weight_g for one in declared),
        invoice_number=number,
        freight=round_money(freight * share, order.currency),
        taxes_collected=round_money((order.tax + order.duty + order.fees) * share, order.currency),
        origin_statement=ORIGIN_STATEMENT,
        route=order.shipping_option,
        dispatched_from=parcel.warehouse.country,
        fx=_fx(order.currency, on),
    )


def _fx(currency: str, on: date) -> FxUsed | None:
    """Return the rate between the museum's own currency and the order's: that of customs, else the reference rate.

    None: they are the same, or no rate is known. A statement for each kind of rates asked.
    """
    base = settings.BASE_CURRENCY
    if currency == base:
        return None
    for kind in ("customs", "reference"):
        rates = exchange.rates(kind=kind, on=on)
        try:
            rate = rates.rate(base, currency)
        except LookupError:
            continue
        return FxUsed(
            base=base,
            quote=currency,
            rate=rate.quantize(RATE_DECIMALS, ROUND_HALF_UP),
            on=rates.day_of(base, currency),
            source=rates.source_of(base, currency),
        )
    return None


def _taken(lines: list[OrderLine], parcel: Parcel) -> list[tuple[OrderLine, int]]:
    """Return the lines with the units that this parcel carries. A bundle goes where its first component goes."""
    left = dict(parcel.units)
    bundles: dict[int, tuple[int, int]] = {}
    for part in BundleComponent.objects.filter(bundle__in={line.variant.item_id for line in lines}).order_by("-id"):
        bundles[part.bundle_id] = (part.component_id, part.quantity)
    taken = []
    for line in lines:
        item, each = bundles.get(line.variant.item_id, (line.variant.item_id, 1))
        units = min(line.quantity, left.get(item, 0) // each)
        if units:
            left[item] -= units * each
            taken.append((line, units))
    return taken


def _net(order: Order, line: OrderLine) -> Decimal:
    return line.amount - line.tax if order.tax_included else line.amount


def _shipping_tax(order: Order, lines: Iterable[OrderLine]) -> Decimal:
    """Return the tax that the price of delivery contains: what the prices contain beyond the goods'."""
    return order.tax_in_prices - sum((line.tax for line in lines), Decimal(0))


def _lines(order: Order, line: OrderLine, units: int, materials: dict[int, str]) -> list[DeclaredLine]:
    """Declare units of a line. A value that does not divide evenly makes two lines, a minor unit apart each."""
    value = round_money(_net(order, line) * units / line.quantity, order.currency)
    minor = Decimal(1).scaleb(-get_currency_precision(order.currency))
    low = (value / units).quantize(minor, rounding="ROUND_DOWN")
    dearer = int((value - low * units) / minor)
    variant = line.variant
    return [
        DeclaredLine(
            sku=line.sku,
            description=variant.customs_description,
            description_local=variant.customs_description_zh if order.country in CHINESE else "",
            quantity=quantity,
            unit_value=each,
            value=each * quantity,
            currency=order.currency,
            net_weight_g=variant.weight_g * quantity,
            hs_code=variant.hs_code,
            origin=variant.origin,
            merchant_product_id=line.sku,
            manufacturer_product_id=variant.manufacturer_product_id,
            composition=materials.get(variant.product_id, ""),
            reproduction_year=variant.reproduction_year,
        )
        for quantity, each in ((units - dearer, low), (dearer, low + minor))
        if quantity
    ]


def _place(buyer: Party) -> str:
    land = papers_data.country(buyer.country)
    return f"{buyer.city}, {land}" if buyer.city and not missing(buyer.city) else land
