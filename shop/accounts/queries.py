"""Reads of the account pages, each with a fixed number of statements."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core import signing
from django.db.models import Q

from shop.accounts.models import Preference, SavedAddress, Wish
from shop.catalogue.pictures import PagePicture, of_products
from shop.checkout.quoting import names
from shop.orders.models import Order

ORDERS_A_PAGE = 20
CURSOR_SALT = "shop.accounts.queries.orders"


def addresses(user: User) -> list[SavedAddress]:
    """Return the address book, the default first. One statement."""
    return list(SavedAddress.objects.filter(user=user))


def default_address(user: User, countries: list[str]) -> SavedAddress | None:
    """Return the address to begin with where these countries are served. One statement."""
    return SavedAddress.objects.filter(user=user, country__in=countries).first()


def preference(user: User) -> Preference:
    """Return the account's preferences, or unsaved ones. One statement."""
    return Preference.objects.select_related("market").filter(user=user).first() or Preference(user=user)


@dataclass(frozen=True)
class OrderPage:
    """A page of orders, and the cursor of the next one (empty: it is the last)."""

    orders: list[Order]
    following: str


def orders(user: User, cursor: str = "") -> OrderPage:
    """Return the account's orders from the cursor on, the latest first. One statement.

    A cursor that is none of ours begins at the latest.
    """
    mine = Order.objects.filter(user=user).order_by("-placed_at", "-pk")
    if cursor:
        try:
            placed, pk = signing.loads(cursor, salt=CURSOR_SALT)
        except (signing.BadSignature, ValueError):
            pass
        else:
            mine = mine.filter(Q(placed_at__lt=placed) | Q(placed_at=placed, pk__lt=pk))
    found = list(mine[: ORDERS_A_PAGE + 1])
    shown = found[:ORDERS_A_PAGE]
    last = shown[-1] if len(found) > ORDERS_A_PAGE else None
    following = signing.dumps([last.placed_at.isoformat(), str(last.pk)], salt=CURSOR_SALT) if last else ""
    return OrderPage(shown, following)


def own_order(user: User, number: str) -> Order | None:
    """Return the account's order with this number; nobody else's. One statement."""
    return Order.objects.filter(user=user, number=number[:20]).first()


@dataclass(frozen=True)
class Wished:
    """An article of the wishlist as its page shows it."""

    sku: str
    slug: str
    name: str
    options: dict[str, object]
    published: bool
    picture: PagePicture | None


def wishlist(user: User, language: str) -> list[Wished]:
    """Return the wishlist, the latest first. Four statements."""
    rows = list(Wish.objects.filter(user=user).select_related("variant__product"))
    products = {row.variant.product_id for row in rows}
    if not rows:
        return []
    called = names(products, language)
    images = of_products(sorted(products), language=language, names=called, first_only=True)
    return [
        Wished(
            sku=row.variant.sku,
            slug=row.variant.product.slug,
            name=called.get(row.variant.product_id, row.variant.sku),
            options=row.variant.options,
            published=row.variant.product.published,
            picture=next(iter(images.get(row.variant.product_id, ())), None),
        )
        for row in rows
    ]


def wished_skus(user: User, slug: str) -> set[str]:
    """Return which SKUs of a product are on the wishlist. One statement."""
    return set(Wish.objects.filter(user=user, variant__product__slug=slug).values_list("variant__sku", flat=True))
