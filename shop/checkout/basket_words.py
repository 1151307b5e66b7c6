"""What is to be said of a basket, in the reader's language: its news, its lines, codes that do not hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from licensing.rights.may_sell import Denial
from shop.checkout import errors
from shop.checkout.lines import BasketRow
from shop.checkout.news import News
from shop.checkout.promotions.reckoning import Dropped, Reason
from shop.crossborder.money import display


@dataclass(frozen=True)
class Said:
    """A stable code with its sentence; ``blocking``: the line cannot be ordered as it is."""

    code: str
    message: str
    blocking: bool = True


def rights(codes: tuple[str, ...]) -> str:
    """Say in plain words why rights forbid the sale of an article there."""
    if Denial.OUT_OF_TERRITORY in codes:
        return _("Its licence does not cover this country. Please remove it to continue.")
    if Denial.OUT_OF_TERM in codes or Denial.AGREEMENT_INACTIVE in codes:
        return _("Its licence has ended, so we no longer sell it. Please remove it to continue.")
    if Denial.OUT_OF_CHANNEL in codes:
        return _("Its licence does not let us sell it on this site. Please remove it to continue.")
    return _("We have no licence to sell it at present. Please remove it to continue.")


def of_line(row: BasketRow, currency: str, language: str) -> list[Said]:
    """Return what is to be said of a line: why it cannot be bought, how many are left, that its price changed."""
    said = []
    if row.unit_price is None:
        said.append(Said("no_price", _("We do not sell it in this country. Please remove it to continue.")))
    elif row.codes:
        said += [Said(row.codes[0], rights(row.codes))]
    elif row.available is not None and row.available <= 0:
        said.append(Said("sold_out", _("Sold out. Please remove it to continue.")))
    elif row.available is not None and row.available < row.line.quantity:
        left = {"left": row.available}
        said.append(Said("stock_short", _("Only %(left)s left. Please lower the quantity.") % left))
    if row.price_before is not None and row.unit_price is not None:
        prices = {
            "before": display(row.price_before, currency, language),
            "now": display(row.unit_price, currency, language),
        }
        sentence = (
            _("The price went up from %(before)s to %(now)s since you put it in.")
            if row.unit_price > row.price_before
            else _("The price went down from %(before)s to %(now)s since you put it in.")
        )
        said.append(Said("price_changed", sentence % prices, blocking=False))
    return said


def _money(amount: Any, currency: str, language: str) -> str:
    return display(Decimal(str(amount)), currency, language)


def refused(code: str, reason: str, *, missing: Any = 0, minimum: Any = 0, currency: str, language: str) -> str:
    """Say why a promotion code does not hold."""
    facts = {"code": code}
    if reason == Reason.BELOW_MINIMUM:
        return _("The code %(code)s holds from %(minimum)s of goods; %(missing)s are missing.") % {
            **facts,
            "minimum": _money(minimum, currency, language),
            "missing": _money(missing, currency, language),
        }
    sentences = {
        Reason.NOT_STARTED: _("The code %(code)s does not hold yet."),
        Reason.ENDED: _("The code %(code)s has ended."),
        Reason.INACTIVE: _("The code %(code)s has ended."),
        Reason.OTHER_MARKET: _("The code %(code)s does not hold in this country."),
        Reason.NO_MATCH: _("The code %(code)s does not hold for these articles."),
        Reason.USED_UP: _("The code %(code)s is used up."),
        Reason.USED_BY_CUSTOMER: _("You have used the code %(code)s as often as it allows."),
        Reason.NOT_COMBINABLE: _("The code %(code)s cannot be combined with another one."),
        Reason.TOO_MANY: _("There are as many codes in the basket as it takes."),
    }
    return sentences.get(Reason(reason), _("We do not know the code %(code)s.")) % facts


def dropped(one: Dropped, currency: str, language: str) -> str:
    """Say why a code does not hold."""
    return refused(one.code, one.reason, missing=one.missing, minimum=one.minimum, currency=currency, language=language)


def news(entry: Mapping[str, Any], *, names: Mapping[str, str], markets: Mapping[str, str], language: str) -> str:
    """Return an entry of the basket's news as a sentence; ``names``: SKU → name; ``markets``: code → name."""
    code, sku = entry["code"], str(entry.get("sku", ""))
    article = {"name": names.get(sku, sku), "maximum": entry.get("maximum", "")}
    if code == News.CODE_REMOVED:
        why = refused(
            entry["promotion_code"],
            entry["reason"],
            missing=entry.get("missing", 0),
            minimum=entry.get("minimum", 0),
            currency=entry.get("currency", "EUR"),
            language=language,
        )
        return _("%(why)s It was taken out of the basket.") % {"why": why}
    if code == News.MARKET_SWITCHED:
        place = str(entry.get("to", ""))
        return _("Your basket now shows prices for %(place)s.") % {"place": markets.get(place, place)}
    sentences = {
        News.NOT_SOLD_HERE: _("“%(name)s” cannot be sold there. It stays in the basket until you remove it."),
        News.WRAP_REMOVED: _("Gift wrap is not offered here and was taken out."),
        News.MERGED: _("What you had put in as a guest was added to your basket."),
        News.QUANTITY_LOWERED: _("“%(name)s”: a basket holds at most %(maximum)s of one article."),
        News.LINE_LEFT_OUT: _("“%(name)s” was left out: a basket holds at most %(maximum)s different articles."),
    }
    return sentences.get(code, str(code)) % article


def bad_text(error: errors.BadText) -> str:
    """Say what is wrong with a gift message or note."""
    if error.reason == "too_long":
        return _("Please write at most %(maximum)s characters.") % {"maximum": error.maximum}
    return _("Please leave out control characters.")
