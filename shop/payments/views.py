"""Stripe's door: verify, write into the inbox, answer."""

import stripe
import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shop.payments import actions, tasks

log = structlog.get_logger("vitrine.payments")
TOLERANCE = 300  # seconds: Stripe's own default for the age of a signature
MAX_BYTES = 262_144


@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """Take a signed event. 400 and nothing stored when the signature is wrong or older than 300 s; 2xx after commit."""
    if int(request.headers.get("Content-Length") or 0) > MAX_BYTES:
        return JsonResponse({"error": "The event is too large."}, status=413)
    event = _verified(request)
    if event is None:
        return JsonResponse({"error": "The signature is wrong or too old."}, status=400)
    row = actions.receive_event(event)
    if row.processed_at is None:
        tasks.process_event.delay(row.id)
    return JsonResponse({"received": True})


def _verified(request: HttpRequest) -> stripe.Event | None:
    signature = request.headers.get("Stripe-Signature", "")
    if not signature.isascii():  # such texts cannot be compared in constant time
        log.warning("event refused", error="the signature is not ASCII")
        return None
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            event: stripe.Event = stripe.Webhook.construct_event(request.body, signature, secret, tolerance=TOLERANCE)
        except (stripe.SignatureVerificationError, ValueError) as error:
            log.warning("event refused", error=type(error).__name__)
        else:
            return event
    return None
