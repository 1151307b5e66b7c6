"""``expand[]``: putting the object where its id stands."""

from typing import Any

from shop.demo.stripe_simulator import books, shapes
from shop.demo.stripe_simulator.books import Body, Step
from shop.demo.stripe_simulator.refusals import ApiError, bad_parameter

DEEPEST = 4
# (object, field) → the kind that the field's id names.
BY_ID = {
    ("checkout.session", "payment_intent"): "payment_intent",
    ("payment_intent", "latest_charge"): "charge",
    ("charge", "payment_intent"): "payment_intent",
    ("charge", "balance_transaction"): "balance_transaction",
    ("dispute", "charge"): "charge",
    ("dispute", "payment_intent"): "payment_intent",
    ("refund", "charge"): "charge",
    ("refund", "payment_intent"): "payment_intent",
    ("refund", "balance_transaction"): "balance_transaction",
}


def expand(step: Step, body: Body, wanted: list[str]) -> Body:
    """The answer with every path of ``wanted`` expanded. :raises ApiError: a path cannot be expanded."""
    for number, path in enumerate(wanted):
        names = path.split(".")
        if len(names) > DEEPEST:
            raise bad_parameter(f"expand goes {DEEPEST} levels deep at most: {path}", param=f"expand[{number}]")
        body = _along(step, body, names, path)
    return body


def _along(step: Step, body: Any, names: list[str], path: str) -> Any:
    if not names or not isinstance(body, dict):
        return body
    name, rest = names[0], names[1:]
    if body.get("object") == "list" and name == "data":
        return {**body, "data": [_along(step, entry, rest, path) for entry in body["data"]]}
    return {**body, name: _along(step, _field(step, body, name, path), rest, path)}


def _field(step: Step, body: Body, name: str, path: str) -> Any:
    kind = str(body.get("object"))
    held = body.get(name)
    if (kind, name) in BY_ID:
        return books.get(step, BY_ID[kind, name], held) if isinstance(held, str) else held
    if (kind, name) == ("checkout.session", "line_items"):
        return held or lines(step, body)
    if (kind, name) == ("charge", "refunds"):
        return held or refunds(step, body)
    raise ApiError(f"This property cannot be expanded: {name} (in {path}).", param="expand", replayed=False)


def lines(step: Step, session: Body, *, limit: int = 10) -> Body:
    """The first lines of a session, as a list object."""
    found = books.find(step, "checkout.session", session["id"])
    held = found.hidden["lines"] if found else []
    return shapes.listing(held[:limit], url=f"/v1/checkout/sessions/{session['id']}/line_items", more=len(held) > limit)


def refunds(step: Step, charge: Body) -> Body:
    """The newest refunds of a charge, as a list object."""
    held, more = books.page(step, "refund", limit=10, charge=charge["id"])
    return shapes.listing(held, url=f"/v1/charges/{charge['id']}/refunds", more=more)
