"""The admin's environment badge and navigation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


def environment(_request: HttpRequest) -> list[str] | None:
    """Return the badge shown in the admin's header: a demo must never look like the real shop."""
    return ["Demo", "warning"] if settings.DEMO else None


def _link(title: Any, icon: str, model: str, *, page: str = "changelist") -> dict[str, Any]:
    app, _sep, name = model.partition(".")
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{app}_{name}_{page}"),
        "permission": lambda request: request.user.has_perm(f"{app}.view_{name}"),
    }


def _on_parcels(request: HttpRequest) -> bool:
    """The pages To ship, pick list and pack lie below the list of parcels, and have an entry of their own."""
    match = request.resolver_match
    return match is not None and match.url_name in {"shop_shipment_changelist", "shop_shipment_change"}


PRODUCTS = {
    f"shop_product_{page}" for page in ("changelist", "change", "add", "bulk_edit", "translate", "publication_page")
}


def _on_products(request: HttpRequest) -> bool:
    """Completeness lies below the list of products, and has an entry of its own."""
    match = request.resolver_match
    named = match.url_name if match is not None else ""
    return bool(named and named in PRODUCTS)


def _chaos() -> list[dict[str, Any]]:
    """The simulators' faults, where there are simulators."""
    if not settings.SIMULATOR_CONTROLS:
        return []
    entry = {
        "title": _("Chaos"),
        "icon": "thunderstorm",
        "link": reverse_lazy("chaos:show"),
        "permission": lambda request: request.user.has_perm("shop.switch_simulators"),
    }
    return [{"title": _("Demo"), "separator": True, "items": [entry]}]


