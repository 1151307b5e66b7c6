"""“Tell me when it is back”: asking on a product's page, confirming and stopping by the links of the letters.

A link alone changes nothing: programs that look at letters before people do follow every one.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from shop.alerts.restock import actions
from shop.alerts.restock.limits import too_many
from shop.alerts.restock.models import StockAlert
from shop.storefront.alert_form import AlertForm
from shop.storefront.same_origin import same_origin_post


@never_cache
@same_origin_post()
def ask(request: HttpRequest, market: str, language: str) -> HttpResponse:  # noqa: ARG001 (the place is of the request)
    """Note the wish. The answer is the same whatever was known of the address."""
    form = AlertForm(request.POST)
    variant = None
    if form.is_valid():
        try:
            variant = actions.variant_of(form.cleaned_data["sku"])
        except actions.UnknownVariant:
            raise Http404("There is no such article.") from None
        if too_many(request):
            form.add_error(None, _("Too many wishes from here. Please try again later."))
    if not form.is_valid() or variant is None:
        return _form(request, form, status=429 if form.non_field_errors() else 422)
    actions.ask(
        email=form.cleaned_data["email"],
        sku=variant.sku,
        market=request.market,  # type: ignore[attr-defined]
        language=language,
    )
    context = {"email": form.cleaned_data["email"], "name": actions.name_of(variant, language), "variant": variant}
    return render(request, "storefront/alert_asked.html", context)


def _form(request: HttpRequest, form: AlertForm, *, status: int) -> HttpResponse:
    return render(
        request, "storefront/alert.html", {"form": form, "sku": request.POST.get("sku", "")[:40]}, status=status
    )


def _alert(token: str) -> StockAlert:
    found = actions.by_token(token)
    if found is None:
        raise Http404("There is no such wish.")
    return found


def _page(request: HttpRequest, alert: StockAlert, verb: str) -> HttpResponse:
    context: dict[str, Any] = {
        "alert": alert,
        "verb": verb,
        "done": alert.state == (StockAlert.State.WAITING if verb == "confirm" else StockAlert.State.STOPPED),
        "name": actions.name_of(alert.variant, request.shop_language),  # type: ignore[attr-defined]
    }
    return render(request, "storefront/alert_link.html", context)


@never_cache
@same_origin_post("GET", "HEAD", "POST")
def confirm(request: HttpRequest, market: str, language: str, token: str) -> HttpResponse:  # noqa: ARG001
    """Ask whether the wish is hers, and note that it is."""
    alert = _alert(token)
    if request.method == "POST":
        alert = actions.confirm(token=token) or alert
    return _page(request, alert, "confirm")


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, market: str, language: str, token: str) -> HttpResponse:  # noqa: ARG001
    """End the wishes of the address. Mail programs post here too (RFC 8058): without cookies, from anywhere."""
    alert = _alert(token)
    if request.method == "POST":
        alert = actions.stop(token=token) or alert
    return _page(request, alert, "stop")
