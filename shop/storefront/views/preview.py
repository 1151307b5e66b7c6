"""A product's page as shoppers will see it, for whoever has a signed link: never kept by a cache or a search engine."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shop.catalogue import previewing
from shop.catalogue.models import Product
from shop.storefront.views.catalogue import product_answer


@require_safe
@never_cache
def preview(request: HttpRequest, market: str, language: str, token: str) -> HttpResponse:  # noqa: ARG001
    """The page of the product that the token names, published or not; 404 for a token that is not valid."""
    product_id = previewing.read(token)
    slug = Product.objects.filter(pk=product_id).values_list("slug", flat=True).first() if product_id else None
    if slug is None:
        raise Http404("There is no such preview, or it is over.")
    response = product_answer(request, language=language, slug=slug, preview=True)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
