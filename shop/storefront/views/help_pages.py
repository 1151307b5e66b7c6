"""Help for the shoppers of a market: delivery, returns, payment, and whom to ask."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.storefront import protections
from shop.storefront.queries import help as answers
from shop.storefront.views.catalogue import cacheable

TOPICS = {
    "delivery": _("Delivery, tax and duty"),
    "returns": _("Returns and refunds"),
    "payments": _("Ways to pay"),
    "contact": _("Contact"),
}


@cacheable
def index(request: HttpRequest, market: str, language: str) -> HttpResponse:  # noqa: ARG001 (named by the address)
    """The first page of help: delivery."""
    return _answer(request, language, "delivery")


@cacheable
def page(request: HttpRequest, market: str, language: str, topic: str) -> HttpResponse:  # noqa: ARG001
    """One topic."""
    return _answer(request, language, topic)


def _answer(request: HttpRequest, language: str, topic: str) -> HttpResponse:
    """Render a topic. What it says comes from the market's own delivery methods, rules and seller."""
    if topic not in TOPICS:
        raise Http404("There is no help on this.")
    place = request.market  # type: ignore[attr-defined]
    context = {
        "topic": topic,
        "topic_label": TOPICS[topic],
        "topics": TOPICS.items(),
        "methods": answers.methods(place, language) if topic == "delivery" else [],
        "countries": answers.countries(place, language) if topic == "delivery" else [],
        "at_the_door": place.incoterm == "DAP",
        "tax_note": protections.tax_note(place),
        "withdrawal_line": protections.market_withdrawal_line(place, timezone.localdate()),
        "payments": answers.payments(place) if topic == "payments" else [],
        "contact": answers.contact(place, language) if topic == "contact" else None,
    }
    return render(request, "storefront/help.html", context)
