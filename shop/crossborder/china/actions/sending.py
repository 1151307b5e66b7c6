"""Sending what is due: claimed under a lock, sent outside any transaction, at most once a version and turn."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from shop.crossborder.china import connections, messages, payloads
from shop.crossborder.china.actions.filing import new_version, settle
from shop.crossborder.china.connections import Resolver
from shop.crossborder.china.documents import AppType, Identity, InvalidFiling, Stamp, Transfer
from shop.crossborder.china.gateway import (
    CustomsGateway,
    NotTaken,
    PaymentSlip,
    PaymentSlipProvider,
    SlipsByMessage,
    Unavailable,
)
from shop.crossborder.models import CustomsDocument, CustomsFiling

log = structlog.get_logger("vitrine.customs")
IN_FLIGHT = timedelta(seconds=90)  # a sender that has not come back by then is taken for dead
ANSWER_WAIT = timedelta(minutes=10)  # until the same message is sent again because nobody answered
RETRY_WAIT = timedelta(seconds=20)
LONGEST_WAIT = timedelta(hours=6)
IDENTITY_WAIT = timedelta(hours=1)
MOST_ATTEMPTS = 12
State = CustomsDocument.State


@dataclass(frozen=True)
class Claimed:
    """One document as it is being sent; ``attempt`` counts this turn."""

    document_id: int
    filing_id: int
    kind: str
    guid: str
    version: int
    attempt: int
    sent_before: int
    changed: bool
    identity_ref: str
    payload: dict[str, Any]
    at: datetime


class IdentityMissing(Exception):
    """The kept identity cannot be read."""


def send_due(
    *,
    limit: int,
    gateway: CustomsGateway | None = None,
    slips: PaymentSlipProvider | None = None,
    resolve: Resolver | None = None,
    transfer: Transfer | None = None,
) -> int:
    """Send at most ``limit`` documents that are due; return how many the gateway took. Any number may run.

    What is not given comes from the settings; without a gateway nothing is sent. Stops at the first sign that the
    gateway is away.

    :raises shop.crossborder.china.connections.NotConfigured: our numbers in the register are not set.
    """
    gateway = gateway or connections.gateway()
    if gateway is None:
        return 0
    slips = slips or SlipsByMessage(gateway)
    resolve = resolve or connections.resolver()
    transfer = transfer or connections.register().transfer
    taken = 0
    for _turn in range(limit):
        claimed = claim_one()
        if claimed is None:
            break
        try:
            _send(claimed, gateway, slips, resolve, transfer)
        except Unavailable as error:
            _postpone(claimed, str(error))
            break
        except IdentityMissing as error:
            _put_back(claimed, str(error))
        except NotTaken as error:
            _stop(claimed, State.REFUSED, code=error.code, message=str(error))
        except InvalidFiling as error:
            _stop(claimed, State.REFUSED, code="invalid", message=str(error))
        else:
            taken += 1
            _mine(claimed).update(due_at=timezone.now() + _grown(ANSWER_WAIT, claimed.attempt))
            log.info("customs document sent", kind=claimed.kind, guid=claimed.guid, attempt=claimed.attempt)
    return taken


@transaction.atomic
def claim_one() -> Claimed | None:
    """Take the document that has been due longest: note that its version is being sent, before it is sent.

    One that was sent as often as it may be is given up for a person to look at.
    """
    now = timezone.now()
    while True:
        document = (
            CustomsDocument.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(state__in=[State.WAITING, State.SENT], due_at__lte=now, filing__withdrawn_at=None)
            .order_by("due_at", "id")
            .first()
        )
        if document is None or document.attempts < MOST_ATTEMPTS:
            break
        _give_up(document)
    return take(document, now) if document else None


def take(document: CustomsDocument, now: datetime) -> Claimed:
    """Note the sending of a locked document. Its filing is read only now, so that the content is the version's own."""
    sent_before = document.sent_version
    document.state = State.SENT
    document.sent_version = document.desired_version
    document.attempts += 1
    document.sent_at = now
    document.due_at = now + IN_FLIGHT
    document.save(update_fields=["state", "sent_version", "attempts", "sent_at", "due_at"])
    return as_it_stands(document, now, sent_before=sent_before)


def as_it_stands(document: CustomsDocument, now: datetime, *, sent_before: int = 0) -> Claimed:
    """Return what a message of the document's version in force is made from."""
    return Claimed(
        document_id=document.pk,
        filing_id=document.filing_id,
        kind=document.kind,
        guid=document.guid,
        version=document.desired_version,
        attempt=document.attempts,
        sent_before=sent_before,
        changed=document.accepted_version > 0,
        identity_ref=document.filing.identity_ref,
        payload=document.filing.payload,
        at=now,
    )


