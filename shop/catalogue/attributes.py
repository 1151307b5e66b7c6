"""What products say to the attributes of their type: read as plain values, and set as a whole.

A plain value is a list of options' codes, a Decimal, a text by language (language → text), or yes or no; None or an
empty one says nothing.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from shop.catalogue.models import Attribute, AttributeOption, AttributeValue, Product

Value = list[str] | Decimal | dict[str, str] | bool | None


class UnknownValue(ValueError):
    """The attribute has no such value, or the value is not of its kind."""


def read(product_ids: Sequence[int]) -> dict[int, dict[str, Value]]:
    """Return product id → attribute code → plain value, of what is said. One statement."""
    found: dict[int, dict[str, Any]] = {}
    rows = AttributeValue.objects.filter(product_id__in=list(product_ids)).select_related("attribute", "option")
    for row in rows.order_by("attribute__position", "attribute__code", "option__position", "option__code"):
        values = found.setdefault(row.product_id, {})
        if row.option is not None:
            values.setdefault(row.attribute.code, []).append(row.option.code)
        else:
            values[row.attribute.code] = next(one for one in (row.number, row.text, row.flag) if one is not None)
    return found


@transaction.atomic
def set_values(*, product: Product, values: Mapping[str, Value]) -> bool:
    """Make the product say this to these attributes (code → plain value), and nothing else to them.

    Attributes that are not named keep what they say. Returns whether anything changed.

    :raises UnknownValue: no such attribute or option, or a value of another kind.
    """
    attributes = {one.code: one for one in Attribute.objects.filter(code__in=values)}
    wanted: set[tuple[Any, ...]] = set()
    texts: dict[int, dict[str, str]] = {}
    for code, value in values.items():
        attribute = attributes.get(code)
        if attribute is None:
            raise UnknownValue(f"There is no attribute “{code}”.")
        if value is None or value in ([], {}, ""):
            continue
        if attribute.kind == Attribute.Kind.CHOICE:
            wanted |= {(attribute.pk, option, None, None) for option in _options(attribute, value)}
        elif attribute.kind == Attribute.Kind.TEXT and isinstance(value, Mapping):
            texts[attribute.pk] = dict(value)
        elif attribute.kind == Attribute.Kind.BOOLEAN and isinstance(value, bool):
            wanted.add((attribute.pk, None, None, value))
        elif attribute.kind == Attribute.Kind.NUMBER and isinstance(value, Decimal):
            wanted.add((attribute.pk, None, value, None))
        else:
            raise UnknownValue(f"{attribute}: “{str(value)[:40]}” is no {attribute.get_kind_display().lower()}.")
    return _write(product, {one.pk for one in attributes.values()}, wanted, texts)


def _options(attribute: Attribute, value: Any) -> list[int]:
    codes = [value] if isinstance(value, str) else list(value)
    known = dict(AttributeOption.objects.filter(attribute=attribute, code__in=codes).values_list("code", "id"))
    for code in codes:
        if code not in known:
            raise UnknownValue(f"{attribute} has no value “{str(code)[:40]}”.")
    return list(known.values())


def _write(product: Product, attributes: set[int], wanted: set[tuple[Any, ...]], texts: dict[int, Any]) -> bool:
    there = AttributeValue.objects.select_for_update().filter(product=product, attribute_id__in=attributes)
    gone = []
    for row in there:
        facts = (row.attribute_id, row.option_id, row.number, row.flag)
        if facts in wanted:
            wanted.discard(facts)
        elif row.text is not None and texts.get(row.attribute_id) == row.text:
            del texts[row.attribute_id]
        else:
            gone.append(row.pk)
    if gone:
        AttributeValue.objects.filter(pk__in=gone).delete()
    made = [
        AttributeValue(product=product, attribute_id=attribute, option_id=option, number=number, flag=flag)
        for attribute, option, number, flag in sorted(wanted, key=str)
    ]
    made += [AttributeValue(product=product, attribute_id=attribute, text=text) for attribute, text in texts.items()]
    AttributeValue.objects.bulk_create(made)
    return bool(gone or made)
