"""The shopper's account: what it holds, its orders, its preferences."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shop.accounts import actions, queries
from shop.accounts.consent import words
from shop.accounts.privacy import erasing
from shop.crossborder.addresses.layout import lines
from shop.crossborder.addresses.rules import reads_locally
from shop.storefront import markets
from shop.storefront.account_forms import PreferencesForm
from shop.storefront.places import country_name
from shop.storefront.queries.orders import order_rows

LATEST = 3


def signed_in(request: HttpRequest) -> User:
    """Return the account of a page that only opens to one."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 (login_required is in front)
    return user


def spoken(request: HttpRequest) -> str:
    """Return the language of the page."""
    language: str = request.shop_language  # type: ignore[attr-defined]
    return language


def written(address: dict[str, Any], country: str, language: str) -> list[str]:
    """Return an address line by line, as its country writes it, with the country's name."""
    return [*lines(address, latin=not reads_locally(country, language)), country_name(country, language)]


@never_cache
@require_safe
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """What the account holds: the latest orders, the first address, what is under way."""
    user, language = signed_in(request), spoken(request)
    page = queries.orders(user)
    first = next(iter(queries.addresses(user)), None)
    context = {
        "here": "overview",
        "orders": order_rows(page.orders[:LATEST], language),
        "more": len(page.orders) > LATEST,
        "address": written(first.address, first.country, language) if first else [],
        "erasure": erasing.pending(user=user),
    }
    return render(request, "storefront/account.html", context)


@never_cache
@require_safe
@login_required
def orders(request: HttpRequest) -> HttpResponse:
    """The account's orders, a page at a time, the latest first."""
    page = queries.orders(signed_in(request), request.GET.get("after", "")[:300])
    context = {"here": "orders", "orders": order_rows(page.orders, spoken(request)), "following": page.following}
    return render(request, "storefront/account/orders.html", context)


@never_cache
@require_safe
@login_required
def order(request: HttpRequest, number: str) -> HttpResponse:
    """One of the account's orders: leads to its page. Another's is not there."""
    found = queries.own_order(signed_in(request), number)
    if found is None:
        raise Http404("There is no such order.")
    return redirect("shop:order", found.token)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Language, market, and whether news are wanted."""
    user, language = signed_in(request), spoken(request)
    row = queries.preference(user)
    place = f"{row.market.code}/{row.language}" if row.market else request.COOKIES.get(markets.PLACE_COOKIE, "")
    form = PreferencesForm(
        request.POST or None, language=language, initial={"place": place, "marketing": row.marketing}
    )
    if request.method == "POST" and form.is_valid():
        code, _sep, wanted = form.cleaned_data["place"].partition("/")
        chosen = markets.place_of(code, wanted)
        if chosen is not None:
            actions.set_preferences(
                user=user, language=wanted, market=chosen.market, marketing=form.cleaned_data["marketing"]
            )
            messages.success(request, _("Saved."))
            response: HttpResponse = redirect("shop:account_preferences")
            markets.remember(response, chosen)
            return response
    context = {"here": "preferences", "form": form, "words": words(language)}
    return render(request, "storefront/account/preferences.html", context, status=422 if form.errors else 200)
