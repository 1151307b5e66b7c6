"""From what the shop refuses to what the API answers: one problem for each, with a pointer to the field."""

from collections.abc import Callable
from typing import Any

from django.utils import translation

from config.problems import Problem
from inventory.stock.errors import HolderLimit, OutOfStock, StockBusy
from shop.checkout import basket_words, errors
from shop.checkout.address import AddressError
from shop.checkout.consents.agreed import ConsentMissing
from shop.checkout.promotions.errors import CodeRefused
from shop.crossborder.identities.consent import current_consent
from shop.crossborder.identities.declared import BUYER_KINDS, IdentityError
from shop.crossborder.identities.numbers import NumberKind
from shop.orders.actions import NotLicensed


def out_of_stock(error: OutOfStock, *, skus: list[str]) -> Problem:
    """409: names each line that is short and what is left of it (units)."""
    return Problem(
        status_code=409,
        code="out-of-stock",
        title="There is not enough stock.",
        detail=str(error),
        errors=[
            {
                "pointer": f"/lines/{skus.index(short.sku)}" if short.sku in skus else "/lines",
                "code": "out-of-stock",
                "message": f"{short.asked} asked, {short.available} left.",
                "sku": short.sku,
                "asked": short.asked,
                "available": short.available,
            }
            for short in error.shortages
        ],
    )


def not_for_sale(reasons: dict[str, list[str]], *, skus: list[str]) -> Problem:
    """422: names each line and the codes that stand in its way."""
    return Problem(
        status_code=422,
        code="not-for-sale",
        title="Some articles are not for sale there.",
        errors=[
            {
                "pointer": f"/lines/{skus.index(sku)}" if sku in skus else "/sku",
                "code": "not-for-sale",
                "message": f"Not for sale: {', '.join(codes)}.",
                "sku": sku,
                "reasons": codes,
            }
            for sku, codes in sorted(reasons.items())
        ],
    )


def delivery_refused(error: errors.DeliveryRefused) -> Problem:
    """422: names each reason why the delivery method does not take the basket to that address."""
    return Problem(
        status_code=422,
        code="delivery-refused",
        title="This delivery option does not take these goods there.",
        detail=" ".join(error.texts),
        errors=[
            {
                "pointer": "/shipping_option",
                "code": "delivery-refused",
                "message": words,
                "shipping_option": error.code,
                "reason": reason.code,
                "skus": list(reason.skus),
            }
            for reason, words in zip(error.reasons, error.texts, strict=True)
        ],
    )


def goods_refused(error: errors.GoodsRefused, *, skus: list[str]) -> Problem:
    """422: names each line, or the whole basket, and the rule that keeps it out."""
    return Problem(
        status_code=422,
        code="goods-refused",
        title="Some goods may not go there.",
        detail=str(error),
        errors=[
            {
                "pointer": f"/lines/{skus.index(one.about)}" if one.about in skus else "/ship_to/country",
                "code": one.code,
                "message": f"{one.about}: {one.code.replace('_', ' ')}.",
                "rule": one.rule,
            }
            for one in error.refusals
        ],
    )


def _field(status: int, code: str, title: str, pointer: str, error: Exception, **more: Any) -> Problem:
    entry = {"pointer": pointer, "code": code, "message": str(error), **more}
    return Problem(status_code=status, code=code, title=title, detail=str(error), errors=[entry])


def address(error: AddressError, *, prefix: str) -> Problem:
    """400: names each field of the address or the e-mail."""
    return Problem(
        status_code=400,
        code="validation-error",
        title="The request is not valid.",
        detail="See errors for the fields and what is wrong with each.",
        errors=[
            {"pointer": f"{prefix}/{field}", "code": code, "message": text}
            for field, (code, text) in error.problems.items()
        ],
    )


def consent(kind: str | None) -> dict[str, Any]:
    """Return the text a buyer must agree to before her number may be sent, for a shop to show."""
    if kind not in {str(one) for one in BUYER_KINDS}:
        return {}
    text = current_consent(NumberKind(kind))
    return {"kind": kind, "consent_version": text.version, "consent_texts": text.texts}


def identity(error: IdentityError, *, kind: Any) -> Problem:
    """400: names each field of the declared identity; beside a missing consent stands its text."""
    more = consent(kind if isinstance(kind, str) else None)
    return Problem(
        status_code=400,
        code="validation-error",
        title="The request is not valid.",
        detail="See errors for the fields and what is wrong with each.",
        errors=[
            {"pointer": f"/identity/{field}", "code": code, "message": text} | (more if field == "consent" else {})
            for field, (code, text) in error.problems.items()
        ],
    )


