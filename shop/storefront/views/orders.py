"""The public page of an order: whoever holds its token may read it."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from stripe import StripeError

from shop.orders.models import Order
from shop.payments import actions as payments
from shop.storefront.markets import LANGUAGES
from shop.storefront.payment_policy import allow_payment_page
from shop.storefront.queries.documents import documents_of
from shop.storefront.queries.orders import latest_payment, order_by_token, order_page, status_of
from shop.storefront.queries.returns import undoing_of
from shop.storefront.same_origin import same_origin_post


def order_of(request: HttpRequest, token: str) -> Order:
    """Return the order and speak its language; 404 for a token that is none."""
    order = order_by_token(token)
    if order is None:
        raise Http404("There is no such order.")
    language = order.language if order.language in LANGUAGES else "en"
    translation.activate(language)
    request.shop_language = language  # type: ignore[attr-defined]
    if order.market and language in order.market.languages:
        request.market = order.market  # type: ignore[attr-defined]
    return order


@never_cache
@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    """The order's page. On return from paying it looks by itself until the payment is confirmed."""
    order = order_of(request, token)
    returned = request.GET.get("from") == "payment"
    context = {
        "page": order_page(order, returned=returned),
        "documents": documents_of(order),
        "unavailable": "unavailable" in request.GET,
        "undoing": undoing_of(order),
    }
    response = render(request, "storefront/order.html", context)
    payment = latest_payment(order)
    allow_payment_page(response, payment.url if payment else "")
    response.headers["X-Robots-Tag"] = "noindex"
    # The address is the key to the page, so it is told to nobody, not even to our own logs by referrer.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@never_cache
@require_safe
def state(request: HttpRequest, token: str) -> HttpResponse:
    """The state alone, asked again and again after payment; it asks for the whole page once it has changed."""
    order = order_of(request, token)
    status = status_of(order, returned=True)
    response = render(request, "storefront/fragments/order_state.html", {"status": status, "order": order})
    if not status.moving:
        response.headers["HX-Redirect"] = f"/orders/{order.token}/"
    return response


@never_cache
@same_origin_post()
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """Lead to the payment page, opening its session if that failed before, or a new one where the last is over."""
    order = order_of(request, token)
    page = f"/orders/{order.token}/"
    if not status_of(order).payable:
        return redirect(page)
    try:
        payment = payments.try_again(order_id=order.pk)
    except StripeError:
        payment = None
    url = payment.url if payment else ""
    response = HttpResponseRedirect(url or f"{page}?unavailable", status=303)
    allow_payment_page(response, url)
    return response
