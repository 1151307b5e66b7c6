"""The evidence as one PDF that a bank's clerk reads from the top."""

from datetime import date
from pathlib import Path
from typing import Any

from shop.crossborder.customs.glyphs import missing, printable
from shop.crossborder.customs.typesetting import typeset
from shop.crossborder.legal.text import blocks
from shop.crossborder.money import display
from shop.payments.evidence.facts import Evidence

TEMPLATES = Path(__file__).parent / "templates"
STAND_IN = "□"  # for a character that no font has: what is left out must be seen


def bundle(evidence: Evidence, *, statement: str, on: date) -> bytes:
    """Return the bundle; ``statement`` is what a person adds in words. The same input gives the same bytes."""
    return typeset("evidence", _data(evidence, statement, on), on=on, folder=TEMPLATES)


def _shown(text: str) -> str:
    gone = set(missing(text)) - {"\n"}
    return printable("".join(STAND_IN if one in gone else one for one in text))


def _moment(when: Any) -> str:
    return f"{when:%Y-%m-%d %H:%M} UTC" if when else "–"


def _data(evidence: Evidence, statement: str, on: date) -> dict[str, Any]:
    dispute, order = evidence.dispute, evidence.order
    payment = dispute.payment
    return {
        "title": f"Evidence, order {order.number}",
        "author": _shown(evidence.seller) or "The shop",
        "local": {"lang": "en", "region": "GB"},
        "number": order.number,
        "date": on.isoformat(),
        "dispute": [
            ["Dispute", dispute.stripe_id],
            ["Payment", payment.payment_intent],
            ["Amount", display(dispute.amount, dispute.currency, "en")],
            ["Reason given", dispute.reason.replace("_", " ").capitalize()],
            ["Answer due", _moment(dispute.due_by)],
        ],
        "order": [
            ["Order", order.number],
            ["Placed", _moment(order.placed_at)],
            ["Paid", _moment(order.paid_at)],
            ["E-mail", _shown(order.email) or "–"],
            ["State", str(order.get_state_display())],
        ],
        "statement": [_shown(one) for one in statement.strip().split("\n\n") if one.strip()],
        "address": [_shown(one) for one in evidence.address],
        "lines": [[_shown(one.sku), _shown(one.name), str(one.quantity), one.amount] for one in evidence.lines],
        "sums": [list(one) for one in evidence.sums],
        "quote": [_shown(one) for one in evidence.quote],
        "agreed": [
            {"when": f"{_moment(one.at)}, in {one.language}, version {_shown(one.version)}", "text": _shown(one.text)}
            for one in evidence.agreed
        ],
        "timeline": [[_moment(one.at), _shown(one.what)] for one in evidence.timeline],
        "parcels": [
            [
                one.number,
                _shown(one.carrier) or "–",
                _shown(one.tracking) or "–",
                _moment(one.left_on),
                _moment(one.arrived_on),
                _shown(one.holds),
            ]
            for one in evidence.parcels
        ],
        "letters": [
            {
                "sent": f"{_moment(one.sent_at)}, to {_shown(one.recipient)}",
                "subject": _shown(one.subject),
                "text": [_shown(part) for part in one.text.split("\n\n") if part.strip()],
            }
            for one in evidence.letters
        ],
        "pages": [
            {
                "title": _shown(page.title),
                "since": f"Version {page.version}, in force since {page.valid_from.isoformat()}",
                "blocks": [[block.level, _shown(block.text)] for block in blocks(page.body)],
            }
            for page in evidence.pages
        ],
    }
