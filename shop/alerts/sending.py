"""Sending: claim a letter, render it, hand it to the mail server, note the outcome. No transaction spans the network.

A worker that dies after the server took the letter and before the note leaves it claimed; it is then sent a second
time, with the same Message-ID, by which mail programs know it for the same letter. Between a second letter and none,
a second is chosen.
"""

import smtplib
from datetime import timedelta
from email.utils import parseaddr

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shop.alerts import rendering
from shop.alerts.models import Mail

log = structlog.get_logger("vitrine.alerts")
CLAIM = timedelta(minutes=5)  # longer than any attempt may take
TIMEOUT = 20  # seconds
MOST_ATTEMPTS = 12  # about two days
LONGEST_WAIT = timedelta(hours=6)
BATCH = 50
DUE = Q(state__in=[Mail.State.WAITING, Mail.State.SENDING])


def send(*, key: str) -> bool:
    """Send one letter if it is due and nobody else is at it; return whether it went."""
    mail = _claim(Q(key=key))
    return mail is not None and _deliver(mail)


def send_due(*, limit: int = BATCH) -> int:
    """Send what is due, the longest waiting first; return how many went. Any number may run."""
    sent = 0
    for _turn in range(limit):
        mail = _claim(Q())
        if mail is None:
            break
        sent += _deliver(mail)
    return sent


@transaction.atomic
def _claim(which: Q) -> Mail | None:
    """Take a due letter for this worker; it is due again when the claim runs out."""
    now = timezone.now()
    mail = (
        Mail.objects.select_for_update(skip_locked=True)
        .filter(which, DUE, due_at__lte=now)
        .order_by("due_at", "id")
        .first()
    )
    if mail is not None:
        mail.state, mail.due_at = Mail.State.SENDING, now + CLAIM
        mail.attempts += 1
        mail.save(update_fields=["state", "due_at", "attempts"])
    return mail


def message_id(mail: Mail) -> str:
    """Return the Message-ID, the same at every attempt (RFC 5322, section 3.6.4)."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<mail-{mail.pk}.{mail.written_at:%Y%m%d%H%M%S}@{domain}>"


def message(mail: Mail) -> EmailMultiAlternatives:
    """Return the letter as it goes out, in plain text and HTML."""
    written = rendering.render(mail)
    letter = EmailMultiAlternatives(
        subject=written.subject,
        body=written.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.recipient],
        headers={
            "Message-ID": message_id(mail),
            "Content-Language": mail.language,
            "Auto-Submitted": "auto-generated",
            **_unsubscribing(mail),
        },
    )
    letter.attach_alternative(written.html, "text/html")
    return letter


def _unsubscribing(mail: Mail) -> dict[str, str]:
    """Return the heads by which a mail program ends such letters with one click (RFC 8058), where they can be ended."""
    stop = str(mail.facts.get("stop", ""))
    if not stop:
        return {}
    return {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _deliver(mail: Mail) -> bool:
    try:
        letter = message(mail)
        letter.connection = get_connection(timeout=TIMEOUT) if "smtp" in settings.EMAIL_BACKEND else get_connection()
        letter.send()
    except smtplib.SMTPRecipientsRefused as error:
        said = next(iter(error.recipients.values()), (550, b""))
        return _not_sent(mail, f"{said[0]} {said[1]!r}", final=int(said[0]) >= 500)
    except smtplib.SMTPResponseException as error:
        return _not_sent(mail, f"{error.smtp_code} {error.smtp_error!r}", final=False)
    except (OSError, smtplib.SMTPException) as error:
        return _not_sent(mail, str(error), final=False)
    alternative = letter.alternatives[0]
    Mail.objects.filter(pk=mail.pk).update(
        state=Mail.State.SENT,
        sent_at=timezone.now(),
        due_at=None,
        last_error="",
        subject=letter.subject,
        text=letter.body,
        html=alternative[0],
    )
    log.info("mail sent", kind=mail.kind, mail=mail.pk)
    return True


def _not_sent(mail: Mail, error: str, *, final: bool) -> bool:
    given_up = final or mail.attempts >= MOST_ATTEMPTS
    wait = min(timedelta(seconds=30) * 2**mail.attempts, LONGEST_WAIT)
    Mail.objects.filter(pk=mail.pk).update(
        state=Mail.State.FAILED if given_up else Mail.State.WAITING,
        due_at=None if given_up else timezone.now() + wait,
        last_error=error[:2000],
    )
    log.warning("mail not sent", kind=mail.kind, mail=mail.pk, error=error, given_up=given_up)
    return False


@transaction.atomic
def again(*, mail_id: int) -> Mail:
    """Let a letter that was given up, or was sent, go out (again)."""
    mail = Mail.objects.select_for_update().get(pk=mail_id)
    mail.state, mail.due_at, mail.attempts, mail.sent_at = Mail.State.WAITING, timezone.now(), 0, None
    mail.save(update_fields=["state", "due_at", "attempts", "sent_at"])
    from shop.alerts import tasks

    tasks.send_mail.delay(mail.key)
    return mail
