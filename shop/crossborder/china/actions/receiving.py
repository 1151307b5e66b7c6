"""What customs answers: kept once, applied once, in whatever order it comes."""

from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from shop.crossborder.china import connections, replies
from shop.crossborder.china.actions.filing import guid, settle
from shop.crossborder.china.actions.sending import LONGEST_WAIT, RETRY_WAIT
from shop.crossborder.china.codes import Outcome
from shop.crossborder.china.gateway import CustomsGateway, Unavailable
from shop.crossborder.china.replies import Reply, UnreadableReply
from shop.crossborder.models import CustomsDocument, CustomsFiling, CustomsReply

log = structlog.get_logger("vitrine.customs")
DECISION_WAIT = timedelta(hours=24)  # customs has it; the three documents are compared within a day
State = CustomsDocument.State
SETTLED = {State.ACCEPTED, State.REFUSED}


def poll_due(*, limit: int, gateway: CustomsGateway | None = None) -> int:
    """Fetch at most ``limit`` replies, keep and apply them, and only then acknowledge; return how many were new."""
    gateway = gateway or connections.gateway()
    if gateway is None:
        return 0
    new, kept = 0, []
    try:
        envelopes = gateway.poll(limit)
    except Unavailable as error:
        log.warning("customs cannot be asked", error=str(error))
        return 0
    for envelope in envelopes:
        try:
            new += sum(receive(reply) for reply in replies.parse(envelope.message))
        except UnreadableReply as error:
            # It would never be readable; the document is silent and is sent again, which asks for a new reply.
            log.error("reply of customs cannot be read", envelope=envelope.id, error=str(error))  # noqa: TRY400
        kept.append(envelope.id)
    try:
        gateway.acknowledge(kept)
    except Unavailable as error:
        # They come again, which is harmless.
        log.warning("replies not acknowledged", error=str(error))
    return new


@transaction.atomic
def receive(reply: Reply) -> bool:
    """Keep one reply and apply it to its document. False: it was there before."""
    found = _document_of(reply)
    filing = CustomsFiling.objects.select_for_update().get(id=found.filing_id) if found else None
    document = CustomsDocument.objects.select_for_update().get(id=found.pk) if found else None
    inbox = CustomsReply.objects.filter(kind=reply.kind, guid=reply.guid, return_time=reply.at, status=reply.status)
    if inbox.exists():
        return False
    outcome = _judge(document, filing, reply) if document and filing else "not ours"
    row = CustomsReply(
        document=document,
        kind=reply.kind,
        guid=reply.guid,
        return_time=reply.at,
        status=reply.status,
        code=reply.code,
        company_code=reply.company_code,
        number=reply.number,
        info=reply.info,
        outcome=outcome,
    )
    # Without a document no lock keeps a second reader away: the unique key does.
    CustomsReply.objects.bulk_create([row], ignore_conflicts=True)
    log.info("reply of customs", kind=reply.kind, number=reply.number, status=reply.status, outcome=outcome)
    return True


def _document_of(reply: Reply) -> CustomsDocument | None:
    """Find the document by company and number: the reply's id is the E-port's own."""
    numbered = CustomsDocument.objects.filter(
        kind=reply.kind, company_code=reply.company_code, number=reply.number
    ).order_by("id")
    ours = {name for name in (reply.guid, reply.echoed) if name}
    return CustomsDocument.objects.filter(kind=reply.kind, guid__in=ours).first() or numbered.first()


def _judge(document: CustomsDocument, filing: CustomsFiling, reply: Reply) -> str:
    """Apply the reply if it speaks of the version in force and is news; return what came of it."""
    if reply.about_status:
        return "about the parcel's way; the waybill stays as it is"
    if document.sent_version < document.desired_version or _of_old_version(document, filing, reply):
        return "about an earlier version"
    final = reply.outcome in {Outcome.ACCEPTED, Outcome.REFUSED}
    if document.state in SETTLED and not final:
        return "overtaken: customs has decided"
    if document.replied_at and reply.at < document.replied_at and not (final and document.state not in SETTLED):
        return "overtaken by a later reply"
    _apply(document, reply)
    settle(filing)
    return f"applied: {document.get_state_display()}"


def _of_old_version(document: CustomsDocument, filing: CustomsFiling, reply: Reply) -> bool:
    named = {reply.guid, reply.echoed}
    if document.guid in named:
        return False
    if named & {guid(filing.source, document.kind, version) for version in range(1, document.sent_version)}:
        return True
    return document.stale_until is not None and reply.at <= document.stale_until


def _apply(document: CustomsDocument, reply: Reply) -> None:
    document.last_code = reply.code
    meaning = reply.meaning
    document.last_message = " · ".join(filter(None, (meaning.meaning if meaning else "", reply.info)))
    document.replied_at = max(reply.at, document.replied_at) if document.replied_at else reply.at
    if reply.outcome is Outcome.ACCEPTED:
        document.state, document.due_at = State.ACCEPTED, None
        document.accepted_version = document.sent_version
    elif reply.outcome is Outcome.REFUSED:
        document.state, document.due_at = State.REFUSED, None
    elif reply.outcome is Outcome.RETRY:
        wait = min(RETRY_WAIT * 2**document.attempts, LONGEST_WAIT)
        document.state, document.due_at = State.WAITING, timezone.now() + wait
    else:
        document.state, document.due_at = State.SENT, timezone.now() + DECISION_WAIT
    document.save()
