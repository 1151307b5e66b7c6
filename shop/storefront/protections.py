"""What pages say of shoppers' rights: withdrawal, the maker of a product, and what a price contains."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from shop.catalogue.models import ProductText
from shop.crossborder.models import Incoterm, Market
from shop.crossborder.protections import gpsr
from shop.crossborder.protections.gpsr import Contact, Missing
from shop.crossborder.protections.makers import safety_facts
from shop.crossborder.protections.obligations import Obligation, obligation
from shop.crossborder.protections.withdrawal import shared_days, withdrawal_right
from shop.storefront.places import country_name, html_lang

# Where the tax on goods is called GST.
GST = frozenset({"AU", "CA", "NZ", "SG"})


@dataclass(frozen=True)
class Safety:
    """A product's maker and safety in words; ``gaps`` say what is not known.

    ``warnings_lang`` is set where the warnings are in another language than the page.
    """

    manufacturer: list[str]
    responsible: list[str]
    identifiers: str
    warnings: str
    warnings_lang: str
    gaps: list[str]


def _line(days: int | None) -> str:
    return _("You may withdraw within %(days)s days of delivery.") % {"days": days} if days else ""


def withdrawal_line(country: str, on: date) -> str:
    """Return the sentence on withdrawing from a sale to the country; empty where its law gives no such right."""
    right = withdrawal_right(country, on)
    return _line(right.days if right else None)


def market_withdrawal_line(market: Market, on: date) -> str:
    """Return the sentence that holds in every country of the market; empty where it does not in one."""
    return _line(shared_days(market.countries, on))


def tax_note(market: Market) -> str:
    """Say what the market's prices contain."""
    at_the_door = market.incoterm == Incoterm.DAP
    if not market.prices_include_tax:
        return _("excl. tax and duty, paid on delivery") if at_the_door else _("excl. tax, shown before you pay")
    if at_the_door:
        return _("incl. VAT, part of it paid on delivery")
    return _("incl. GST") if market.countries[0] in GST else _("incl. VAT")


def _contact(contact: Contact | None, language: str) -> list[str]:
    if contact is None:
        return []
    country = country_name(contact.country, language) if contact.country else ""
    return [line for line in (contact.name, *contact.address, country, contact.email) if line]


def safety(text: ProductText, skus: Sequence[str], market: Market, language: str, on: date) -> Safety | None:
    """Return the block that an offer shows (Regulation (EU) 2023/988, article 19); None: nothing is offered, or the
    market delivers nowhere that asks for it.
    """
    if not skus or obligation(Obligation.GPSR, market.countries, on) is None:
        return None
    facts = safety_facts(text.product.manufacturer, identifier=", ".join(skus), warnings=text.warnings)
    needed = facts.manufacturer is not None and gpsr.needs_responsible(facts.manufacturer, on)
    return Safety(
        manufacturer=_contact(facts.manufacturer, language),
        responsible=_contact(facts.responsible, language) if needed else [],
        identifiers=facts.identifier,
        warnings=facts.warnings,
        warnings_lang="" if text.language == language else html_lang(text.language),
        gaps=[_gap(one) for one in gpsr.missing(facts, on=on)],
    )


def _gap(missing: Missing) -> str:
    match missing:
        case Missing.MANUFACTURER:
            return _("We have not recorded yet who made this. Please ask us before you buy.")
        case Missing.RESPONSIBLE:
            return _("We have not recorded yet who answers for this product in the European Union.")
        case Missing.MANUFACTURER_ADDRESS:
            return _("We have not recorded the manufacturer’s postal address yet. Please ask us before you buy.")
        case Missing.MANUFACTURER_EMAIL:
            return _("We have not recorded the manufacturer’s electronic address yet. Please ask us before you buy.")
        case Missing.IDENTIFIER:
            return _("We have not recorded a number of this product yet.")
