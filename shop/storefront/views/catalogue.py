"""Catalogue pages: the same for everybody in a place, so they may be cached anywhere; they never read the session."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from shop.catalogue.models import Category
from shop.storefront import protections
from shop.storefront.queries import cards, collection
from shop.storefront.queries import product as product_queries

MAX_QUERY = 80  # characters of a search
MAX_PAGE = 10_000
View = Callable[..., HttpResponse]


def cacheable(view: View) -> View:
    """Allow any cache to keep the page for a minute, and answer 304 to who has it already."""

    @require_safe
    @conditional_page
    @cache_control(public=True, max_age=60)
    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    return kept


@cacheable
def home(request: HttpRequest, market: str, language: str) -> HttpResponse:  # noqa: ARG001 (named by the address)
    """The first page of a place."""
    page = collection.home_page(market=request.market, language=language)  # type: ignore[attr-defined]
    return render(request, "storefront/home.html", {"page": page})


def _number(raw: str) -> int:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 6 else 1


@cacheable
def listing(request: HttpRequest, market: str, language: str) -> HttpResponse:  # noqa: ARG001
    """What is for sale, by kind, museum, and words. An unknown kind is a 404; unknown museums find nothing."""
    category = request.GET.get("category", "")
    if category and category not in Category.values:
        raise Http404("There is no such category.")
    museum = request.GET.get("museum", "")[:80]
    text = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:MAX_QUERY]
    page = cards.listing(
        market=request.market,  # type: ignore[attr-defined]
        language=language,
        category=category,
        museum=museum,
        text=text,
        page=_number(request.GET.get("page", "1")),
    )
    query = request.GET.copy()
    query.clear()
    for key, value in (("category", category), ("museum", museum), ("q", text)):
        if value:
            query[key] = value
    context = {
        "page": page,
        "category": category,
        "category_label": Category(category).label if category else "",
        "museum": museum,
        "museums": cards.museums(language),
        "q": text,
        "query": query.urlencode(),
        "listing_all": not query,
    }
    return render(request, "storefront/listing.html", context)


@cacheable
def product(request: HttpRequest, market: str, language: str, slug: str) -> HttpResponse:  # noqa: ARG001
    """One product. It stays a page where it may not be sold, and says so."""
    return product_answer(request, language=language, slug=slug)


def product_answer(
    request: HttpRequest,
    *,
    language: str,
    slug: str,
    error: str = "",
    quantity: str = "1",
    sku: str = "",
    status: int = 200,
    preview: bool = False,
) -> HttpResponse:
    """Render a product's page, with what was wrong with the form if anything was."""
    page = product_queries.product_page(
        slug=slug,
        market=request.market,  # type: ignore[attr-defined]
        language=language,
        preview=preview,
    )
    if page is None:
        raise Http404("There is no such product.")
    chosen = sku if any(choice.sku == sku for choice in page.choices) else page.chosen
    context = {"page": page, "chosen": chosen, "error": error, "quantity": quantity[:12]}
    context["tax_note"] = protections.tax_note(request.market)  # type: ignore[attr-defined]
    return render(request, "storefront/product.html", context, status=status)


@cacheable
def museum(request: HttpRequest, market: str, language: str, slug: str) -> HttpResponse:  # noqa: ARG001
    """One museum."""
    page = collection.museum_page(slug=slug, market=request.market, language=language)  # type: ignore[attr-defined]
    if page is None:
        raise Http404("There is no such museum.")
    return render(request, "storefront/museum.html", {"page": page})


@cacheable
def museum_object(request: HttpRequest, market: str, language: str, slug: str) -> HttpResponse:  # noqa: ARG001
    """One object of a collection."""
    page = collection.object_page(slug=slug, market=request.market, language=language)  # type: ignore[attr-defined]
    if page is None:
        raise Http404("There is no such object.")
    return render(request, "storefront/object.html", {"page": page})
