"""Sending goods back: the form on an order's page, and the return's own page with its slip and its exchange."""

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shop.checkout.errors import IdentityRequired
from shop.crossborder.money import display, text
from shop.orders.models import Order
from shop.returns import actions, facts
from shop.returns.errors import NoExchange, NotReturnable
from shop.returns.models import ReturnKind, ReturnRequest
from shop.returns.slip import NoSlip, return_slip
from shop.returns.transitions import IllegalReturnMove
from shop.storefront import wording
from shop.storefront.markets import LANGUAGES
from shop.storefront.payment_policy import allow_payment_page
from shop.storefront.queries.returns import others_of, return_by_token, return_page
from shop.storefront.return_form import ReturnForm
from shop.storefront.same_origin import same_origin_post
from shop.storefront.views.checkout import REFUSALS
from shop.storefront.views.orders import order_of


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _ask(request: HttpRequest, order: Order, form: ReturnForm, *, status: int = 200) -> HttpResponse:
    context = {"order": order, "form": form}
    return _private(render(request, "storefront/return.html", context, status=status))


@never_cache
@same_origin_post("GET", "HEAD", "POST")
def ask(request: HttpRequest, token: str) -> HttpResponse:
    """The form; a post opens the return, once for each form however often it is sent."""
    order = order_of(request, token)
    rows = facts.returnables(order)
    others = others_of(order, rows)
    if request.method != "POST":
        return _ask(request, order, ReturnForm(rows=rows, others=others, initial={"attempt": uuid4()}))
    attempt = str(request.POST.get("attempt", ""))[:40]
    made = ReturnRequest.objects.filter(cause_key=f"form:{order.pk}:{attempt}").first()
    if made:
        return redirect("shop:return", made.token)
    form = ReturnForm(request.POST, rows=rows, others=others)
    if not form.is_valid():
        return _ask(request, order, form, status=422)
    said = form.cleaned_data
    try:
        made = actions.open_return(
            order_id=order.pk,
            kind=ReturnKind(said["kind"]),
            lines=form.wanted(),
            cause_key=f"form:{order.pk}:{said['attempt']}",
            actor="shopper",
            reason=said["reason"],
            note=said["note"],
        )
    except NotReturnable as error:
        form.add_error(None, _("Only %(left)s of “%(sku)s” can be returned.") % {"left": error.left, "sku": error.sku})
        return _ask(request, order, form, status=409)
    response = redirect("shop:return", made.token)
    response.status_code = 303
    return response


def _return(request: HttpRequest, token: str) -> ReturnRequest:
    """Return the return and speak its order's language; 404 for a token that is none."""
    found = return_by_token(token)
    if found is None:
        raise Http404("There is no such return.")
    order = found.order
    language = order.language if order.language in LANGUAGES else "en"
    translation.activate(language)
    request.shop_language = language  # type: ignore[attr-defined]
    if order.market and language in order.market.languages:
        request.market = order.market  # type: ignore[attr-defined]
    return found


def _page(request: HttpRequest, found: ReturnRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"page": return_page(found), **more}
    return _private(render(request, "storefront/return_page.html", context, status=status))


@never_cache
@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Where the return is, and what to do next."""
    return _page(request, _return(request, token))


@never_cache
@require_safe
def slip(request: HttpRequest, token: str) -> HttpResponse:
    """The slip to put into the parcel."""
    found = _return(request, token)
    try:
        content = return_slip(found)
    except NoSlip as error:
        raise Http404(str(error)) from error
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return _private(answer)


@never_cache
@same_origin_post()
def sent(request: HttpRequest, token: str) -> HttpResponse:
    """She says that it is on its way."""
    found = _return(request, token)
    tracking = request.POST.get("tracking", "").strip()[:80]
    if not tracking:
        return _page(request, found, status=422, problem=_("Please write the number of the parcel."))
    try:
        actions.mark_sent(request_id=found.pk, tracking=tracking, actor="shopper")
    except IllegalReturnMove:
        return _page(request, found, status=409, problem=_("This return has moved on. Please look at it again."))
    return redirect("shop:return", found.token)


@never_cache
@same_origin_post()
def give_up(request: HttpRequest, token: str) -> HttpResponse:
    """She keeps the goods after all."""
    found = _return(request, token)
    if found.kind == ReturnKind.WITHDRAWAL:
        raise Http404("A withdrawal is not taken back here.")
    try:
        actions.give_up(request_id=found.pk, actor="shopper", cause="the shopper keeps the goods")
    except IllegalReturnMove:
        return _page(request, found, status=409, problem=_("This return has moved on. Please look at it again."))
    return redirect("shop:return", found.token)


@never_cache
@same_origin_post()
def exchange(request: HttpRequest, token: str) -> HttpResponse:
    """Say what the exchange costs today (``intent=quote``), or order it at the total she was shown."""
    found = _return(request, token)
    try:
        if request.POST.get("intent") == "order":
            placed = actions.order_exchange(
                request_id=found.pk, expected_total=request.POST.get("expected_total", "")[:24], actor="shopper"
            )
            url = placed.payment.url or f"/orders/{placed.order.token}/"
            response = HttpResponseRedirect(url, status=303)
            allow_payment_page(response, url)
            return response
        quoted = actions.quote_exchange(request_id=found.pk)
    except IdentityRequired:
        problem = _("Customs asks who the buyer is, so please order it in the shop like any other article.")
        return _page(request, found, status=409, problem=problem)
    except NoExchange:
        return _page(request, found, status=409, problem=_("There is nothing to order in exchange any more."))
    except REFUSALS as error:
        names = {line.wanted.sku: line.order_line.name for line in found.lines.select_related("wanted") if line.wanted}
        return _page(request, found, status=409, problem=" ".join(wording.not_placed(error, names)))
    quote = quoted.quote
    language = found.order.language
    taxes = quote.payable_now - quote.goods - quote.shipping
    page = _page(
        request,
        found,
        quote={
            "goods": display(quote.goods, quote.currency, language),
            "shipping": display(quote.shipping, quote.currency, language) if quote.shipping else "",
            "taxes": display(taxes, quote.currency, language) if taxes else "",
            "total": display(quote.payable_now, quote.currency, language),
            "total_text": text(quote.payable_now, quote.currency),
        },
    )
    allow_payment_page(page)
    return page
