"""What is for sale, searched, narrowed and in order, with the counts that say what a further choice would find."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from urllib.parse import urlencode

from django.core.files.storage import default_storage
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shop.catalogue.models import Category
from shop.catalogue.search.finding import ObjectHit
from shop.catalogue.search.finding import find as found_by
from shop.crossborder.models import Market
from shop.crossborder.money import display
from shop.crossborder.offering.browsing import PAGE_SIZE, Found, browse
from shop.crossborder.offering.narrowing import AVAILABILITY, FACETS, SORTS, Filters, band_of, bands
from shop.storefront.queries.cards import Card, stamped_cards

MOST_CHOICES = 16  # of a facet; those with the most products, and the chosen ones
POPULAR = 4  # kinds that are suggested where nothing was found


@dataclass(frozen=True)
class Choice:
    """A value of a facet: how many products it would show; where it is chosen, the query string that takes it back."""

    value: str
    label: str
    count: int
    chosen: bool
    query: str


@dataclass(frozen=True)
class Facet:
    """A group of choices; ``code`` is the key in the query string."""

    code: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Collected:
    """An object of the collection that a search found; ``slug`` is empty where it has no page here."""

    slug: str
    title: str
    maker: str
    date_text: str
    museum: str
    picture: str
    external_url: str


@dataclass(frozen=True)
class Results:
    """One page; ``number`` counts from 1. ``corrected`` is the text that was searched for instead of the typed one.

    ``sorts`` are the orders with their query strings, ``query`` the filters' own; ``suggested`` the kinds with the most
    products (code, label, count), where nothing was found.
    """

    cards: list[Card]
    total: int
    number: int
    pages: int
    facets: list[Facet] = field(default_factory=list)
    corrected: str = ""
    objects: list[Collected] = field(default_factory=list)
    sorts: list[Choice] = field(default_factory=list)
    query: str = ""
    suggested: list[tuple[str, str, int]] = field(default_factory=list)

    @property
    def previous(self) -> int | None:
        """The page before, if any."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The page after, if any."""
        return self.number + 1 if self.number < self.pages else None

    @property
    def chosen(self) -> list[Choice]:
        """Everything that is chosen, whose queries take it back."""
        return [choice for facet in self.facets for choice in facet.choices if choice.chosen]


def find(*, market: Market, language: str, filters: Filters, page: int = 1) -> Results:
    """Return one page of what the filters leave, a page that is none brought into what there is.

    Two statements; with text four, six where the text had to be put right, one more where nothing was found.
    """
    hits = found_by(filters.text, language=language) if filters.text else None
    found = browse(market=market, language=language, filters=filters, page=page, scores=hits.products if hits else None)
    cards = stamped_cards(found.ids, found.stamps, market=market, language=language)
    return Results(
        cards=cards,
        total=found.total,
        number=found.number,
        pages=found.pages,
        facets=_facets(found, filters, market.currency, language),
        corrected=hits.corrected if hits else "",
        objects=[_collected(one) for one in hits.objects] if hits and found.number == 1 else [],
        sorts=_sorts(filters),
        query=urlencode(filters.pairs()),
        suggested=_popular(market, language) if not found.total else [],
    )


def _collected(hit: ObjectHit) -> Collected:
    return Collected(
        slug=hit.slug,
        title=hit.title,
        maker=hit.maker,
        date_text=hit.date_text,
        museum=hit.museum,
        picture=default_storage.url(hit.picture) if hit.picture else "",
        external_url=hit.external_url,
    )


def _popular(market: Market, language: str) -> list[tuple[str, str, int]]:
    counts = browse(market=market, language=language, filters=Filters(), size=1, facets=["category"]).counts
    most = sorted(counts.get("category", []), key=lambda one: (-one[2], one[0]))[:POPULAR]
    return [(value, _category(value), count) for value, _label, count in most]


def _sorts(filters: Filters) -> list[Choice]:
    labels = {
        "recommended": _("Recommended"),
        "newest": _("Newest first"),
        "price": _("Price, low to high"),
        "-price": _("Price, high to low"),
    }
    return [Choice(one, labels[one], 0, one == filters.sort, "") for one in SORTS]


