"""An order's invoice as content: its lines, the sentences of its treatments, the seller's numbers for its route."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from shop.crossborder.exchange import queries as exchange
from shop.crossborder.exchange.rates import UnknownCurrency
from shop.crossborder.money import round_money
from shop.orders.documents import writing
from shop.orders.documents.amounts import ZERO, Charge, What
from shop.orders.documents.content import Item, Paper, address_block, compose, dates, name_of
from shop.orders.documents.reading import Sale, terms_of
from shop.orders.documents.rules import labels, registration_rule
from shop.orders.documents.treatment import AT_THE_BORDER, Number, Route, Treatment, number_for, sentences, tax_currency
from shop.orders.models import Order


@dataclass(frozen=True)
class Legal:
    """What the law wants on the paper: the numbers, the sentences, and the currencies that the tax is stated in too."""

    numbers: tuple[Number, ...]
    notes: tuple[dict[str, str], ...]
    tax_currencies: tuple[str, ...]
    heading: str


def invoice_content(sale: Sale, *, number: str, issued_on: date) -> dict[str, object]:
    """Return the frozen content of the order's invoice. One statement more where the tax is in two currencies."""
    order = sale.order
    language = writing.language_of(order.language)
    words = labels(language)
    legal = legal_of(sale, language)
    items = tuple(_item(sale, one, language) for one in sale.charges)
    facts = [
        *dates([("date_of_issue", issued_on)], language),
        ("order", order.number),
        *dates([("order_date", timezone.localdate(order.placed_at)), ("date_of_supply", sale.on)], language),
    ]
    own_tax = sum((one.tax for one in sale.charges if one.group.treatment not in AT_THE_BORDER), ZERO)
    asides = tax_elsewhere(own_tax, legal.tax_currencies, order.currency, sale.on, language)
    if order.due_on_delivery:
        due = writing.money(order.due_on_delivery, order.currency, language)
        asides.append(f"{words['at_the_door']}{writing.COLON[language]}{due}")
    return compose(
        Paper(
            kind="invoice",
            language=language,
            currency=order.currency,
            number=number,
            heading=words[legal.heading],
            seller=sale.seller,
            seller_numbers=legal.numbers,
            buyer=buyer_of(order, language),
            facts=tuple(facts),
            items=items,
            notes=legal.notes,
            closing=words["paid"],
            asides=tuple(asides),
        )
    )


def buyer_of(order: Order, language: str) -> tuple[str, ...]:
    """Return the buyer's name, address and e-mail address, a line each."""
    mail = (writing.legible(order.email),) if order.email else ()
    return (*address_block(order.ship_to, order.country, language), *mail)


def legal_of(sale: Sale, language: str) -> Legal:
    """Return what the treatments of the order's lines ask of the paper, each said once."""
    numbers: dict[Number, None] = {}
    notes: dict[str, dict[str, str]] = {}
    currencies: dict[str, None] = {}
    heading = "invoice"
    country = writing.country(sale.order.country, language)
    for found, route in dict.fromkeys(zip(sale.treatments, sale.routes, strict=True)):
        number = number_for(found, route, registered=sale.numbers, on=sale.on)
        if number is not None:
            numbers[number] = None
            heading = registration_rule(number.kind).title or heading
        for note in sentences(
            found,
            route,
            terms=terms_of(sale.order),
            imports=_speaks_of_import(sale, found),
            language=language,
            country=country,
            on=sale.on,
        ):
            notes[note["text"]] = note
        wanted = tax_currency(found, route, number=number, seller_country=sale.seller.country, on=sale.on)
        if wanted and wanted != sale.order.currency:
            currencies[wanted] = None
    if not numbers:
        own = _own(sale)
        numbers |= {own: None} if own else {}
    return Legal(tuple(numbers), tuple(notes.values()), tuple(currencies), heading)


def _speaks_of_import(sale: Sale, found: Treatment) -> bool:
    """Tell whether duty or tax at the border was charged with these lines, or may be asked for at the door."""
    if found is Treatment.AT_SALE:
        charged = any(one.what is What.DUTY and one.group.treatment == found for one in sale.charges)
        return charged if sale.prepaid else bool(sale.order.due_on_delivery)
    if found not in AT_THE_BORDER or not sale.prepaid:
        return found in AT_THE_BORDER
    return any((one.tax or one.what is What.DUTY) and one.group.treatment == found for one in sale.charges)


def _own(sale: Sale) -> Number | None:
    """Return the number under which the seller's own country knows it, where no route names another."""
    home = Route(sale.seller.country, sale.seller.country, imported=False)
    return number_for(Treatment.DOMESTIC, home, registered=sale.numbers, on=sale.on)


def tax_elsewhere(total: Decimal, currencies: tuple[str, ...], currency: str, on: date, language: str) -> list[str]:
    """Return the tax in the currencies of the law, at the reference rate of the tax point (Directive 2006/112/EC, 91).

    A currency without a known rate is left out.
    """
    if not currencies or not total:
        return []
    words, rates = labels(language), exchange.rates(kind="reference", on=on)
    said = []
    for other in currencies:
        try:
            rate, quoted = rates.rate(currency, other), rates.day_of(currency, other)
        except UnknownCurrency:
            continue
        amount = writing.money(round_money(total * rate, other), other, language)
        of_day = f"({words['rate_of']} {writing.day(quoted, language)})"
        said.append(f"{words['tax_in']} {other}{writing.COLON[language]}{amount} {of_day}")
    return said


def _item(sale: Sale, charge: Charge, language: str) -> Item:
    words = labels(language)
    if charge.what is not What.GOODS:
        order = sale.order
        details = []
        if charge.what is What.DELIVERY:
            details.append(str(order.quote.get("shipping_name") or ""))
            if order.gift_wrap_amount:
                wrapping = writing.money(order.gift_wrap_amount, order.currency, language)
                details.append(f"{words['gift_wrap']} {wrapping}")
        return Item(name_of(charge, words), tuple(details), charge)
    line = next(one for one in sale.lines if one.position == charge.position)
    reduced = ""
    if line.discount:
        # What the buyer was shown: with the tax where prices contain it. Tax due at the door comes off such a price.
        off = sale.order.tax_included and not sale.prepaid and charge.group.rate is None
        discount = writing.money(line.discount, sale.order.currency, language)
        reduced = f"{words['taken_off' if off else 'reduced_by']} {discount}"
    return Item(line.name, (line.option, f"{words['item_no']} {line.sku}", reduced), charge, order_line=line.pk)
