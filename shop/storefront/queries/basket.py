"""The basket as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import OuterRef

from shop.catalogue.models import MuseumText, Product
from shop.catalogue.wording import option_text
from shop.checkout import basket_words, quoting
from shop.checkout.lines import BasketRow
from shop.checkout.models import MAX_GIFT_MESSAGE, MAX_NOTE, Basket
from shop.checkout.settling import reckoned_for
from shop.checkout.wrapping import wrapping_price
from shop.crossborder.money import display
from shop.storefront import markets, places
from shop.storefront.queries.cards import Picture, first_picture, in_language, picture_of


@dataclass(frozen=True)
class BasketLineView:
    """A line in words; ``problem`` says why it cannot be bought as it is, ``remark`` what else has changed."""

    sku: str
    slug: str
    name: str
    option: str
    museum: str
    picture: Picture | None
    quantity: int
    unit_price: str
    amount: str
    problem: str
    remark: str


@dataclass(frozen=True)
class CodeView:
    """A promotion code in the basket, and what it takes off the goods (empty: nothing of the goods)."""

    code: str
    discount: str


@dataclass(frozen=True)
class BasketPage:
    """The basket's lines, the value of its goods, its codes, its gift wrap and the words that go with it.

    ``news`` is what happened to it since she looked; ``wrap_price`` is empty where wrapping is free.
    """

    lines: list[BasketLineView]
    goods: str
    units: int
    codes: list[CodeView] = field(default_factory=list)
    after: str = ""
    news: list[str] = field(default_factory=list)
    wraps: bool = False
    wrap_price: str = ""
    gift_wrap: bool = False
    gift_message: str = ""
    note: str = ""
    most_message: int = MAX_GIFT_MESSAGE
    most_note: int = MAX_NOTE

    @property
    def changed(self) -> bool:
        """Whether there is something that the shopper can say she has seen."""
        return bool(self.news) or any(line.remark for line in self.lines)

    @property
    def described(self) -> bool:
        """Whether it is a gift, or words go with it."""
        return self.gift_wrap or bool(self.gift_message or self.note)

    @property
    def buyable(self) -> bool:
        """Whether checkout would accept it as it is."""
        return bool(self.lines) and not any(line.problem for line in self.lines)


def units_in(basket: Basket | None) -> int:
    """Return how many units are in the basket."""
    return sum(basket.lines.values_list("quantity", flat=True)) if basket else 0


def basket_page(basket: Basket | None) -> BasketPage:
    """Return the basket in words. Five statements for any number of lines, six more with promotion codes."""
    if basket is None:
        return BasketPage([], "", 0)
    market, language = basket.market, basket.language
    rows = quoting.rows(basket, warehouses=list(markets.warehouse_ids(market)))
    museum_texts = MuseumText.objects.filter(museum_id=OuterRef("museum_id"))
    products = (
        Product.objects.filter(id__in={row.line.variant.product_id for row in rows})
        .order_by()
        .annotate(museum_name=in_language(museum_texts, "name", language), picture=first_picture("id"))
        .values("id", "museum_name", "picture")
    )
    known = {one["id"]: one for one in products} if rows else {}
    lines = []
    for row in rows:
        variant = row.line.variant
        facts = known[variant.product_id]
        said = basket_words.of_line(row, market.currency, language)
        lines.append(
            BasketLineView(
                sku=variant.sku,
                slug=variant.product.slug,
                name=row.name,
                option=option_text(variant.options, language),
                museum=facts["museum_name"],
                picture=picture_of(facts["picture"], language=language, fallback=row.name),
                quantity=row.line.quantity,
                unit_price=display(row.unit_price, market.currency, language) if row.unit_price else "",
                amount=display(row.amount, market.currency, language) if row.amount else "",
                problem=next((one.message for one in said if one.blocking), ""),
                remark=next((one.message for one in said if not one.blocking), ""),
            )
        )
    goods = sum((row.amount for row in rows if row.amount), Decimal(0))
    off = reckoned_for(basket, rows)
    wrap = wrapping_price(market)
    return BasketPage(
        lines=lines,
        goods=display(goods, market.currency, language),
        units=sum(row.line.quantity for row in rows),
        codes=[
            CodeView(one.code, display(-one.discount, market.currency, language) if one.discount else "")
            for one in off.applied
        ],
        after=display(goods - off.discount, market.currency, language) if off.discount else "",
        news=_news(basket, rows),
        wraps=wrap is not None,
        wrap_price=display(wrap, market.currency, language) if wrap else "",
        gift_wrap=basket.gift_wrap,
        gift_message=basket.gift_message,
        note=basket.note,
    )


def _news(basket: Basket, rows: Sequence[BasketRow]) -> list[str]:
    language = basket.language
    names = {row.line.variant.sku: row.name for row in rows}
    known = {basket.market.code: places.market_name(basket.market, language)}
    return [basket_words.news(entry, names=names, markets=known, language=language) for entry in basket.news]
