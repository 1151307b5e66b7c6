"""What the search field suggests while something is typed."""

from shop.catalogue.search.finding import find
from shop.crossborder.models import Market
from shop.storefront.queries.cards import Card, offered_cards

MOST = 6
WEIGHED = 500  # of the best finds; some of them may not be offered in the market


def suggestions(text: str, *, market: Market, language: str) -> list[Card]:
    """Return the best products for a beginning of words; three statements."""
    products = find(text, language=language, most_objects=0, mend=False).products
    best = sorted(products, key=lambda one: (-products[one], one))[:WEIGHED]
    return offered_cards(best, market=market, language=language, most=MOST) if best else []
