"""Every part of the design on one page, in the demonstration shop only."""

from types import SimpleNamespace

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shop.storefront.context import place_for
from shop.storefront.queries.listing import Filters, find

COLOURS = ("wall", "plate", "sheet", "ink", "ink-soft", "hair", "line", "accent", "alert", "good")
STEPS = ("small", "body", "large", "heading", "title", "display")


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The parts, with goods of the visitor's market on the cards."""
    place = place_for(request) if settings.DEMO else None
    if place is None:
        raise Http404("The style guide is shown in the demonstration only.")
    found = find(market=place.market, language=place.language, filters=Filters())
    error = SimpleNamespace(text="name@example")
    context = {"cards": found.cards[:4], "facets": found.facets[:2], "colours": COLOURS, "steps": STEPS, "wrong": error}
    return render(request, "storefront/styleguide.html", context)
