"""The verbs of an account: its addresses, wishlist, preferences, and the orders it takes over after a proof."""

from collections.abc import Mapping
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse

from shop.accounts.consent import WORDS_VERSION, words
from shop.accounts.models import MOST_ADDRESSES, MOST_WISHES, MarketingConsent, Preference, SavedAddress, Wish
from shop.accounts.privacy.person import WEB, named, verified
from shop.alerts.mail import write
from shop.catalogue.models import Variant
from shop.checkout.address import parse_address
from shop.checkout.basket import find_variant
from shop.crossborder.models import Market
from shop.orders.models import Order

log = structlog.get_logger("vitrine.accounts")


class BookFull(Exception):
    """The address book or the wishlist has no more room. ``most``: how many it takes."""

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(f"At most {most}.")


class NoSuchAddress(Exception):
    """There is none, or it is somebody else's."""


def _locked(user: User) -> User:
    """Lock the account, so that its defaults and limits are counted one after the other."""
    return User.objects.select_for_update().get(pk=user.pk)


@transaction.atomic
def save_address(
    *, user: User, raw: Mapping[str, Any], address_id: int | None = None, default: bool = False
) -> SavedAddress:
    """Keep an address, new or in the place of one of the account's. The first one is the default.

    :raises shop.checkout.address.AddressError: naming what is wrong. :raises NoSuchAddress, BookFull:
    """
    address = parse_address(raw)
    _locked(user)
    book = SavedAddress.objects.filter(user=user)
    if address_id is None:
        count = book.count()
        if count >= MOST_ADDRESSES:
            raise BookFull(MOST_ADDRESSES)
        row = SavedAddress(user=user)
        default = default or not count
    else:
        row = _mine(user, address_id)
    if default and not row.is_default:
        book.filter(is_default=True).update(is_default=False)
        row.is_default = True
    row.country, row.address = address["country"], address
    row.save()
    return row


def _mine(user: User, address_id: int) -> SavedAddress:
    row = SavedAddress.objects.filter(user=user, pk=address_id).first()
    if row is None:
        raise NoSuchAddress(str(address_id))
    return row


@transaction.atomic
def make_default(*, user: User, address_id: int) -> None:
    """Make one of the account's addresses its default. :raises NoSuchAddress:"""
    _locked(user)
    row = _mine(user, address_id)
    SavedAddress.objects.filter(user=user, is_default=True).update(is_default=False)
    SavedAddress.objects.filter(pk=row.pk).update(is_default=True)


@transaction.atomic
def delete_address(*, user: User, address_id: int) -> None:
    """Take an address out; the latest of the others becomes the default if this one was. :raises NoSuchAddress:"""
    _locked(user)
    row = _mine(user, address_id)
    row.delete()
    if row.is_default:
        following = SavedAddress.objects.filter(user=user).order_by("-id").first()
        if following:
            SavedAddress.objects.filter(pk=following.pk).update(is_default=True)


@transaction.atomic
def wish(*, user: User, sku: str) -> Wish:
    """Put a published variant on the wishlist; repeating changes nothing.

    :raises shop.checkout.errors.UnknownVariant: there is none. :raises BookFull:
    """
    variant = find_variant(sku)
    _locked(user)
    standing = Wish.objects.filter(user=user, variant=variant).first()
    if standing:
        return standing
    if Wish.objects.filter(user=user).count() >= MOST_WISHES:
        raise BookFull(MOST_WISHES)
    return Wish.objects.create(user=user, variant=variant)


def unwish(*, user: User, variant_ids: list[int]) -> int:
    """Take variants off the wishlist; return how many were on it."""
    deleted, _each = Wish.objects.filter(user=user, variant_id__in=variant_ids).delete()
    return deleted


def unwish_sku(*, user: User, sku: str) -> int:
    """Take a SKU off the wishlist, sold any more or not."""
    return unwish(user=user, variant_ids=list(Variant.objects.filter(sku=sku[:40]).values_list("pk", flat=True)))


@transaction.atomic
def set_preferences(*, user: User, language: str, market: Market | None, marketing: bool) -> Preference:
    """Keep the account's language, market and wish for news. A change of the wish is proved by a row of its own."""
    _locked(user)
    row, _new = Preference.objects.get_or_create(user=user)
    if row.marketing != marketing:
        MarketingConsent.objects.create(
            user=user, given=marketing, version=WORDS_VERSION, language=language, text=words(language)
        )
    row.language, row.market, row.marketing = language, market, marketing
    row.save()
    return row


@transaction.atomic
def attach_orders(*, user: User, language: str) -> list[str]:
    """Take over orders without an account that were placed with an address this account has proved; tell it by letter.

    Called when an address was proved and at each log-in. Repeating attaches nothing twice: each order is locked while
    it is looked at, and has no account only once. Returns the numbers of the orders.
    """
    emails = verified(user)
    if not emails:
        return []
    orders = list(
        Order.objects.select_for_update(of=("self",))
        .filter(named(emails), user=None, channel=WEB)
        .order_by("pk")
        .values_list("pk", "number")
    )
    if not orders:
        return []
    Order.objects.filter(pk__in=[pk for pk, _number in orders]).update(user=user)
    numbers = sorted(number for _pk, number in orders)
    write(
        kind="orders_attached",
        key=f"orders_attached:{user.pk}:{numbers[0]}",
        to=user.email,
        language=language,
        facts={
            "numbers": ", ".join(numbers),
            "page": settings.SITE_URL + reverse("shop:account_orders"),
        },
    )
    log.info("orders attached", user=user.pk, count=len(numbers))
    return numbers
