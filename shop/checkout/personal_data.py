"""Personal data in baskets, promotions and consents at checkout."""

from django.db.models import Q

from config.personal_data import Holding, Person, erased, kept


def _basket(person: Person) -> Q:
    return Q(user_id=person.user_id) if person.user_id else Q(pk__in=[])


def _consents(person: Person) -> Q:
    return Q(order_id__in=person.order_ids)


HOLDINGS = (
    Holding(
        "shop.Basket",
        "baskets",
        "What the person means to buy.",
        {
            "user": erased(),
            "token": erased(),
            "gift_message": erased(),
            "note": erased(),
            "news": erased(),
        },
        of=_basket,
        delete=True,
        hidden={"token": "Whoever holds it could open the basket."},
    ),
    Holding(
        "shop.BasketLine",
        "basket_lines",
        "The articles in those baskets.",
        {},
        of=lambda person: Q(basket__user_id=person.user_id) if person.user_id else Q(pk__in=[]),
        delete=True,
    ),
    Holding(
        "shop.OrderConsent",
        "order_consents",
        "What was agreed to with an order.",
        {
            "text": kept("Proof of what was agreed to (GDPR, article 7(1)): the shop's words, of no person."),
            "pages": kept("Versions of the shop's own pages."),
        },
        of=_consents,
    ),
    Holding(
        "shop.PromotionUse",
        "promotion_uses",
        "Which promotion codes were used with which order.",
        {"user": erased(None), "customers": erased(list)},
        of=_consents,
        hidden={"customers": "Digests of the address."},
    ),
    Holding(
        "shop.PromotionCustomer",
        "promotion_customers",
        "How often a promotion was used by one customer.",
        {"customer": kept("A keyed digest, by which nobody is found without the address itself.")},
    ),
)
IMPERSONAL = {"shop.Promotion": "A promotion."}
