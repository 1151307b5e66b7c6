"""Documents follow their products and objects in the same transaction, whenever a model says that it was saved.

What writes without saying so (bulk inserts, updates of querysets) is followed by the sweep, by revision; imports of
collections call :func:`shop.catalogue.search.indexing.index_objects` themselves.
"""

from typing import Any

from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from shop.catalogue.models import (
    AttributeOption,
    AttributeValue,
    MuseumObject,
    MuseumText,
    ObjectText,
    Product,
    ProductText,
    Theme,
    ThemeProduct,
    ThemeText,
    Variant,
)
from shop.catalogue.search.indexing import index_objects, index_products


@receiver([post_save, post_delete], sender=ProductText)
@receiver([post_save, post_delete], sender=Variant)
@receiver([post_save, post_delete], sender=AttributeValue)
@receiver([post_save, post_delete], sender=ThemeProduct)
def part_changed(instance: Any, **_of_signal: Any) -> None:
    """Follow what belongs to one product."""
    index_products([instance.product_id])


@receiver(post_save, sender=Product)
def product_changed(instance: Product, *, created: bool, **_of_signal: Any) -> None:
    """Follow the product itself; a new one has no words yet."""
    if not created:
        index_products([instance.pk])


@receiver(post_save, sender=MuseumObject)
def object_changed(instance: MuseumObject, **_of_signal: Any) -> None:
    """Follow an object, and the products that show it."""
    _object(instance.pk)


@receiver([post_save, post_delete], sender=ObjectText)
def object_text_changed(instance: ObjectText, **_of_signal: Any) -> None:
    """Follow an object's words."""
    _object(instance.museum_object_id)


def _object(pk: int) -> None:
    index_objects([pk])
    index_products(Product.objects.filter(objects_shown=pk).values_list("pk", flat=True))


@receiver(m2m_changed, sender=Product.objects_shown.through)
def objects_changed(instance: Any, action: str, *, reverse: bool, pk_set: set[int] | None, **_of_signal: Any) -> None:
    """Follow which objects a product shows. What an object no longer shows after ``clear`` is the sweep's."""
    if action.startswith("post_"):
        index_products((pk_set or ()) if reverse else [instance.pk])


@receiver([post_save, post_delete], sender=MuseumText)
def museum_text_changed(instance: MuseumText, **_of_signal: Any) -> None:
    """Follow a museum's name."""
    index_products(Product.objects.filter(museum=instance.museum_id).values_list("pk", flat=True))


@receiver([post_save, post_delete], sender=ThemeText)
def theme_text_changed(instance: ThemeText, **_of_signal: Any) -> None:
    """Follow a theme's name."""
    index_products(Product.objects.filter(themes=instance.theme_id).values_list("pk", flat=True))


@receiver(post_save, sender=Theme)
def theme_changed(instance: Theme, **_of_signal: Any) -> None:
    """Follow whether a theme is shown."""
    index_products(Product.objects.filter(themes=instance.pk).values_list("pk", flat=True))


@receiver(post_save, sender=AttributeOption)
def option_changed(instance: AttributeOption, **_of_signal: Any) -> None:
    """Follow the name of an option."""
    index_products(Product.objects.filter(attribute_values__option=instance.pk).values_list("pk", flat=True))
