"""What each kind of letter says, and the facts that it needs.

Facts that several kinds share: ``number`` and ``page`` (address of the order's public page); ``summary``: ``lines``
(``name``, ``option``, ``quantity``, ``amount``) and ``sums`` (``label``, ``amount``), money written out in the reader's
language.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

Facts = Mapping[str, Any]


class BadLetter(ValueError):
    """There is no such kind of letter, or a fact that it tells is missing."""


@dataclass(frozen=True)
class Letter:
    """The words of a letter. ``button`` is its words and its address."""

    subject: str
    heading: str
    paragraphs: Sequence[str]
    button: tuple[str, str] | None = None
    details: Sequence[tuple[str, str]] = ()
    closing: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True)
class Kind:
    """A kind of letter: the facts that it cannot do without, and its words.

    A ``secret`` one holds a code or a link that lets its reader in: nobody else may see it.
    """

    needs: frozenset[str]
    words: Callable[[Facts], Letter]
    secret: bool = False


def check(kind: str, facts: Facts) -> None:
    """Refuse a letter that could not be rendered.

    :raises BadLetter: naming what is missing.
    """
    if kind not in KINDS:
        raise BadLetter(f"There is no letter {kind!r}.")
    missing = sorted(KINDS[kind].needs - facts.keys())
    if missing:
        raise BadLetter(f"A letter {kind!r} needs {', '.join(missing)}.")


def _see(facts: Facts) -> tuple[str, str]:
    return _("See your order"), facts["page"]


def _placed(facts: Facts) -> Letter:
    return Letter(
        subject=_("Your order %(number)s") % facts,
        heading=_("Thank you for your order"),
        paragraphs=[
            _("Everything in it is set aside for you until %(until)s.") % facts,
            _("If you have not paid yet, you can do so on the page of your order. Nothing is charged before."),
        ],
        button=_see(facts),
    )


def _paid(facts: Facts) -> Letter:
    return Letter(
        subject=_("Payment received for order %(number)s") % facts,
        heading=_("Your payment has arrived"),
        paragraphs=[_("We are preparing your parcel and will write to you when it leaves.")],
        button=_see(facts),
    )


def _payment_failed(facts: Facts) -> Letter:
    return Letter(
        subject=_("The payment for order %(number)s did not go through") % facts,
        heading=_("The payment did not go through"),
        paragraphs=[
            _("Nothing was charged. Your order is kept until %(until)s, and you can try again on its page.") % facts
        ],
        button=(_("Try again"), facts["page"]),
    )


def _shipped(facts: Facts) -> Letter:
    details = [(_("Carrier"), facts["carrier"]), (_("Tracking number"), facts["tracking_number"])]
    said = [_("Your parcel has left our warehouse.")]
    if facts.get("more_to_come"):
        said.append(_("The rest of your order follows in another parcel; we will write again."))
    tracked = facts.get("tracking_url")
    return Letter(
        subject=_("Order %(number)s is on its way") % facts,
        heading=_("On its way to you"),
        paragraphs=said,
        details=[(name, value) for name, value in details if value],
        button=(_("Follow the parcel"), tracked) if tracked else _see(facts),
    )


def _refunded(facts: Facts) -> Letter:
    return Letter(
        subject=_("Refund for order %(number)s") % facts,
        heading=_("Your money is on its way back"),
        paragraphs=[
            _("We have sent %(amount)s back to the means of payment you used. Banks take some days to show it.") % facts
        ],
        button=_see(facts),
    )


def _sent_back(facts: Facts) -> Letter:
    return Letter(
        subject=_("We are sending back your payment for order %(number)s") % facts,
        heading=_("Your payment came, but the last piece had gone"),
        paragraphs=[
            _(
                "We are sorry. Your payment arrived after the time to pay had run out, "
                "and others had bought the last ones."
            ),
            _("We are sending the whole amount, %(amount)s, back to you. You need not do anything.") % facts,
        ],
        button=_see(facts),
    )


def _withdrawal(facts: Facts) -> Letter:
    return Letter(
        subject=_("Receipt of your withdrawal, order %(number)s") % facts,
        heading=_("We have received your withdrawal"),
        paragraphs=[
            _("You withdrew from your contract on %(received)s. Please keep this letter as proof.") % facts,
            *facts.get("next_steps", []),
        ],
        details=[(one["label"], one["value"]) for one in facts.get("statement", [])],
        button=_see(facts) if facts.get("page") else None,
    )


def _authorised(facts: Facts) -> Letter:
    return Letter(
        subject=_("Your return %(return_number)s") % facts,
        heading=_("You can send it back"),
        paragraphs=[
            _("Please put the return slip into the parcel and send it to the address below by %(send_by)s.") % facts
            if facts["send_by"]
            else _("Please put the return slip into the parcel and send it to the address below.")
        ],
        details=[(_("Return number"), facts["return_number"]), (_("Address"), facts["address"])],
        button=(_("Open your return"), facts["page"]),
    )


def _refused(facts: Facts) -> Letter:
    return Letter(
        subject=_("About your return %(return_number)s") % facts,
        heading=_("We cannot take this return"),
        paragraphs=[facts["reason"], _("If you think that this is wrong, please answer this letter.")],
        button=(_("Open your return"), facts["page"]),
    )


def _return_refunded(facts: Facts) -> Letter:
    return Letter(
        subject=_("Refund for your return %(return_number)s") % facts,
        heading=_("Your money is on its way back"),
        paragraphs=[
            _("What you sent back has arrived. We have sent you %(amount)s; banks take some days to show it.") % facts
        ],
        details=[(one["label"], one["value"]) for one in facts.get("details", [])],
        button=(_("Open your return"), facts["page"]),
    )


def _restock(facts: Facts) -> Letter:
    return Letter(
        subject=_("%(name)s is back") % facts,
        heading=_("Back in the shop"),
        paragraphs=[
            _("%(name)s, which you asked us to tell you about, can be bought again.") % facts,
            _("We cannot set one aside for you: it is sold to whoever orders first."),
        ],
        button=(_("See it in the shop"), facts["page"]),
        closing=[_("You will not hear of it again. To stop all such letters: %(stop)s") % facts],
    )


def _restock_confirm(facts: Facts) -> Letter:
    return Letter(
        subject=_("Shall we tell you when %(name)s is back?") % facts,
        heading=_("Please confirm your address"),
        paragraphs=[
            _("Somebody, probably you, asked us to write to this address when %(name)s can be bought again.") % facts
        ],
        button=(_("Yes, write to me"), facts["confirm"]),
        closing=[_("If it was not you, do nothing: you will not hear from us.")],
    )


def _export(facts: Facts) -> Letter:
    return Letter(
        subject=_("Your data is ready"),
        heading=_("Everything we keep about you"),
        paragraphs=[
            _("The file you asked for is ready. You can fetch it until %(until)s; then it is deleted.") % facts
        ],
        button=(_("Fetch the file"), facts["page"]),
    )


def _erased(facts: Facts) -> Letter:
    return Letter(
        subject=_("Your data has been erased"),
        heading=_("We have erased your data"),
        paragraphs=[
            _("Your account and what belonged to it are gone, as you asked on %(asked)s.") % facts,
            *facts.get("kept", []),
        ],
        details=[(_("Receipt"), facts["receipt"])],
    )


def _attached(facts: Facts) -> Letter:
    return Letter(
        subject=_("Your earlier orders are in your account"),
        heading=_("Your earlier orders are in your account"),
        paragraphs=[
            _("You proved that this address is yours, so we added the orders that were placed with it: %(numbers)s.")
            % facts
        ],
        button=(_("See your orders"), facts["page"]),
    )


_ORDER = {"number", "page"}
KINDS: dict[str, Kind] = {
    "order_placed": Kind(frozenset({*_ORDER, "until", "summary"}), _placed),
    "order_paid": Kind(frozenset({*_ORDER, "summary"}), _paid),
    "payment_failed": Kind(frozenset({*_ORDER, "until"}), _payment_failed),
    "order_shipped": Kind(frozenset({*_ORDER, "carrier", "tracking_number", "summary"}), _shipped),
    "order_refunded": Kind(frozenset({*_ORDER, "amount"}), _refunded),
    "order_sent_back": Kind(frozenset({*_ORDER, "amount"}), _sent_back),
    "withdrawal_receipt": Kind(frozenset({"number", "received", "statement"}), _withdrawal),
    "return_authorised": Kind(frozenset({"return_number", "page", "send_by", "address"}), _authorised),
    "return_refused": Kind(frozenset({"return_number", "page", "reason"}), _refused),
    "return_refunded": Kind(frozenset({"return_number", "page", "amount"}), _return_refunded),
    "restock_alert": Kind(frozenset({"name", "page", "stop"}), _restock),
    "restock_confirm": Kind(frozenset({"name", "confirm"}), _restock_confirm),
    "data_export_ready": Kind(frozenset({"page", "until"}), _export),
    "account_erased": Kind(frozenset({"asked", "receipt"}), _erased),
    "orders_attached": Kind(frozenset({"numbers", "page"}), _attached),
}
