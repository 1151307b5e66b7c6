"""Personal data in the rooms of markets, rules and customs."""

from django.db.models import Q

from config.personal_data import Holding, Person, kept

STAFF = "Names of staff or of parts of the program: kept for accountability."
CUSTOMS = (
    "Sealed. Customs may ask who the buyer was: kept until the day in the row (China: E-commerce Law, article 31; "
    "Korea: Customs Act, article 12), then emptied by the program."
)


def _identities(person: Person) -> Q:
    return Q(orders__in=person.order_ids)


HOLDINGS = (
    Holding(
        "shop.BuyerIdentity",
        "customs_identities",
        "Numbers that customs asked of the buyer. Only the masked number is written here.",
        {
            "sealed_number": kept(CUSTOMS),
            "sealed_name": kept(CUSTOMS),
            "masked": kept(CUSTOMS),
            "digest": kept(CUSTOMS),
            "consent_version": kept("Proof of the consent."),
        },
        of=_identities,
        hidden={
            "sealed_number": "Sealed: it is opened only for customs.",
            "sealed_name": "Sealed: it is opened only for customs.",
            "digest": "Of the sealed number.",
            "key_id": "Of the key it is sealed with.",
        },
    ),
    Holding(
        "shop.IdentityAccess",
        "customs_identity_accesses",
        "Who of the staff looked at such a number, and why.",
        {"actor": kept(STAFF), "reason": kept("Why it was looked at: kept for accountability.")},
        of=lambda person: Q(identity__orders__in=person.order_ids),
        hidden={"actor": "The name of a member of staff."},
    ),
    Holding(
        "shop.CustomsFiling",
        "customs_filings",
        "What was declared to customs of China.",
        {
            "payload": kept("As declared: the number is put in only at the moment of sending and is not in it."),
            "reason": kept("What is missing of a declaration, without names."),
        },
    ),
    Holding(
        "shop.CustomsDocument",
        "customs_messages",
        "Messages to customs of China.",
        {"last_message": kept("What customs answered, by its own numbers.")},
    ),
    Holding(
        "shop.PriceList",
        "price_lists",
        "Prices.",
        {"created_by": kept(STAFF), "name": kept("Of a list.")},
    ),
    Holding("shop.Price", "prices", "Prices.", {"set_by": kept(STAFF)}),
    Holding("shop.PriceChange", "price_history", "Prices.", {"actor": kept(STAFF)}),
    Holding(
        "shop.PriceSuggestion", "price_suggestions", "Prices.", {"created_by": kept(STAFF), "decided_by": kept(STAFF)}
    ),
    Holding(
        "shop.ExchangeRate",
        "exchange_rates",
        "Rates of exchange.",
        {"confirmed_by": kept(STAFF), "created_by": kept(STAFF), "reason": kept("About a rate.")},
    ),
    *(
        Holding(
            f"shop.{model}",
            f"rules_{model.lower()}",
            "Rules of tax and duty.",
            {"confirmed_by": kept(STAFF)} | dict.fromkeys(fields, kept("About a rule.")),
        )
        for model, fields in {
            "PlaceRule": ("note", "postcode"),
            "ProcedureRule": ("note",),
            "TaxRule": ("note", "name"),
            "DutyRule": ("note", "name"),
            "ThresholdRule": ("note", "name"),
            "FeeRule": ("note", "name"),
            "RestrictionRule": ("note",),
        }.items()
    ),
    Holding(
        "shop.RuleSet",
        "rule_books",
        "Published rules.",
        {"content": kept("Rules."), "frozen_by": kept(STAFF), "note": kept("About the rules.")},
    ),
)
IMPERSONAL = {
    "shop.Seller": "A company; its business address.",
    "shop.Registration": "Numbers of companies.",
    "shop.LegalPage": "Words for everybody.",
    "shop.RuleSource": "A law.",
    "shop.Jurisdiction": "A territory.",
    "shop.ShippingOption": "A way of delivery.",
    "shop.Zone": "A territory.",
    "shop.Publication": "Where goods are shown.",
    "shop.VariantOffer": "Prices and stock of goods.",
    "shop.ProductOffer": "Prices and stock of goods.",
    "shop.OfferSweep": "How far a computation came.",
}