def consents(error: ConsentMissing) -> Problem:
    """422: each text that was not agreed to, with its kind, version and words, for a shop to show."""
    return Problem(
        status_code=422,
        code="consent-required",
        title="The shopper has to agree to some texts first.",
        detail=str(error),
        errors=[
            {
                "pointer": f"/consents/{one.text.kind}",
                "code": f"consent-{one.code}",
                "message": one.text.in_language("en"),
                "kind": one.text.kind,
                "version": one.text.version,
                "texts": one.text.texts,
                "page": one.text.page,
            }
            for one in error.missing
        ],
    )


def code_refused(error: CodeRefused, *, currency: str, language: str) -> Problem:
    """422: why the promotion code does not hold, in the basket's language."""
    with translation.override(language):
        message = basket_words.dropped(error.dropped, currency, language)
    entry = {
        "pointer": "/code",
        "code": "promotion-refused",
        "message": message,
        "reason": error.reason,
        "promotion_code": error.code,
    }
    return Problem(
        status_code=422,
        code="promotion-refused",
        title="This promotion code does not hold here.",
        detail=str(error),
        errors=[entry],
    )


def of(error: Exception, *, skus: list[str]) -> Problem:
    """Return the problem for a refusal of the shop; ``skus`` are the basket's lines in order.

    :raises TypeError: it is not a refusal that the API knows.
    """
    answers: dict[type[Exception], Callable[[Any], Problem]] = {
        OutOfStock: lambda e: out_of_stock(e, skus=skus),
        HolderLimit: lambda e: Problem(
            status_code=409, code="holder-limit", title="This customer claims too much already.", detail=str(e)
        ),
        StockBusy: lambda e: Problem(
            status_code=503, code="busy", title="The shop is busy; try again.", detail=str(e), wait=1
        ),
        NotLicensed: lambda e: not_for_sale({one.sku: sorted(one.codes) for one in e.denied}, skus=skus),
        errors.NotForSale: lambda e: not_for_sale(e.reasons, skus=skus),
        errors.UnknownVariant: lambda e: _field(422, "unknown-sku", "There is no such article.", "/sku", e),
        errors.BadQuantity: lambda e: _field(400, "validation-error", "The request is not valid.", "/quantity", e),
        errors.BasketFull: lambda e: _field(409, "basket-full", "The basket is full.", "/sku", e),
        errors.EmptyBasket: lambda e: Problem(
            status_code=409, code="basket-empty", title="The basket is empty.", detail=str(e)
        ),
        errors.CountryNotServed: lambda e: _field(
            422, "country-not-served", "This market does not deliver there.", "/ship_to/country", e, served=e.served
        ),
        errors.UnknownShippingOption: lambda e: _field(
            422, "unknown-shipping-option", "There is no such delivery option.", "/shipping_option", e, known=e.known
        ),
        errors.DeliveryRefused: delivery_refused,
        errors.GoodsRefused: lambda e: goods_refused(e, skus=skus),
        errors.CannotQuote: lambda e: Problem(
            status_code=503, code="cannot-quote", title="The price cannot be worked out now.", detail=str(e), wait=60
        ),
        errors.IdentityRequired: lambda e: _field(
            422,
            "identity-required",
            "Customs asks who the buyer is.",
            "/identity/number",
            e,
            **consent(str(e.kind)),
        ),
        errors.IdentityNotNeeded: lambda e: _field(
            422, "identity-not-needed", "Nobody asks who the buyer is.", "/identity", e
        ),
        errors.NothingToPay: lambda e: Problem(
            status_code=409, code="nothing-to-pay", title="There is nothing to pay.", detail=str(e)
        ),
        errors.GiftWrapNotOffered: lambda e: _field(
            422, "gift-wrap-not-offered", "Gift wrap is not offered here.", "/gift_wrap", e
        ),
        errors.BadText: lambda e: _field(
            400, "validation-error", "The request is not valid.", f"/{e.field}", e, maximum=e.maximum
        ),
        ConsentMissing: consents,
        errors.QuoteChanged: lambda e: _field(
            409, "quote-changed", "The total has changed.", "/expected_total", e, total=e.total
        ),
    }
    for kind, answer in answers.items():
        if isinstance(error, kind):
            return answer(error)
    raise TypeError(f"No problem is written for {type(error).__name__}.") from error
