"""A landed cost as JSON-ready data, with the rules behind it: what the API shows and an order keeps. Pure."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from shop.crossborder.landed_cost.answer import LandedCost, Notice, QuotedConsignment, Step
from shop.crossborder.landed_cost.money import minor_unit, rounded
from shop.crossborder.rulebook.book import RuleBook
from shop.crossborder.rulebook.entries import Entry
from shop.crossborder.rulebook.rows import to_row


def answer_json(found: LandedCost, book: RuleBook) -> dict[str, Any]:
    """Return the answer, amounts as text, every step of the working, and each rule that it names."""
    unit = minor_unit(found.currency)

    def text(amount: Decimal) -> str:
        return str(rounded(amount, unit))

    return {
        "kind": str(found.kind),
        "incoterm": str(found.incoterm),
        "currency": found.currency,
        "country": found.country,
        "jurisdiction": found.jurisdiction,
        "route": found.route,
        "goods": text(found.goods),
        "shipping": text(found.shipping),
        "duty": text(found.duty),
        "tax": text(found.tax),
        "fees": text(found.fees),
        "tax_in_prices": text(found.tax_in_prices),
        "total": text(found.total),
        "payable_now": text(found.payable_now),
        "payable_on_delivery": text(found.payable_on_delivery),
        "consignments": [_consignment(one, unit) for one in found.consignments],
        "steps": [_step(one) for one in found.steps],
        "rules": rules_json(_keys(found), book),
        "reasons": [notice_json(one) for one in found.reasons],
        "cautions": [notice_json(one) for one in found.cautions],
        "rulebook": found.rulebook,
    }


def _consignment(one: QuotedConsignment, unit: Decimal) -> dict[str, Any]:
    def text(amount: Decimal) -> str:
        return str(rounded(amount, unit))

    return {
        "from_country": one.from_country,
        "route": one.route,
        "imported": one.imported,
        "collected_at_sale": one.collected_at_sale,
        "goods": text(one.goods),
        "shipping": text(one.shipping),
        "duty": text(one.duty),
        "tax": text(one.tax),
        "fees": text(one.fees),
        "payable_on_delivery": text(one.due_duty + one.due_tax + one.due_fees),
        "lines": [
            {
                "sku": line.sku,
                "quantity": line.quantity,
                "unit_price": plain(line.unit_price),
                "amount": text(line.goods),
                "shipping": text(line.shipping),
                "duty": text(line.duty),
                "tax": text(line.tax),
                "tax_rate": None if line.tax_rate is None else plain(line.tax_rate),
            }
            for line in one.lines
        ],
    }


def plain(amount: Decimal) -> str:
    """Return a number as text without exponent or needless zeros."""
    return f"{amount.normalize():f}"


def _step(step: Step) -> dict[str, Any]:
    return {
        "step": str(step.code),
        "consignment": step.consignment,
        "line": step.line if step.line >= 0 else None,
        "rule": step.rule or None,
        "base": plain(step.base),
        "rate": None if step.rate is None else plain(step.rate),
        "amount": plain(step.amount),
    }


def notice_json(notice: Notice) -> dict[str, str]:
    """Return a reason, caution or refusal: its code, the rule and the goods or place it is about."""
    return {"code": str(notice.code), "rule": notice.rule, "about": notice.about}


def _keys(found: LandedCost) -> list[str]:
    keys = [step.rule for step in found.steps] + [one.rule for one in (*found.reasons, *found.cautions)]
    return sorted({key for key in keys if key})


def rules_json(keys: Iterable[str], book: RuleBook) -> dict[str, dict[str, Any]]:
    """Return key → row as text by column, with its sources' titles and addresses."""
    found: dict[str, dict[str, Any]] = {}
    for key in keys:
        row = book.entries.get(key)
        if isinstance(row, Entry):
            sources = [book.sources[one] for one in row.sources if one in book.sources]
            found[key] = to_row(row) | {
                "confirmed": row.confirmed,
                "sources": [{"id": one.key, "title": one.title, "url": one.url} for one in sources],
            }
    return found
