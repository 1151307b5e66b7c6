"""Museums, objects, products, variants and prices of the demo, with their texts and pictures."""

from datetime import date
from decimal import Decimal

from django.conf import settings

from inventory.stock.models import Item
from shop.catalogue.models import (
    Museum,
    MuseumObject,
    MuseumText,
    ObjectText,
    Product,
    ProductImage,
    ProductText,
    Variant,
)
from shop.crossborder.models import Market
from shop.crossborder.pricing import actions as pricing
from shop.demo.museum import DemoMuseum, DemoObject, DemoProduct
from shop.demo.seed import pictures

LANGUAGES = [code for code, _name in settings.LANGUAGES]
ON_SALE = date(2026, 1, 1)
PICTURE_SIZE = 1200


def seed(content: DemoMuseum) -> None:
    """Write museums, objects and products that are not there yet, and sizes that nobody has measured yet."""
    museums = _museums(content)
    objects = _objects(content, museums)
    # The first market of a currency takes the prices of the content; the others derive theirs.
    markets = {market.currency: market for market in Market.objects.reverse()}
    present = set(Product.objects.values_list("slug", flat=True))
    for position, product in enumerate(content.products):
        if product.slug not in present:
            _product(product, position, museums[product.museum], objects, markets)
    _sizes(content)


def _sizes(content: DemoMuseum) -> None:
    sizes = {one.sku: one.size_mm for product in content.products for one in product.variants}
    unmeasured = list(Variant.objects.filter(sku__in=sizes, length_mm=None))
    for variant in unmeasured:
        variant.length_mm, variant.width_mm, variant.height_mm = sizes[variant.sku]
    Variant.objects.bulk_update(unmeasured, ["length_mm", "width_mm", "height_mm"])


def _museums(content: DemoMuseum) -> dict[str, Museum]:
    found = {}
    for facts in content.museums:
        museum, created = Museum.objects.get_or_create(
            slug=facts.slug, defaults={"city": facts.city, "country": facts.country}
        )
        if created:
            MuseumText.objects.bulk_create(
                MuseumText(museum=museum, language=code, name=facts.name[code], introduction=facts.introduction[code])
                for code in LANGUAGES
            )
        found[facts.slug] = museum
    return found


def _objects(content: DemoMuseum, museums: dict[str, Museum]) -> dict[str, MuseumObject]:
    found = {one.slug: one for one in MuseumObject.objects.filter(slug__in=[o.slug for o in content.objects])}
    for facts in content.objects:
        if facts.slug not in found:
            found[facts.slug] = _object(facts, museums[facts.museum])
    return found


def _object(facts: DemoObject, museum: Museum) -> MuseumObject:
    made = MuseumObject.objects.create(
        museum=museum,
        accession_number=facts.accession_number,
        slug=facts.slug,
        title=facts.title["en"],
        maker=facts.maker,
        date_text=facts.date_text,
        year_from=facts.year_from,
        year_to=facts.year_to,
        culture=facts.culture,
        technique=facts.technique,
        classification=facts.classification,
        credit_line=facts.credit_line,
        subjects=list(facts.themes),
        ornament=facts.ornament,
        palette=facts.palette,
        picture=pictures.plate(
            slug=facts.slug,
            ornament=facts.ornament,
            palette=facts.palette,
            title=facts.title["en"],
            technique=facts.technique,
        ),
    )
    ObjectText.objects.bulk_create(
        ObjectText(museum_object=made, language=code, title=facts.title[code], description=facts.description[code])
        for code in LANGUAGES
    )
    return made


def _product(
    facts: DemoProduct,
    position: int,
    museum: Museum,
    objects: dict[str, MuseumObject],
    markets: dict[str, Market],
) -> None:
    product = Product.objects.create(
        museum=museum,
        slug=facts.slug,
        category=facts.category,
        published=True,
        ornament=facts.ornament,
        palette=facts.palette,
        sort_order=position,
    )
    product.objects_shown.set([objects[slug] for slug in facts.objects])
    ProductText.objects.bulk_create(
        ProductText(
            product=product,
            language=code,
            name=facts.name[code],
            description=facts.description[code],
            material=facts.material[code],
            care=facts.care[code] if facts.care else "",
        )
        for code in LANGUAGES
    )
    ProductImage.objects.bulk_create(
        ProductImage(
            product=product,
            file=pictures.product_picture(
                slug=facts.slug,
                category=facts.category,
                ornament=facts.ornament,
                palette=facts.palette,
                view=view,
                title=facts.name["en"],
            ),
            width=PICTURE_SIZE,
            height=PICTURE_SIZE,
            position=number,
            alt=dict(facts.name),
        )
        for number, view in enumerate(("front", "detail"))
    )
    _variants(product, facts, markets)


def _variants(product: Product, facts: DemoProduct, markets: dict[str, Market]) -> None:
    items = [
        Item.objects.get_or_create(sku=one.sku, defaults={"description": facts.name["en"][:200]})[0]
        for one in facts.variants
    ]
    variants = Variant.objects.bulk_create(
        Variant(
            product=product,
            item=item,
            sku=one.sku,
            options=dict(one.option),
            hs_code=one.hs_code,
            origin=one.origin,
            weight_g=one.weight_g,
            length_mm=one.size_mm[0],
            width_mm=one.size_mm[1],
            height_mm=one.size_mm[2],
            position=number,
        )
        for number, (one, item) in enumerate(zip(facts.variants, items, strict=True))
    )
    for currency, market in markets.items():
        amounts = {
            variant.id: Decimal(one.prices[currency])
            for variant, one in zip(variants, facts.variants, strict=True)
            if currency in one.prices
        }
        if amounts:
            pricing.introduce_prices(market=market, amounts=amounts, since=ON_SALE, actor="seed")
