"""What customs is to know of a sale. Filing is idempotent: the same facts change nothing, new facts a version."""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import structlog
from django.db import transaction
from django.utils import timezone

from shop.crossborder.china import payloads, validation
from shop.crossborder.china.documents import (
    Company,
    Fault,
    FilingRequest,
    InvalidFiling,
    LogisticsDocument,
)
from shop.crossborder.models import CustomsDocument, CustomsFiling

log = structlog.get_logger("vitrine.customs")
GUIDS = UUID("6f0c2b1e-55a5-5b0e-9d8a-2a8f4f3c7e11")  # the name space of our message ids
NO_IDENTITY = "The buyer's identity is not known yet."
NO_WAYBILL = "There is no waybill yet."
State = CustomsFiling.State
DocumentState = CustomsDocument.State


def guid(source: str, kind: str, version: int) -> str:
    """Return the message id of a version: the same however often it is sent. 36 characters, upper case."""
    return str(uuid5(GUIDS, f"{source}/{kind}/{version}")).upper()


@transaction.atomic
def file(request: FilingRequest) -> CustomsFiling:
    """Make the request what customs is to know. Safe to repeat; a document that changed gets a new version.

    Without an identity nothing is sent yet; without a waybill the waybill waits. A waybill once known is kept when a
    later request has none.

    :raises InvalidFiling: naming each field that customs would refuse; nothing was written.
    """
    faults = validation.request_faults(request)
    if faults:
        raise InvalidFiling(faults)
    now = timezone.now()
    filing, _created = CustomsFiling.objects.select_for_update().get_or_create(
        source=request.source, defaults={"checked_at": now}
    )
    if filing.withdrawn_at:
        return filing
    wanted: dict[str, Any] = {
        "order": payloads.from_order(request.order),
        "payment": payloads.from_payment(request.payment),
    }
    if request.logistics:
        wanted["logistics"] = payloads.from_logistics(request.logistics)
    elif filing.payload.get("logistics"):
        wanted["logistics"] = filing.payload["logistics"]
    other_person = filing.identity_ref != request.identity_ref
    before = filing.payload
    filing.payload = wanted
    filing.order_no = request.order.order_no
    filing.identity_ref = request.identity_ref
    filing.paid = request.order.paid
    filing.checked_at = now
    filing.save(update_fields=["payload", "order_no", "identity_ref", "paid", "checked_at"])
    # The order names the payment's number and the payment company.
    _desire(filing, "order", changed=other_person or _differs(before, wanted, "order", "payment"))
    _desire(filing, "payment", changed=other_person or _differs(before, wanted, "payment"))
    if "logistics" in wanted:
        _desire(filing, "logistics", changed=_differs(before, wanted, "logistics"))
    settle(filing)
    return filing


def _differs(before: dict[str, Any], wanted: dict[str, Any], *names: str) -> bool:
    return any(not payloads.same(before.get(name, {}), wanted[name]) for name in names)


NUMBERS = {
    "order": ("platform", "order_no"),
    "payment": ("pay_company", "transaction_id"),
    "logistics": ("company", "number"),
}


def _desire(filing: CustomsFiling, kind: str, *, changed: bool) -> None:
    """Make the document due with its first version, or with a new one if it changed."""
    company, number = NUMBERS[kind]
    content = filing.payload[kind]
    facts = {"company_code": content[company]["code"], "number": content[number]}
    due = timezone.now() if filing.identity_ref else None
    document = filing.documents.select_for_update().filter(kind=kind).first()
    if document is None:
        filing.documents.create(kind=kind, guid=guid(filing.source, kind, 1), due_at=due, **facts)
        return
    if changed:
        for name, value in facts.items():
            setattr(document, name, value)
        new_version(document, source=filing.source, due=filing.identity_ref != "")
    elif due and document.state == DocumentState.WAITING and document.due_at is None:
        document.due_at = due
        document.save(update_fields=["due_at"])


