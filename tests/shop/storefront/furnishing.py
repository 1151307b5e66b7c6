"""What pages show beside prices and stock, and what a shopper types at checkout."""

from shop.checkout.consents.texts import TEXTS
from shop.models import MuseumObject, ObjectText, ProductImage, Variant


def furnish(thing: Variant, *, pictures: int = 2, objects: int = 1) -> None:
    """Give a product pictures and objects."""
    for position in range(pictures):
        ProductImage.objects.create(
            product=thing.product,
            file=f"products/{thing.sku}-{position}.svg",
            width=1200,
            height=1200,
            position=position,
            alt={"en": "A mug", "fr": "Une tasse"},
        )
    for number in range(objects):
        record = MuseumObject.objects.create(
            museum=thing.product.museum,
            accession_number=f"{thing.sku}.{number}",
            slug=f"object-{thing.sku.lower()}-{number}",
            title="Under the Wave",
            maker="Hokusai",
            credit_line="Founders’ Bequest, 1911",
        )
        ObjectText.objects.create(museum_object=record, language="en", title="Under the Wave", description="A wave.")
        thing.product.objects_shown.add(record)


AGREED = {f"consent_{one.kind}": "on" for one in TEXTS} | {f"consent_{one.kind}_version": one.version for one in TEXTS}
CHECKOUT = AGREED | {
    "email": "ada@example.org",
    "name": "Ada Byron",
    "line1": "12 St James’s Square",
    "city": "London",
    "postcode": "SW1Y 4LB",
    "country": "GB",
    "shipping_option": "standard",
}
