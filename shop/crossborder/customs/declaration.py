"""What is declared to customs about one parcel: the one record from which every paper and data file is made.

Money is ``Decimal`` in the declaration's currency, without the taxes of the destination; weights are whole grams.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from shop.crossborder.customs.s10 import S10

SALE_OF_GOODS = "sale of goods"


@dataclass(frozen=True)
class References:
    """The numbers by which authorities know a party; empty: none.

    ``ioss`` travels electronically only and is never printed. ``cn_id_masked`` is a Chinese identity number with its
    middle hidden; the whole number is never held here.
    """

    eori: str = ""
    vat: str = ""
    ioss: str = ""
    voec: str = ""
    arn: str = ""
    gst: str = ""
    pccc: str = ""
    cn_id_masked: str = ""

    def printed(self) -> list[tuple[str, str]]:
        """Return label and number of everything that may stand on paper."""
        labels = (
            ("EORI", self.eori),
            ("VAT", self.vat),
            ("VOEC", self.voec),
            ("ARN", self.arn),
            ("GST", self.gst),
            ("PCCC", self.pccc),
            ("ID", self.cn_id_masked),
        )
        return [(label, number) for label, number in labels if number]


@dataclass(frozen=True)
class Party:
    """A person or company with a postal address; ``country`` is ISO 3166-1 alpha-2.

    ``latin`` and ``local`` are the whole address as a label prints it, one line each, name first and country last, in
    Latin letters and in the script of the country. Where they are empty, the lines are made from the parts.
    """

    name: str
    country: str
    company: str = ""
    lines: tuple[str, ...] = ()
    city: str = ""
    region: str = ""
    postcode: str = ""
    phone: str = ""
    email: str = ""
    references: References = field(default_factory=References)
    latin: tuple[str, ...] = ()
    local: tuple[str, ...] = ()

    def label(self) -> tuple[str, ...]:
        """Return the lines made from the parts: name, company, street, postcode and city, region; no country."""
        town = " ".join(part for part in (self.postcode, self.city) if part)
        return tuple(part for part in (self.name, self.company, *self.lines, town, self.region) if part)


@dataclass(frozen=True)
class FxUsed:
    """One unit of ``base`` is ``rate`` units of ``quote``, as published on a day."""

    base: str
    quote: str
    rate: Decimal
    on: date
    source: str


@dataclass(frozen=True)
class DeclaredLine:
    """Goods of one kind. ``value`` and ``net_weight_g`` are those of the whole line.

    ``description`` is English; ``description_local`` the same in the language of the destination. ``reproduction_year``
    is set for a modern reproduction of an old work: the year in which it was made.
    """

    sku: str
    description: str
    quantity: int
    unit_value: Decimal
    value: Decimal
    currency: str
    net_weight_g: int
    hs_code: str
    origin: str
    description_local: str = ""
    merchant_product_id: str = ""
    manufacturer_product_id: str = ""
    composition: str = ""
    reproduction_year: int | None = None

    @property
    def reproduction(self) -> bool:
        """Whether the line is a modern reproduction."""
        return self.reproduction_year is not None

    @property
    def reproduction_statement(self) -> str:
        """The sentence that keeps a replica from being taken for an antique (Regulation (EU) 2019/880); else empty."""
        if self.reproduction_year is None:
            return ""
        return f"Modern reproduction made in {self.reproduction_year}, not an antique, not a cultural good"


@dataclass(frozen=True)
class Declaration:
    """One parcel as it is declared. ``importer`` None: the addressee imports.

    ``incoterm`` is DDP (the seller pays duty and tax) or DAP (the addressee does), ``incoterm_place`` the place named
    with it. ``taxes_collected`` was taken from the buyer at the sale and is no part of the customs value.
    ``dispatched_from`` is the country where the goods lie, where it is not the sender's.
    """

    number: str
    on: date
    sender: Party
    addressee: Party
    incoterm: str
    incoterm_place: str
    currency: str
    lines: tuple[DeclaredLine, ...]
    gross_weight_g: int
    invoice_number: str
    category: str = SALE_OF_GOODS
    importer: Party | None = None
    freight: Decimal = Decimal(0)
    insurance: Decimal = Decimal(0)
    taxes_collected: Decimal = Decimal(0)
    origin_statement: str = ""
    fx: FxUsed | None = None
    route: str = ""
    item_id: S10 | None = None
    tracking: str = ""
    comments: str = ""
    dispatched_from: str = ""

    @property
    def dispatch_country(self) -> str:
        """Where the parcel leaves from."""
        return self.dispatched_from or self.sender.country

    @property
    def goods_value(self) -> Decimal:
        """The value of all lines."""
        return sum((line.value for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        """Goods, freight and insurance."""
        return self.goods_value + self.freight + self.insurance

    @property
    def net_weight_g(self) -> int:
        """The net weight of all lines."""
        return sum(line.net_weight_g for line in self.lines)

    @property
    def importer_of_record(self) -> Party:
        """Who answers for the import."""
        return self.importer or self.addressee
