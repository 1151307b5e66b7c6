"""The address book of an account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.accounts import actions, queries
from shop.accounts.models import MOST_ADDRESSES, SavedAddress
from shop.storefront.account_forms import AddressForm, CountryForm, served_countries
from shop.storefront.context import place_for
from shop.storefront.views.account import signed_in, spoken, written


@never_cache
@require_safe
@login_required
def addresses(request: HttpRequest) -> HttpResponse:
    """Every address, the default first."""
    language = spoken(request)
    rows = queries.addresses(signed_in(request))
    context = {
        "here": "addresses",
        "addresses": [{"row": row, "lines": written(row.address, row.country, language)} for row in rows],
        "full": len(rows) >= MOST_ADDRESSES,
    }
    return render(request, "storefront/account/addresses.html", context)


def _mine(request: HttpRequest, address_id: int) -> SavedAddress:
    row = SavedAddress.objects.filter(user=signed_in(request), pk=address_id).first()
    if row is None:
        raise Http404("There is no such address.")
    return row


def _country(request: HttpRequest, standing: SavedAddress | None) -> str:
    served = served_countries()
    place = place_for(request)
    wishes = [
        request.POST.get("address_country") or request.GET.get("country", ""),
        standing.country if standing else "",
        place.market.countries[0] if place else "",
        *served,
    ]
    return next((one for one in wishes if one in served), "GB")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def address(request: HttpRequest, address_id: int | None = None) -> HttpResponse:
    """A new address, or one of the book to change. Its fields follow its country (``?country=FR``)."""
    user, language = signed_in(request), spoken(request)
    standing = _mine(request, address_id) if address_id else None
    country = _country(request, standing)
    initial = dict(standing.address) if standing and standing.country == country else {}
    form = AddressForm(
        request.POST if request.method == "POST" else None,
        country=country,
        language=language,
        initial={**initial, "is_default": standing.is_default if standing else False},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_address(
                user=user, raw=form.address, address_id=address_id, default=form.cleaned_data["is_default"]
            )
        except actions.BookFull as error:
            form.add_error(None, _("The address book takes %(most)s addresses.") % {"most": error.most})
        else:
            messages.success(request, _("Saved."))
            return redirect("shop:account_addresses")
    context = {
        "here": "addresses",
        "form": form,
        "countries": CountryForm(language=language, initial={"country": country}),
        "standing": standing,
    }
    return render(request, "storefront/account/address.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
@login_required
def delete(request: HttpRequest, address_id: int) -> HttpResponse:
    """Take an address out of the book."""
    try:
        actions.delete_address(user=signed_in(request), address_id=address_id)
    except actions.NoSuchAddress as error:
        raise Http404("There is no such address.") from error
    messages.success(request, _("The address was removed."))
    return redirect("shop:account_addresses")


@never_cache
@require_POST
@login_required
def default(request: HttpRequest, address_id: int) -> HttpResponse:
    """Make an address the first one."""
    try:
        actions.make_default(user=signed_in(request), address_id=address_id)
    except actions.NoSuchAddress as error:
        raise Http404("There is no such address.") from error
    return redirect("shop:account_addresses")
