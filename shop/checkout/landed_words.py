"""What the landed-cost engine says, in the reader's language: rules, reasons for an estimate, cautions, refusals."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from shop.crossborder.landed_cost.answer import Caution, Kind, Notice, Reason
from shop.crossborder.money import display
from shop.crossborder.rulebook.book import RuleBook
from shop.crossborder.rulebook.entries import Combine, DutyKind, DutyRate, Fee, Procedure, Restriction, TaxRate


def rule(row: Any, language: str, percent: Callable[[Decimal, str], str]) -> str:
    """Return the rule's name with its rate or amount, e.g. ``VAT 20%`` or ``Customs duty €3.00 an article type``."""
    if isinstance(row, TaxRate):
        return f"{row.name} {percent(row.rate, language)}"
    if isinstance(row, DutyRate):
        name = _("Additional duty") if row.combine in {Combine.ADD, Combine.TOP_UP_TO} else _("Customs duty")
        if row.combine is Combine.PREFERENCE:
            name = _("Preferential duty")
        if row.kind is DutyKind.PER_ITEM and row.amount is not None:
            amount = display(row.amount, row.currency, language)
            return _("%(name)s, %(amount)s for each kind of article") % {"name": name, "amount": amount}
        if row.combine is Combine.TOP_UP_TO and row.rate is not None:
            return _("%(name)s up to %(rate)s in all") % {"name": name, "rate": percent(row.rate, language)}
        return f"{name} {percent(row.rate, language)}" if row.rate is not None else name
    if isinstance(row, Fee):
        return row.name
    return str(getattr(row, "name", ""))


def _subject(notice: Notice, book: RuleBook) -> str:
    return _named(book.entries.get(notice.rule)) or notice.about


def _named(row: Any) -> str:
    return _subject_of(type(row)) or str(getattr(row, "name", ""))


def _frozen_name(row: Mapping[str, Any]) -> str:
    """Return the subject of a frozen rule: of those without a name, by the columns that its kind alone has."""
    kind = Procedure if "permit_only" in row else Restriction if "action" in row else None
    return _subject_of(kind) or str(row.get("name") or "")


def _subject_of(kind: type | None) -> str:
    if kind is Procedure:
        return _("how customs values these goods")
    if kind is Restriction:
        return _("whether customs lets these goods take the way of small imports")
    return ""


def reasons(notices: Iterable[Notice], book: RuleBook) -> list[str]:
    """Return why a quote is an estimate: a sentence for each kind of reason, said once."""
    said: dict[str, None] = {}
    for one in notices:
        said[_reason(one, book)] = None
    return list(said)


def frozen_reasons(quote: Mapping[str, Any]) -> list[str]:
    """Return why an order's frozen quote was an estimate; nothing for one that was final."""
    if quote.get("kind") != Kind.ESTIMATE:
        return []
    rules = quote.get("rules", {})
    said: dict[str, None] = {}
    for one in quote.get("reasons", []):
        row = rules.get(one.get("rule"), {}) if isinstance(rules, dict) else {}
        said[_sentence(one.get("code", ""), _frozen_name(row) or str(one.get("about") or ""))] = None
    return list(said) or [_("The duty and tax on your parcel may differ.")]


def _reason(one: Notice, book: RuleBook) -> str:
    return _sentence(one.code, _subject(one, book) or one.about)


def _sentence(code: str, subject: str) -> str:
    if code == Reason.RULE_UNCONFIRMED:
        return _("A rule still awaits confirmation, so duty or tax may differ: %(rule)s.") % {"rule": subject}
    sentences: dict[str, str] = {
        Reason.COUNTRY_WITHOUT_RULES: _(
            "We do not know the duty and tax of this country yet; they may be asked of you on delivery."
        ),
        Reason.TAX_RULE_MISSING: _("We know no tax rate for this place, so tax may be asked of you on delivery."),
        Reason.DUTY_RULE_MISSING: _("We know no duty rate for some goods, so duty may be asked of you on delivery."),
        Reason.PROCEDURE_MISSING: _("We do not know how this country values parcels, so duty and tax may differ."),
        Reason.RULE_EXPIRED: _("A rule has ended and its successor is not known yet, so duty or tax may differ."),
        Reason.EXCHANGE_RATE_OLD: _("The exchange rate is some days old, so duty or tax may differ a little."),
    }
    return sentences.get(code, code)


def cautions(notices: Iterable[Notice], book: RuleBook) -> list[str]:
    """Return what the shopper should know though it changes no figure, each said once."""
    said: dict[str, None] = {}
    for one in notices:
        if one.code == Caution.FEE_ANNOUNCED:
            said[_("A fee has been announced and is not in this total: %(fee)s.") % {"fee": _subject(one, book)}] = None
        elif one.code in {Caution.DOCUMENT, Caution.LICENCE}:
            said[_("Some goods need papers at the border; we see to them.")] = None
    return list(said)


def refusals(notices: Iterable[Notice], names: dict[str, str]) -> list[str]:
    """Return why goods may not go there, each said once; ``names`` is SKU → name."""
    said: dict[str, None] = {}
    for one in notices:
        if one.code == "refused":
            sentence = _("Customs does not let personal parcels in above %(limit)s.") % {"limit": one.about}
        elif one.code == "no_route":
            sentence = _("There is no way for these goods through customs there.")
        else:
            sentence = _("%(name)s may not be sent there.") % {"name": names.get(one.about, one.about)}
        said[sentence] = None
    return list(said)