def new_version(document: CustomsDocument, *, source: str, due: bool = True) -> None:
    """Desire the next version of a locked document; replies about earlier ones no longer count.

    A version that no sender ever had is simply replaced.
    """
    if document.sent_version == document.desired_version:
        document.desired_version += 1
        document.guid = guid(source, document.kind, document.desired_version)
        document.stale_until = document.replied_at
    document.state = DocumentState.WAITING
    document.attempts = 0
    document.due_at = timezone.now() if due else None
    document.last_code = document.last_message = ""
    document.save()


@transaction.atomic
def hold_back(*, source: str, reason: str, needs_person: bool = False) -> CustomsFiling:
    """Note why a sale cannot be filed yet, so that a person sees it. A filing that is under way is left alone."""
    now = timezone.now()
    filing, _created = CustomsFiling.objects.select_for_update().get_or_create(
        source=source, defaults={"checked_at": now}
    )
    filing.checked_at = now
    if not filing.documents.exists():
        filing.reason = reason
        filing.state = State.ATTENTION if needs_person else State.WAITING
    filing.save(update_fields=["checked_at", "reason", "state"])
    return filing


@transaction.atomic
def set_waybill(
    *, filing_id: int, company: Company, number: str, weight: Decimal, packs: int = 1, insured_fee: Decimal = Decimal(0)
) -> CustomsFiling:
    """Give a filing the waybill that its parcel travels under; ``weight`` gross in kilograms, fee in CNY.

    :raises InvalidFiling: nothing is filed yet, or naming the field that customs would refuse.
    """
    filing = CustomsFiling.objects.select_for_update().get(id=filing_id)
    if "order" not in filing.payload:
        raise InvalidFiling([Fault("/order", "required", "The order is not filed yet.")])
    order = payloads.to_order(filing.payload["order"])
    return file(
        FilingRequest(
            source=filing.source,
            order=order,
            payment=payloads.to_payment(filing.payload["payment"]),
            logistics=LogisticsDocument(
                order_no=order.order_no,
                company=company,
                number=number.strip(),
                freight=order.freight,
                insured_fee=insured_fee,
                currency=order.currency,
                weight=weight,
                packs=packs,
                goods_info="; ".join(dict.fromkeys(line.name for line in order.items))[:200],
                consignee=order.consignee,
            ),
            identity_ref=filing.identity_ref,
            payer_ref=filing.identity_ref,
        )
    )


@transaction.atomic
def withdraw(*, source: str, reason: str) -> bool:
    """The sale is off: what was not sent never will be. True: customs knows nothing of it.

    When something was sent already, a person must ask customs to cancel it; the filing says so. Repeating is harmless.
    """
    filing = CustomsFiling.objects.select_for_update().filter(source=source).first()
    if filing is None:
        return True
    documents = list(filing.documents.select_for_update().order_by("id"))
    known = any(document.sent_version for document in documents)
    if filing.withdrawn_at:
        return not known
    filing.documents.update(due_at=None)
    filing.withdrawn_at = timezone.now()
    filing.state = State.ATTENTION if known else State.WITHDRAWN
    filing.reason = f"{reason} Customs has documents of this sale: ask the broker to cancel them." if known else reason
    filing.save(update_fields=["state", "reason", "withdrawn_at"])
    log.info("filing withdrawn", source=source, known=known)
    return not known


def settle(filing: CustomsFiling) -> None:
    """Bring a locked filing's state up to date with its documents; a withdrawn one stays as it is."""
    if filing.withdrawn_at:
        return
    documents = {one.kind: one for one in filing.documents.all()}
    states = {one.state for one in documents.values()}
    filing.reason = ""
    stuck = [one for one in documents.values() if one.state in {DocumentState.REFUSED, DocumentState.FAILED}]
    if len(documents) == len(NUMBERS) and states == {DocumentState.ACCEPTED}:
        filing.state = State.CLEARED
        filing.cleared_at = filing.cleared_at or timezone.now()
    elif stuck:
        filing.state = State.ATTENTION
        filing.reason = " ".join(f"{one.get_kind_display()}: {one.last_message}" for one in stuck)
    elif not filing.identity_ref:
        filing.state, filing.reason = State.WAITING, NO_IDENTITY
    elif "logistics" not in documents:
        filing.state, filing.reason = State.WAITING, NO_WAYBILL
    else:
        filing.state = State.OPEN
    filing.save(update_fields=["state", "reason", "cleared_at"])