def navigation(_request: HttpRequest) -> list[dict[str, Any]]:
    """Return the sidebar, ordered as a merchandiser's day is."""
    return [
        {
            "title": _("Sales"),
            "separator": True,
            "items": [
                _link(_("Orders"), "receipt_long", "shop.order"),
                _link(_("To ship"), "conveyor_belt", "shop.shipment", page="to_ship"),
                _link(_("Parcels"), "package_2", "shop.shipment") | {"active": _on_parcels},
                _link(_("Returns"), "assignment_return", "shop.returnrequest"),
                _link(_("Withdrawals"), "undo", "shop.withdrawalstatement"),
                _link(_("Unexpected units"), "help_center", "shop.unexpectedunits"),
                _link(_("Payments"), "credit_card", "shop.payment"),
                _link(_("Refunds"), "undo", "shop.refund"),
                _link(_("Payment cases"), "assignment_late", "shop.paymentcase")
                | {"badge": "shop.payments.case_admin.count_of_open", "badge_variant": "danger"},
                _link(_("Disputes"), "balance", "shop.dispute"),
                _link(_("Invoices"), "request_quote", "shop.invoice"),
                _link(_("Stripe events"), "inbox", "shop.stripeevent"),
                _link(_("Mail"), "mail", "shop.mail"),
                _link(_("Restock alerts"), "notifications", "shop.stockalert"),
                _link(_("Buyer identities"), "badge", "shop.buyeridentity"),
                _link(_("Identity accesses"), "visibility", "shop.identityaccess"),
                _link(_("Consents"), "task_alt", "shop.orderconsent"),
            ],
        },
        {
            "title": _("Promotions"),
            "separator": True,
            "items": [
                _link(_("Promotions"), "loyalty", "shop.promotion"),
                _link(_("Codes"), "confirmation_number", "shop.promotioncode"),
                _link(_("Uses"), "fact_check", "shop.promotionuse"),
                _link(_("Gift wrap"), "featured_seasonal_and_gifts", "shop.wrappingprice"),
            ],
        },
        {
            "title": _("Catalogue"),
            "separator": True,
            "items": [
                _link(_("Products"), "local_mall", "shop.product") | {"active": _on_products},
                _link(_("Completeness"), "checklist", "shop.product", page="completeness"),
                _link(_("Spreadsheets"), "table_view", "shop.product", page="sheets"),
                _link(_("Variants"), "style", "shop.variant"),
                _link(_("Themes"), "collections_bookmark", "shop.theme"),
                _link(_("Product types"), "category", "shop.producttype"),
                _link(_("Attributes"), "tune", "shop.attribute"),
                _link(_("Objects"), "museum", "shop.museumobject"),
                _link(_("Museums"), "account_balance", "shop.museum"),
                _link(_("Synonyms"), "join_inner", "shop.synonym"),
                _link(_("Searches without result"), "search_off", "shop.searchmiss"),
                _link(_("Manufacturers"), "factory", "shop.manufacturer"),
                _link(_("Prices"), "sell", "shop.price"),
                _link(_("Suggested prices"), "price_change", "shop.pricesuggestion"),
                _link(_("Price lists"), "percent_discount", "shop.pricelist"),
                _link(_("Price history"), "timeline", "shop.pricechange"),
                _link(_("Price policies"), "rule_settings", "shop.pricepolicy"),
            ],
        },
        {
            "title": _("Cross-border"),
            "separator": True,
            "items": [
                _link(_("Markets"), "public", "shop.market"),
                _link(_("Sellers"), "storefront", "shop.seller"),
                _link(_("Legal pages"), "gavel", "shop.legalpage"),
                _link(_("Delivery methods"), "local_shipping", "shop.shippingoption"),
                _link(_("Delivery zones"), "map", "shop.zone"),
                _link(_("Return addresses"), "pin_drop", "shop.returnaddress"),
                _link(_("Excepted goods"), "do_not_disturb_on", "shop.exceptedgoods"),
                _link(_("Exchange rates"), "currency_exchange", "shop.exchangerate"),
                _link(_("China customs"), "assured_workload", "shop.customsfiling"),
            ],
        },
        {
            "title": _("Tax and duty"),
            "separator": True,
            "collapsible": True,
            "items": [
                _link(_("Rule book"), "gavel", "shop.ruleset", page="review"),
                _link(_("Tax rules"), "percent", "shop.taxrule"),
                _link(_("Duty rules"), "price_check", "shop.dutyrule"),
                _link(_("Thresholds"), "vertical_align_center", "shop.thresholdrule"),
                _link(_("Fees"), "request_quote", "shop.feerule"),
                _link(_("Restrictions"), "block", "shop.restrictionrule"),
                _link(_("Procedures"), "alt_route", "shop.procedurerule"),
                _link(_("Places"), "location_on", "shop.placerule"),
                _link(_("Jurisdictions"), "flag", "shop.jurisdiction"),
                _link(_("Sources"), "menu_book", "shop.rulesource"),
            ],
        },
        {
            "title": _("Stock"),
            "separator": True,
            "items": [
                _link(_("Balances"), "inventory_2", "inventory.balance"),
                _link(_("Items"), "barcode", "inventory.item"),
                _link(_("Movements"), "swap_vert", "inventory.movement"),
                _link(_("Holds"), "lock_clock", "inventory.hold"),
                _link(_("Ring-fences"), "fence", "inventory.ringfence"),
                _link(_("Lots"), "deployed_code_history", "inventory.lot"),
                _link(_("Transfers"), "move_down", "inventory.transfer"),
                _link(_("Counts"), "fact_check", "inventory.countsheet"),
                _link(_("Warehouses"), "warehouse", "inventory.warehouse"),
            ],
        },
        {
            "title": _("Replenishment"),
            "separator": True,
            "items": [
                _link(_("Reorder"), "shopping_cart_checkout", "inventory.reorderadvice"),
                _link(_("Purchase orders"), "orders", "inventory.purchaseorder"),
                _link(_("Suppliers"), "factory", "inventory.supplier"),
            ],
        },
        {
            "title": _("Channels"),
            "separator": True,
            "items": [
                _link(_("Channels"), "hub", "shop.saleschannel"),
                _link(_("Listings"), "list_alt", "shop.listing"),
                _link(_("Channel orders"), "move_to_inbox", "shop.channelorder"),
            ],
        },
        {
            "title": _("Rights"),
            "separator": True,
            "items": [
                _link(_("Agreements"), "contract", "licensing.agreement"),
                _link(_("Versions"), "history_edu", "licensing.agreementversion"),
                _link(_("Grants"), "verified", "licensing.grant"),
                _link(_("Properties"), "account_tree", "licensing.property"),
                _link(_("Licensed SKUs"), "qr_code_2", "licensing.licensedsku"),
                _link(_("Parties"), "handshake", "licensing.party"),
                _link(_("Groups of parties"), "diversity_3", "licensing.partygroup"),
                _link(_("Rights in force"), "gavel", "licensing.rightheld"),
                _link(_("Groups of places"), "public", "licensing.scopegroup"),
                _link(_("Channels and categories"), "lan", "licensing.scopenode"),
                _link(_("Royalty entries"), "payments", "licensing.royaltyentry"),
                _link(_("API keys"), "key", "licensing.apikey"),
            ],
        },
        {
            "title": _("People"),
            "separator": True,
            "items": [
                _link(_("Data exports"), "folder_shared", "shop.dataexport"),
                _link(_("Erasures"), "person_remove", "shop.erasure"),
                _link(_("Kept by law"), "inventory", "shop.retainedorder"),
                _link(_("Users"), "person", "auth.user"),
                _link(_("Groups"), "group", "auth.group"),
            ],
        },
        *_chaos(),
    ]
