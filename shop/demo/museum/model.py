"""The shape of the demo's content. Texts map a language to words; amounts are text."""

from dataclasses import dataclass

Words = dict[str, str]


@dataclass(frozen=True)
class MuseumFacts:
    """An invented museum; ``prefix`` begins its accession numbers."""

    slug: str
    name: Words
    introduction: Words
    city: str
    country: str
    prefix: str


@dataclass(frozen=True)
class DemoObject:
    """A real work; ``motif`` is its short name in products. Years before the common era are negative."""

    slug: str
    museum: str
    accession_number: str
    title: Words
    motif: Words
    description: Words
    maker: str
    date_text: str
    year_from: int
    year_to: int
    culture: str
    technique: str
    classification: str
    credit_line: str
    themes: tuple[str, ...]
    ornament: str
    palette: str


@dataclass(frozen=True)
class DemoVariant:
    """One SKU: prices by currency (tax as the market shows it), stock by warehouse (units)."""

    sku: str
    option: Words
    hs_code: str
    origin: str
    weight_g: int
    prices: dict[str, str]
    unit_cost_gbp: str
    stock: dict[str, int]
    tmall: bool


@dataclass(frozen=True)
class DemoProduct:
    """Something made after one work by one partner under one agreement."""

    slug: str
    museum: str
    category: str
    objects: tuple[str, ...]
    name: Words
    description: Words
    material: Words
    care: Words
    ornament: str
    palette: str
    agreement: str
    variants: tuple[DemoVariant, ...]


@dataclass(frozen=True)
class DemoPartner:
    """A licensee."""

    code: str
    name: str
    country: str


@dataclass(frozen=True)
class LicenceAgreement:
    """A licence between a museum and a partner; rates are fractions as text, ``*`` means all."""

    number: str
    licensor: str
    licensee: str
    effective_from: str
    effective_to: str
    territories: tuple[str, ...]
    channels: tuple[str, ...]
    categories: tuple[str, ...]
    rate_web: str
    rate_tmall: str
    base: str
    currency: str


@dataclass(frozen=True)
class DemoMuseum:
    """Everything."""

    museums: tuple[MuseumFacts, ...]
    objects: tuple[DemoObject, ...]
    products: tuple[DemoProduct, ...]
    partners: tuple[DemoPartner, ...]
    agreements: tuple[LicenceAgreement, ...]