def _facets(found: Found, filters: Filters, currency: str, language: str) -> list[Facet]:
    titles = {
        "category": _("Kind"),
        "museum": _("Museum"),
        "theme": _("Theme"),
        "culture": _("Culture"),
        "period": _("Period"),
        "material": _("Material"),
        "price": _("Price"),
        "availability": _("Availability"),
    }
    facets = []
    for code in FACETS:
        counts = tuple(found.counts.get(code, ()))
        chosen = filters.chosen.get(code, ())
        choices = _choices(code, counts, chosen, currency, language, get_language())
        if chosen:
            choices = tuple(
                replace(one, query=urlencode(filters.toggled(code, one.value).pairs())) if one.chosen else one
                for one in choices
            )
        if choices:
            facets.append(Facet(code, titles[code], choices))
    return facets


@lru_cache(maxsize=4_096)
def _choices(
    code: str,
    found: tuple[tuple[str, str, int], ...],
    chosen: tuple[str, ...],
    currency: str,
    language: str,
    _spoken: str | None,
) -> tuple[Choice, ...]:
    """Return the choices of what was counted. Facets that a further filter leaves alone are put together once."""
    labels = {value: label for value, label, _count in found}
    counts = {value: count for value, _label, count in found}
    return tuple(
        Choice(
            value=value,
            label=labels.get(value) or _worded(code, value, currency, language),
            count=counts.get(value, 0),
            chosen=value in chosen,
            query="",
        )
        for value in _values(code, counts, chosen, currency)
    )


def _values(code: str, counts: dict[str, int], chosen: Sequence[str], currency: str) -> list[str]:
    """Return the values to show, in their order: prices and stock as they rise, centuries in time, else the most."""
    present = {*counts, *chosen}
    if code == "price":
        usual = [_band(low, high) for low, high in bands(currency)]
        return _known_first(usual, present)
    if code == "availability":
        return _known_first(AVAILABILITY, present)
    kept = sorted(counts, key=lambda one: (-counts[one], one))[:MOST_CHOICES]
    kept += [one for one in chosen if one not in kept]
    if code == "period":
        return sorted(kept, key=lambda one: (_century(one) is None, _century(one) or 0))
    return kept


def _known_first(usual: Iterable[str], present: set[str]) -> list[str]:
    known = [one for one in usual if one in present]
    return known + sorted(present - set(known))


def _band(low: int, high: int | None) -> str:
    return f"{low}-{'' if high is None else high}"


def _worded(code: str, value: str, currency: str, language: str) -> str:
    """Return the label of a value whose label no table has; of one that is unknown, the value itself."""
    if code == "category":
        return _category(value)
    if code == "period":
        return _years(value)
    if code == "availability":
        return {"in_stock": _("In stock"), "backorder": _("On order"), "sold_out": _("Sold out")}.get(value, value)
    ends = band_of(value) if code == "price" else None
    if ends is None:
        return value
    low, high = ends
    amounts = {"low": display(low, currency, language), "high": display(high or Decimal(0), currency, language)}
    if high is None:
        return _("%(low)s and more") % amounts
    return _("below %(high)s") % amounts if not low else _("%(low)s to %(high)s") % amounts


def _category(value: str) -> str:
    return str(Category(value).label) if value in Category.values else value


def _century(value: str) -> int | None:
    digits = value.removeprefix("-")
    return int(value) if digits.isascii() and digits.isdigit() and len(digits) <= 3 and int(digits) else None


def _years(value: str) -> str:
    century = _century(value)
    if century is None:
        return value
    first, last = (abs(century) - 1) * 100 + 1, abs(century) * 100
    return f"{first}–{last}" if century > 0 else _("%(years)s BCE") % {"years": f"{last}–{first}"}


__all__ = ["PAGE_SIZE", "Choice", "Collected", "Facet", "Filters", "Results", "find"]
