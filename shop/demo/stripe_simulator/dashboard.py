"""What the shop's people and the banks do at Stripe, outside the API: answer debits, pay back, dispute, decide."""

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from shop.demo.stripe_simulator import books, currencies, disputes, refunds, sessions
from shop.demo.stripe_simulator.books import Body, Step
from shop.demo.stripe_simulator.refusals import ApiError

_PATH = re.compile(r"/(sessions|charges|refunds|disputes)/([a-z]+_(?:test_)?[A-Za-z0-9]+)/([a-z]+)")
DONE = {
    "settle": "The bank took the debit.",
    "fail": "The bank refused.",
    "refund": "The money was sent back.",
    "dispute": "The bank took the money back: a dispute is open.",
    "win": "The shop won the dispute.",
    "lose": "The shop lost the dispute.",
}


class WrongMove(Exception):
    """What was pressed cannot be done now; one sentence."""


def _refund(step: Step, charge: Body, form: Mapping[str, Any]) -> Body:
    amount = str(form.get("amount") or "")
    if amount and not (amount.isascii() and amount.isdigit() and int(amount)):
        raise WrongMove("An amount is a whole number of minor units, e.g. pence.")
    params: dict[str, Any] = {"charge": charge["id"], "metadata": {}}
    return refunds.refund(step, params | ({"amount": int(amount)} if amount else {}))


# (kind in the address, verb) → the kind in the books, and what happens.
MOVES: dict[tuple[str, str], tuple[str, Callable[[Step, Body, Mapping[str, Any]], Body]]] = {
    ("sessions", "settle"): (sessions.KIND, lambda step, body, _: sessions.settle(step, body, paid=True)),
    ("sessions", "fail"): (sessions.KIND, lambda step, body, _: sessions.settle(step, body, paid=False)),
    ("charges", "refund"): ("charge", _refund),
    ("charges", "dispute"): (
        "charge",
        lambda step, body, form: disputes.open_dispute(step, body, reason=str(form.get("reason") or "fraudulent")),
    ),
    ("refunds", "settle"): ("refund", lambda step, body, _: refunds.settle(step, body, paid=True)),
    ("refunds", "fail"): ("refund", lambda step, body, _: refunds.settle(step, body, paid=False)),
    ("disputes", "win"): (disputes.KIND, lambda step, body, _: disputes.decide(step, body, won=True)),
    ("disputes", "lose"): (disputes.KIND, lambda step, body, _: disputes.decide(step, body, won=False)),
}


def act(step: Step, path: str, form: Mapping[str, Any]) -> tuple[str, Body] | None:
    """Do what a button or a test asks for; None when the path is none of these.

    :raises WrongMove: there is no such thing, or it cannot be done now.
    """
    match = _PATH.fullmatch(path)
    move = MOVES.get((match[1], match[3])) if match else None
    if match is None or move is None:
        return None
    kind, verb = move
    found = books.find(step, kind, match[2])
    if found is None:
        raise WrongMove(f"There is no {kind} {match[2]}.")
    try:
        return match[3], verb(step, found.body, form)
    except ApiError as refusal:
        raise WrongMove(str(refusal)) from refusal


def state(newest: Callable[[str], list[Body]]) -> dict[str, list[Body]]:
    """What the control page shows of these, newest first."""
    return {"disputes": newest(disputes.KIND), "files": newest("file")}


def _form(root: str, path: str, label: str, about: str, fields: str = "") -> str:
    return (
        f'<form method="post" action="{escape(root)}/_control/{path}">{fields}'
        f'<button aria-label="{escape(f"{label}: {about}")}">{escape(label)}</button></form>'
    )


def _cells(body: Body, state_text: str) -> list[str]:
    amount = currencies.display(body["amount"], body["currency"])
    return [f"<code>{escape(body['id'])}</code>", escape(amount), escape(state_text)]


def _waiting(held: list[Body], root: str) -> list[list[str]]:
    waits = [one for one in held if one["status"] == "complete" and one["payment_status"] == "unpaid"]
    return [
        [
            f"<code>{escape(one['id'][:24])}…</code>",
            escape(currencies.display(one["amount_total"], one["currency"])),
            escape(one["client_reference_id"] or ""),
            _form(root, f"sessions/{one['id']}/settle", "Bank pays", one["id"])
            + _form(root, f"sessions/{one['id']}/fail", "Bank refuses", one["id"]),
        ]
        for one in waits
    ]


def _charges(held: list[Body], root: str) -> list[list[str]]:
    reasons = "".join(f"<option>{reason}</option>" for reason in disputes.REASONS)
    rows = []
    for one in held:
        if not one["paid"]:
            continue
        back = one["amount_refunded"]
        note = f"{currencies.display(back, one['currency'])} refunded" if back else "paid"
        amount = '<input name="amount" type="number" min="1" step="1" aria-label="Minor units, empty for all">'
        reason = f'<select name="reason" aria-label="Reason">{reasons}</select>'
        buttons = ""
        if not one["refunded"] and not one["disputed"]:
            buttons = _form(root, f"charges/{one['id']}/refund", "Refund", one["id"], amount) + _form(
                root, f"charges/{one['id']}/dispute", "Dispute", one["id"], reason
            )
        rows.append([*_cells(one, f"{note}, disputed" if one["disputed"] else note), buttons])
    return rows


def _refunds(held: list[Body], root: str) -> list[list[str]]:
    rows = []
    for one in held:
        buttons = ""
        if one["status"] == "pending":
            buttons = _form(root, f"refunds/{one['id']}/settle", "Arrives", one["id"])
        if one["status"] != "failed":
            buttons += _form(root, f"refunds/{one['id']}/fail", "Fails", one["id"])
        rows.append([*_cells(one, one["status"]), buttons])
    return rows


def _disputes(held: list[Body], root: str) -> list[list[str]]:
    return [
        [
            *_cells(one, f"{one['reason']}, {one['status']}"),
            ""
            if one["status"] in disputes.DECIDED
            else _form(root, f"disputes/{one['id']}/win", "Shop wins", one["id"])
            + _form(root, f"disputes/{one['id']}/lose", "Shop loses", one["id"]),
        ]
        for one in held
    ]


def sections(held: dict[str, Any], root: str, table: Callable[..., str]) -> str:
    """Return the page's sections; ``table`` lays rows out as the rest of the page does."""
    heads = ["Object", "Amount", "State", ""]
    waiting = _waiting(held["sessions"], root)
    return (
        f"<h2>Banks still to answer</h2>"
        f"{table(heads, waiting, caption='Banks still to answer', empty='No debit waits for its bank.')}"
        f"<h2>Charges</h2>"
        f"{table(heads, _charges(held['charges'], root), caption='Charges', empty='Nothing was charged yet.')}"
        f"<h2>Refunds</h2>"
        f"{table(heads, _refunds(held['refunds'], root), caption='Refunds', empty='Nothing was sent back yet.')}"
        f"<h2>Disputes</h2>"
        f"{table(heads, _disputes(held['disputes'], root), caption='Disputes', empty='Nobody disputes a charge.')}"
    )
