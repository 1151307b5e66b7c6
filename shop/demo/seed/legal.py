"""The demo's legal pages: short texts in the languages of each market, filled with its seller and its rights."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from django.utils import timezone

from shop.crossborder.models import Incoterm, LegalKind, LegalPage, Market, Registration, Seller
from shop.crossborder.protections.obligations import Obligation, obligation
from shop.crossborder.protections.withdrawal import WithdrawalRight, withdrawal_right
from shop.demo.museum import DATA
from shop.storefront.places import country_name

SINCE = date(2026, 1, 1)
SECTION = "=== "
TAX_NUMBERS = {"GB_VAT": "VAT", "EU_VAT": "TVA"}
DUTIES: Mapping[str, Mapping[str, str]] = {
    Incoterm.DDP: {
        "en": "What is due on import is worked out before you order and paid with the order, unless the total is marked as an estimate.",
        "fr": "Ce qui est dû à l’importation est calculé avant la commande et payé avec elle, sauf si le total est signalé comme une estimation.",
        "zh-hans": "进口应缴的款项在下单之前算好，随订单一并支付；总额标明为估算的除外。",
        "ja": "輸入にかかる額はご注文の前に計算し、ご注文とともにお支払いいただきます。見積もりと記した場合を除きます。",
    },
    Incoterm.DAP: {
        "en": "What is due on import is paid to the carrier on delivery. The total names it as an estimate before you order.",
        "fr": "Ce qui est dû à l’importation se paie au transporteur à la livraison. Le total l’indique à titre d’estimation avant la commande.",
        "zh-hans": "进口应缴的款项在收货时付给承运商；下单之前的总额会列出估算金额。",
        "ja": "輸入にかかる額は、お届け時に配送業者へお支払いください。ご注文前の総額に見積もりとして記します。",
    },
}
REFUND = {
    False: {"en": "{} days", "fr": "{} jours", "zh-hans": "{} 天", "ja": "{} 日"},
    True: {"en": "{} working days", "fr": "{} jours ouvrés", "zh-hans": "{} 个工作日", "ja": "{} 営業日"},
}


def sections(path: Path) -> dict[str, tuple[str, str]]:
    """Return language → (title, body) of a text file; a section begins with ``=== language title``."""
    found: dict[str, tuple[str, str]] = {}
    for part in path.read_text(encoding="utf-8").split(SECTION)[1:]:
        heading, _end, body = part.partition("\n")
        language, _space, title = heading.partition(" ")
        found[language] = (title, body.strip())
    return found


def variant_of(kind: str, market: Market, right: WithdrawalRight | None) -> str:
    """Return the name of the file with the text that is true in the market."""
    if kind == LegalKind.WITHDRAWAL:
        return "withdrawal.none" if right is None else "withdrawal" if right.days >= 14 else "withdrawal.return"
    if kind == LegalKind.IMPRINT and market.code in {"jp", "kr"}:
        return f"imprint.{market.code}"
    return str(kind)


def facts_of(market: Market, seller: Seller, right: WithdrawalRight | None, language: str) -> dict[str, str]:
    """Return what the texts name, in the language."""
    parts = [seller.line1, seller.line2, f"{seller.postcode} {seller.city}", country_name(seller.country, language)]
    numbers = Registration.objects.filter(seller=seller, kind__in=TAX_NUMBERS, valid__contains=SINCE)
    return {
        "seller": seller.legal_name,
        "address": ", ".join(part for part in parts if part.strip()),
        "email": seller.email,
        "phone": seller.phone,
        "company_number": seller.company_number,
        "numbers": "\n".join(f"{TAX_NUMBERS[one.kind]}: {one.number}" for one in numbers),
        "currency": market.currency,
        "days": str(right.days) if right else "",
        "refund": REFUND[right.refund_working][language].format(right.refund_days) if right else "",
        "duties": DUTIES[market.incoterm][language],
    }


def pages(market: Market, seller: Seller) -> list[LegalPage]:
    """Return the pages of a market, none of them saved."""
    today = timezone.localdate()
    right = withdrawal_right(market.countries[0], today)
    guarantee = obligation(Obligation.GUARANTEE_NOTICE, market.countries, today)
    made = []
    for kind in LegalKind.values:
        if kind == LegalKind.GUARANTEE and guarantee is None:
            continue
        texts = sections(DATA / "legal" / f"{variant_of(kind, market, right)}.txt")
        for language in market.languages:
            title, body = texts[language]
            facts = facts_of(market, seller, right, language)
            made.append(
                LegalPage(
                    market=market,
                    kind=kind,
                    language=language,
                    valid_from=SINCE,
                    title=title.format_map(facts),
                    body=body.format_map(facts),
                )
            )
    return made


def seed() -> None:
    """Write the pages of each market that has a seller and no page yet."""
    for market in Market.objects.filter(legal_pages=None).select_related("seller"):
        if market.seller is not None:
            LegalPage.objects.bulk_create(pages(market, market.seller))
