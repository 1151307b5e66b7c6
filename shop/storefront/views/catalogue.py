"""Catalogue pages: the same for everybody in a place, so they may be cached anywhere; they never read the session."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from shop.catalogue.models import Category
from shop.catalogue.search.misses import note
from shop.catalogue.search.parsing import clean
from shop.crossborder.models import Market
from shop.crossborder.offering.narrowing import FACETS, Filters
from shop.storefront import describing, freshness, protections
from shop.storefront.page_cache.serving import by_object, by_product, kept
from shop.storefront.queries import collection
from shop.storefront.queries import listing as listing_queries
from shop.storefront.queries import product as product_queries
from shop.storefront.queries.suggesting import suggestions

LISTING = (*FACETS, "sort", "q", "page")  # the query parameters of a list
cacheable = kept()


@cacheable
def home(request: HttpRequest, market: str, language: str) -> HttpResponse:  # noqa: ARG001 (named by the address)
    """The first page of a place."""
    page = collection.home_page(market=request.market, language=language)  # type: ignore[attr-defined]
    seo = describing.of_home(market=request.market, language=language)  # type: ignore[attr-defined]
    return render(request, "storefront/home.html", {"page": page, "seo": seo})


def _number(raw: str) -> int:
    """Return the page's number; what is none, or none that could be, is the first."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 12 else 1


@kept(accepts=LISTING)
def listing(request: HttpRequest, market: str, language: str) -> HttpResponse:
    """What is for sale, searched and narrowed. An unknown kind is a 404; other values that are none find nothing."""
    place: Market = request.market  # type: ignore[attr-defined]
    text = clean(request.GET.get("q", ""))
    filters = Filters.read(request.GET.getlist, text=text)
    categories = filters.chosen.get("category", ())
    if any(one not in Category.values for one in categories):
        raise Http404("There is no such category.")
    page = listing_queries.find(
        market=place, language=language, filters=filters, page=_number(request.GET.get("page", "1"))
    )
    if text and (page.corrected or not page.total):
        note(text=text, market=market, language=language)
    only = categories[0] if len(categories) == 1 else ""
    context = {
        "page": page,
        "category": only,
        "category_label": Category(only).label if only else "",
        "q": text,
        "query": page.query,
        "listing_all": not page.query,
    }
    return render(request, "storefront/listing.html", context)


@kept(accepts=("q",))
def suggest(request: HttpRequest, market: str, language: str) -> HttpResponse:  # noqa: ARG001
    """What the search field suggests for what is typed so far: a fragment."""
    text = clean(request.GET.get("q", ""))
    found = suggestions(text, market=request.market, language=language)  # type: ignore[attr-defined]
    return render(request, "storefront/fragments/suggest.html", {"q": text, "found": found})


@kept(by_product)
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
    if error:
        freshness.follow(request.market)  # type: ignore[attr-defined]
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
    request.shown_in = page.shown_in  # type: ignore[attr-defined]
    context["seo"] = describing.of_product(page, market=request.market, language=language)  # type: ignore[attr-defined]
    context["tax_note"] = protections.tax_note(request.market)  # type: ignore[attr-defined]
    return render(request, "storefront/product.html", context, status=status)


@cacheable
def museum(request: HttpRequest, market: str, language: str, slug: str) -> HttpResponse:  # noqa: ARG001
    """One museum."""
    page = collection.museum_page(slug=slug, market=request.market, language=language)  # type: ignore[attr-defined]
    if page is None:
        raise Http404("There is no such museum.")
    seo = describing.of_museum(page, market=request.market, language=language)  # type: ignore[attr-defined]
    return render(request, "storefront/museum.html", {"page": page, "seo": seo})


@kept(by_object)
def museum_object(request: HttpRequest, market: str, language: str, slug: str) -> HttpResponse:  # noqa: ARG001
    """One object of a collection."""
    page = collection.object_page(slug=slug, market=request.market, language=language)  # type: ignore[attr-defined]
    if page is None:
        raise Http404("There is no such object.")
    seo = describing.of_object(page, market=request.market, language=language)  # type: ignore[attr-defined]
    return render(request, "storefront/object.html", {"page": page, "seo": seo})
