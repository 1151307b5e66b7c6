"""The three documents as facts, without the identity card: its number joins them only when a message is made."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """Which of the three."""

    ORDER = "order"
    PAYMENT = "payment"
    LOGISTICS = "logistics"


class AppType(StrEnum):
    """Whether customs is told something new or something changed."""

    NEW = "1"
    CHANGED = "2"


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field: JSON pointer, a stable code, a sentence."""

    pointer: str
    code: str
    message: str


class InvalidFiling(ValueError):
    """The documents cannot be filed; every fault is named, none with an identity number in it."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__(" ".join(f"{fault.pointer}: {fault.message}" for fault in faults))


@dataclass(frozen=True)
class Company:
    """A company by its number and name in the customs register."""

    code: str
    name: str


@dataclass(frozen=True)
class Identity:
    """A person as on her resident identity card. The number never shows in a repr."""

    name: str
    number: str = field(repr=False)


@dataclass(frozen=True)
class Transfer:
    """Who carries the messages to the E-port, with the address on its exchange platform."""

    company: Company
    dxp_id: str


@dataclass(frozen=True)
class Stamp:
    """What makes a message this message: id (36 characters), new or changed, and when it is sent (aware)."""

    guid: str
    app_type: AppType
    at: datetime


@dataclass(frozen=True)
class Consignee:
    """Who receives the parcel; the same in order and waybill."""

    name: str
    telephone: str
    address: str


@dataclass(frozen=True)
class Item:
    """Goods of one line: ``price`` a piece without tax in CNY; ``unit`` and ``country`` are codes of customs."""

    sku: str
    name: str
    quantity: int
    price: Decimal
    unit: str
    country: str

    @property
    def total(self) -> Decimal:
        """What the line costs."""
        return self.price * self.quantity


@dataclass(frozen=True)
class OrderDocument:
    """CEB311. Amounts in CNY: goods and freight without tax; ``discount`` is what vouchers paid, not a lower price."""

    order_no: str
    platform: Company
    merchant: Company
    goods: Decimal
    freight: Decimal
    discount: Decimal
    tax: Decimal
    paid: Decimal
    currency: str
    buyer_account: str
    buyer_telephone: str
    consignee: Consignee
    items: tuple[Item, ...]


@dataclass(frozen=True)
class PaymentDocument:
    """CEB411. ``paid_at`` is aware."""

    order_no: str
    platform: Company
    pay_company: Company
    transaction_id: str
    telephone: str
    paid: Decimal
    currency: str
    paid_at: datetime


@dataclass(frozen=True)
class LogisticsDocument:
    """CEB511. Fees in CNY, ``weight`` gross in kilograms."""

    order_no: str
    company: Company
    number: str
    freight: Decimal
    insured_fee: Decimal
    currency: str
    weight: Decimal
    packs: int
    goods_info: str
    consignee: Consignee


@dataclass(frozen=True)
class FilingRequest:
    """What a caller wants filed. ``source`` names the sale once and for all, e.g. ``order:VT-2026-000123``.

    ``identity_ref`` names the kept identity of the person who ordered, ``payer_ref`` of the one who paid (empty: not
    known yet; the filing then waits). ``logistics`` is None as long as there is no waybill.
    """

    source: str
    order: OrderDocument
    payment: PaymentDocument
    logistics: LogisticsDocument | None
    identity_ref: str
    payer_ref: str
