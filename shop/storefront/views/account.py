"""The shopper's account: her orders."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shop.storefront.queries.orders import orders_of


@never_cache
@require_safe
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """The orders placed while signed in, the latest first."""
    language: str = request.shop_language  # type: ignore[attr-defined]
    return render(request, "storefront/account.html", {"orders": orders_of(request.user, language)})
