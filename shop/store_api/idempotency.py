"""``Idempotency-Key``: the first answer to a request is remembered and given again for the same request.

The key is claimed and committed before the work starts, so that two requests at once do the work once. A claim whose
worker died is free again after two minutes. Server errors are not remembered: the client may try again.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from rest_framework.request import Request
from rest_framework.response import Response

from config.problems import CONTENT_TYPE, Problem, exception_handler
from shop.store_api.models import IdempotencyRecord

HEADER = "Idempotency-Key"
ABANDONED = timedelta(minutes=2)
KEPT = timedelta(days=30)
LONGEST = 255


def _key(request: Request) -> str:
    key = request.headers.get(HEADER, "").strip()
    if not key:
        raise Problem(
            status_code=400,
            code="idempotency-key-missing",
            title=f"The header {HEADER} is missing.",
            detail="Send a fresh unique key with each new order, and the same key when you repeat a request.",
        )
    if len(key) > LONGEST or not key.isprintable():
        raise Problem(
            status_code=400,
            code="idempotency-key-invalid",
            title=f"{HEADER} must be up to {LONGEST} printable characters.",
        )
    return key


def forget(*, limit: int = 5_000) -> int:
    """Delete answers older than 30 days, the oldest first; return how many."""
    due = IdempotencyRecord.objects.filter(created_at__lt=timezone.now() - KEPT).order_by("created_at")
    deleted, _details = IdempotencyRecord.objects.filter(pk__in=list(due.values_list("pk", flat=True)[:limit])).delete()
    return deleted


CLAIM = f"""
INSERT INTO {IdempotencyRecord._meta.db_table} (scope, key, fingerprint, created_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (scope, key) DO NOTHING RETURNING id
"""  # noqa: S608, SLF001 (our own table's name, Django's public _meta)


def _insert(scope: str, key: str, fingerprint: str) -> IdempotencyRecord | None:
    """Return the record if the key was free; one statement."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [scope, key, fingerprint, now])
        row = cursor.fetchone()
    if row is None:
        return None
    return IdempotencyRecord(id=row[0], scope=scope, key=key, fingerprint=fingerprint, created_at=now)


def _claim(scope: str, key: str, fingerprint: str) -> IdempotencyRecord:
    """Return the record: ours to work on when ``status`` is empty, the answer to give again otherwise."""
    return _insert(scope, key, fingerprint) or _standing(scope, key, fingerprint)


def _standing(scope: str, key: str, fingerprint: str) -> IdempotencyRecord:
    now = timezone.now()
    with transaction.atomic():
        record = IdempotencyRecord.objects.select_for_update().filter(scope=scope, key=key).first()
        if record is None or record.created_at < now - KEPT:
            # Deleted meanwhile, or older than answers are kept: the key is free.
            if record is not None:
                record.delete()
            made = _insert(scope, key, fingerprint)
            if made is None:
                raise Problem(
                    status_code=409,
                    code="idempotency-key-busy",
                    title="The first request with this key is still running.",
                    wait=2,
                )
            return made
        if record.fingerprint != fingerprint:
            raise Problem(
                status_code=422,
                code="idempotency-key-reused",
                title="This key was used for another request.",
                detail=f"Use a fresh {HEADER} for a request with another content.",
            )
        if record.status is None:
            if record.created_at > now - ABANDONED:
                raise Problem(
                    status_code=409,
                    code="idempotency-key-busy",
                    title="The first request with this key is still running.",
                    wait=2,
                )
            IdempotencyRecord.objects.filter(pk=record.pk).update(created_at=now)
        return record


def once(request: Request, *, scope: str, work: Callable[[str], Response]) -> Response:
    """Run ``work`` (given the key) for the first request with a key; repeat its answer for later ones.

    :raises Problem: 400 no key, 422 the key belongs to another request, 409 the first is still running.
    """
    key = _key(request)
    content = json.dumps(request.data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    # Keyed: the content may hold a buyer's identity number, which a plain digest would let anybody try out.
    fingerprint = salted_hmac(
        "vitrine.idempotency", f"{request.method} {request.path}\n{content}", algorithm="sha256"
    ).hexdigest()
    record = _claim(scope, key, fingerprint)
    if record.status is not None:
        content_type = CONTENT_TYPE if record.status >= 400 else "application/json"
        replay = Response(record.body, status=record.status, content_type=content_type)
        replay.headers["Idempotent-Replayed"] = "true"
        return replay
    mine = IdempotencyRecord.objects.filter(pk=record.pk, status=None)
    try:
        response = _answered(request, work, key)
    except BaseException:
        mine.delete()
        raise
    if response.status_code >= 500:
        mine.delete()
    else:
        body: Any = json.loads(json.dumps(response.data, default=str))
        mine.update(status=response.status_code, body=body)
    return response


def _answered(request: Request, work: Callable[[str], Response], key: str) -> Response:
    """Run the work; a refusal is an answer as well, and is remembered like one."""
    try:
        return work(key)
    except Problem as problem:
        response = exception_handler(problem, {"request": request})
        if response is None:
            raise
        return response