def _give_up(document: CustomsDocument) -> None:
    document.state, document.due_at = State.FAILED, None
    document.last_message = f"Sent {document.attempts} times without an answer. {document.last_message}".strip()
    document.save(update_fields=["state", "due_at", "last_message"])
    # The filing is locked before its documents elsewhere; it is settled when this lock is gone.
    filing_id = document.filing_id
    transaction.on_commit(lambda: _settle(filing_id))
    log.error("customs document given up", document=document.pk)


@transaction.atomic
def _settle(filing_id: int) -> None:
    settle(CustomsFiling.objects.select_for_update().get(id=filing_id))


def _person(resolve: Resolver, ref: str) -> Identity:
    found = resolve(ref) if ref else None
    if found is None:
        raise IdentityMissing("The buyer's kept identity cannot be read.")
    return found


def _send(
    claimed: Claimed, gateway: CustomsGateway, slips: PaymentSlipProvider, resolve: Resolver, transfer: Transfer
) -> None:
    message = build(claimed, resolve=resolve, transfer=transfer)
    if claimed.kind == CustomsDocument.Kind.ORDER:
        gateway.submit_order(message)
    elif claimed.kind == CustomsDocument.Kind.LOGISTICS:
        gateway.submit_logistics(message)
    else:
        payment = payloads.to_payment(claimed.payload["payment"])
        slips.submit(PaymentSlip(payment=payment, payer=_person(resolve, claimed.identity_ref), message=message))


def build(claimed: Claimed, *, resolve: Resolver, transfer: Transfer) -> bytes:
    """Return the message of a document, with the identity read now.

    :raises IdentityMissing: it cannot be read.
    :raises InvalidFiling: naming what customs would refuse.
    """
    stamp = Stamp(guid=claimed.guid, app_type=AppType.CHANGED if claimed.changed else AppType.NEW, at=claimed.at)
    if claimed.kind == CustomsDocument.Kind.LOGISTICS:
        waybill = payloads.to_logistics(claimed.payload["logistics"])
        return messages.logistics_message(waybill, stamp=stamp, transfer=transfer)
    person = _person(resolve, claimed.identity_ref)
    payment = payloads.to_payment(claimed.payload["payment"])
    if claimed.kind == CustomsDocument.Kind.PAYMENT:
        return messages.payment_message(payment, payer=person, stamp=stamp, transfer=transfer)
    order = payloads.to_order(claimed.payload["order"])
    return messages.order_message(order, payment=payment, buyer=person, stamp=stamp, transfer=transfer)


def _mine(claimed: Claimed) -> Any:
    """Return the document as long as it is still the one we claimed: a reply may have been faster."""
    return CustomsDocument.objects.filter(
        id=claimed.document_id, state=State.SENT, sent_version=claimed.version, attempts=claimed.attempt
    )


def _grown(wait: timedelta, attempt: int) -> timedelta:
    return min(wait * (1 << (attempt - 1)), LONGEST_WAIT)


def _put_back(claimed: Claimed, reason: str) -> None:
    """Nothing left the house: the turn does not count."""
    _mine(claimed).update(
        state=State.WAITING,
        sent_version=claimed.sent_before,
        attempts=claimed.attempt - 1,
        due_at=timezone.now() + IDENTITY_WAIT,
        last_code="",
        last_message=reason,
    )
    log.warning("customs document waits", kind=claimed.kind, guid=claimed.guid, reason=reason)


def _postpone(claimed: Claimed, reason: str) -> None:
    wait = _grown(RETRY_WAIT, claimed.attempt)
    _mine(claimed).update(state=State.WAITING, due_at=timezone.now() + wait, last_code="", last_message=reason)
    log.warning("customs document waits", kind=claimed.kind, guid=claimed.guid, reason=reason)


@transaction.atomic
def _stop(claimed: Claimed, state: str, *, code: str, message: str) -> None:
    filing = CustomsFiling.objects.select_for_update().get(id=claimed.filing_id)
    if _mine(claimed).update(state=state, due_at=None, last_code=code[:20], last_message=message):
        settle(filing)
    log.warning("customs document stopped", kind=claimed.kind, guid=claimed.guid, code=code)


@transaction.atomic
def resend(*, filing_id: int) -> int:
    """Send again what customs refused (as a new version) or never answered; return how many documents."""
    filing = CustomsFiling.objects.select_for_update().get(id=filing_id)
    if filing.withdrawn_at:
        return 0
    stuck = filing.documents.select_for_update().filter(state__in=[State.REFUSED, State.FAILED]).order_by("id")
    count = 0
    for document in stuck:
        if document.state == State.REFUSED:
            new_version(document, source=filing.source)
        else:
            # The same message: customs may have had it all along.
            document.state, document.attempts, document.due_at = State.WAITING, 0, timezone.now()
            document.save(update_fields=["state", "attempts", "due_at"])
        count += 1
    if count:
        settle(filing)
    return count
