"""The withdrawal function: stated, confirmed, receipted (Directive 2011/83/EU, article 11a). No account is needed.

The answers are the same whether there is such an order or not.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shop.orders.models import Order
from shop.returns import actions, drafts, facts, mails, tasks
from shop.returns.drafts import Draft
from shop.returns.errors import DraftExpired, DraftUnreadable
from shop.returns.limits import too_many
from shop.returns.models import WithdrawalStatement
from shop.storefront.context import place_for
from shop.storefront.same_origin import same_origin_post
from shop.storefront.views.orders import order_of
from shop.storefront.withdrawal_form import PART, WHOLE, WithdrawalForm


@never_cache
@same_origin_post("GET", "HEAD", "POST")
def withdraw(request: HttpRequest, market: str, language: str) -> HttpResponse:
    """The function for everybody: the order is named by its number."""
    return _steps(request, None, reverse("shop:withdraw", args=[market, language]))


@never_cache
@same_origin_post("GET", "HEAD", "POST")
def withdraw_order(request: HttpRequest, token: str) -> HttpResponse:
    """The function on the page of an order, whose articles can be chosen."""
    order = order_of(request, token)
    return _steps(request, order, reverse("shop:order_withdraw", args=[order.token]))


def _steps(request: HttpRequest, order: Order | None, page: str) -> HttpResponse:
    intent = request.POST.get("intent", "")
    if intent == "confirm":
        return _confirm(request, order, page)
    if intent == "state":
        form = _form(order, request.POST)
        if not form.is_valid():
            return _first(request, form, page, status=422)
        place = place_for(request)
        draft = form.draft(
            language=request.shop_language,  # type: ignore[attr-defined]
            market=place.market.code if place else "",
            order_id=str(order.pk) if order else "",
        )
        return _second(request, draft, drafts.sign(draft), page)
    if intent == "change":
        return _first(request, _form(order, None, initial=_initial(request.POST.get("draft", ""))), page)
    return _first(request, _form(order, None), page)


def _form(order: Order | None, data: Any, *, initial: dict[str, Any] | None = None) -> WithdrawalForm:
    if order is None:
        return WithdrawalForm(data, initial=initial)
    known = {"order_number": order.number, "name": order.ship_to.get("name", ""), "email": order.email}
    return WithdrawalForm(data, initial=known | (initial or {}), rows=facts.returnables(order))


def _initial(token: str) -> dict[str, Any]:
    """Return what she had written, so that she can change it; nothing of a draft that cannot be read."""
    try:
        draft = drafts.read(token)
    except (DraftExpired, DraftUnreadable):
        return {}
    return {
        "name": draft.name,
        "order_number": draft.order_number,
        "email": draft.email,
        "scope": PART if draft.lines or draft.lines_text else WHOLE,
        "lines_text": draft.lines_text,
        **{f"units_{line}": units for line, units in draft.lines.items()},
    }


def _first(
    request: HttpRequest, form: WithdrawalForm, page: str, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {"form": form, "action": page, "problem": problem}
    return _private(render(request, "storefront/withdraw.html", context, status=status))


def _second(request: HttpRequest, draft: Draft, token: str, page: str) -> HttpResponse:
    context = {"said": draft, "articles": _articles(draft), "draft": token, "action": page}
    return _private(render(request, "storefront/withdraw_confirm.html", context))


def _articles(draft: Draft) -> list[dict[str, Any]]:
    statement = WithdrawalStatement(
        lines=draft.lines,
        lines_text=draft.lines_text,
        order=Order.objects.filter(pk=draft.order).first() if draft.order else None,
    )
    return mails.articles(statement)


def _confirm(request: HttpRequest, order: Order | None, page: str) -> HttpResponse:
    if too_many(request):
        problem = _("Too many statements came from your connection. Please try again in an hour, or write to us.")
        form = _form(order, None, initial=_initial(request.POST.get("draft", "")))
        return _first(request, form, page, problem=problem, status=429)
    try:
        statement = actions.confirm(token=request.POST.get("draft", ""))
    except (DraftExpired, DraftUnreadable):
        return _first(
            request,
            _form(order, None),
            page,
            problem=_("That page was too old. Please write it once more, and confirm it within a day."),
            status=422,
        )
    tasks.carry_out.delay(str(statement.pk))
    response = redirect("shop:withdrawn", statement.confirmation)
    response.status_code = 303
    return response


@never_cache
@require_safe
def withdrawn(request: HttpRequest, confirmation: str) -> HttpResponse:
    """The receipt, as it was sent by mail. Its address is known to her alone."""
    statement = (
        WithdrawalStatement.objects.select_related("market", "order").filter(confirmation=confirmation[:64]).first()
    )
    if statement is None:
        raise Http404("There is no such receipt.")
    context = {
        "said": statement,
        "articles": mails.articles(statement),
        "whole": statement.whole,
        "moment": mails.moment(statement),
    }
    return _private(render(request, "storefront/withdrawn.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
