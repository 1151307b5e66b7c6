"""The basket as its page shows it."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef

from shop.catalogue.models import MuseumText, Product
from shop.catalogue.wording import option_text
from shop.checkout import quoting
from shop.checkout.models import Basket
from shop.crossborder.money import display
from shop.storefront import markets, wording
from shop.storefront.queries.cards import Picture, first_picture, in_language, picture_of


@dataclass(frozen=True)
class BasketLineView:
    """A line in words; ``problem`` says why it cannot be bought as it is."""

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


@dataclass(frozen=True)
class BasketPage:
    """The basket's lines and the value of its goods."""

    lines: list[BasketLineView]
    goods: str
    units: int

    @property
    def buyable(self) -> bool:
        """Whether checkout would accept it as it is."""
        return bool(self.lines) and not any(line.problem for line in self.lines)


def units_in(basket: Basket | None) -> int:
    """Return how many units are in the basket."""
    return sum(basket.lines.values_list("quantity", flat=True)) if basket else 0


def basket_page(basket: Basket | None) -> BasketPage:
    """Return the basket in words. Six statements for any number of lines."""
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
        problem = wording.blocked(row.codes, priced=row.unit_price is not None)
        if not problem and row.available < row.line.quantity:
            problem = wording.left(row.available)
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
                problem=problem,
            )
        )
    goods = sum((row.amount for row in rows if row.amount), Decimal(0))
    return BasketPage(
        lines=lines,
        goods=display(goods, market.currency, language),
        units=sum(row.line.quantity for row in rows),
    )
