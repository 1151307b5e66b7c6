"""Sheets of the catalogue, taken away and brought back: checked first, and written whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import tablib
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from shop.catalogue import attributes
from shop.catalogue.attribute_fields import number_text
from shop.catalogue.attributes import UnknownValue, Value
from shop.catalogue.models import Attribute, Product
from shop.catalogue.sheets.files import SheetRefused, Table, Trouble, read
from shop.catalogue.sheets.resources import CatalogueResource, ProductResource, TextResource, VariantResource

RESOURCES: dict[str, type[CatalogueResource]] = {
    "products": ProductResource,
    "texts": TextResource,
    "variants": VariantResource,
}
ATTRIBUTES = "attributes"
KINDS = (*RESOURCES, ATTRIBUTES)
OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]
ATTRIBUTE_COLUMNS = ("product", "attribute", "value", *(f"value {code}" for code in OTHERS))


@dataclass(frozen=True)
class Outcome:
    """What a sheet changes, in rows."""

    new: int
    changed: int
    same: int


def columns(kind: str) -> tuple[str, ...]:
    """Return the columns of a kind of sheet; the first ones say which row is meant."""
    if kind == ATTRIBUTES:
        return ATTRIBUTE_COLUMNS
    return tuple(str(field.column_name) for field in RESOURCES[kind]().get_import_fields())


def export(kind: str, *, products: QuerySet[Product] | None = None) -> Table:
    """Return the rows of all products, or of some."""
    if kind == ATTRIBUTES:
        return _attributes(products)
    resource = RESOURCES[kind]()
    rows = resource.get_queryset()
    if products is not None:
        rows = rows.filter(**{"pk__in" if kind == "products" else "product__in": products.values("pk")})
    made = resource.export(queryset=rows)
    return Table(tuple(made.headers), tuple(tuple(str(cell) for cell in row) for row in made))


def bring(kind: str, data: bytes, *, dry_run: bool) -> Outcome:
    """Write what the sheet says, all of it or nothing; ``dry_run`` checks it in the same way and writes nothing.

    :raises SheetRefused: naming every trouble with its row and column.
    """
    table = read(data)
    known = columns(kind)
    unknown = [name for name in table.columns if name not in known]
    keys = ATTRIBUTE_COLUMNS[:2] if kind == ATTRIBUTES else RESOURCES[kind]._meta.import_id_fields  # noqa: SLF001
    missing = [name for name in keys if name not in table.columns]
    troubles = [Trouble(1, name, f"The column is unknown; there are {', '.join(known)}.") for name in unknown]
    troubles += [Trouble(1, name, "The column is missing: it says which row is meant.") for name in missing]
    troubles += _repeated(table, keys) if not troubles else []
    if troubles:
        raise SheetRefused(troubles)
    return _bring_attributes(table, dry_run=dry_run) if kind == ATTRIBUTES else _bring(kind, table, dry_run=dry_run)


def _repeated(table: Table, keys: Any) -> list[Trouble]:
    places = [table.columns.index(name) for name in keys]
    first: dict[tuple[str, ...], int] = {}
    found = []
    for number, row in zip(table.numbers, table.rows, strict=True):
        key = tuple(row[at].strip() for at in places)
        if key in first:
            found.append(Trouble(number, keys[0], f"The same stands in row {first[key]} already."))
        first.setdefault(key, number)
    return found


def _bring(kind: str, table: Table, *, dry_run: bool) -> Outcome:
    resource = RESOURCES[kind]()
    dataset = tablib.Dataset(*table.rows, headers=table.columns)
    try:
        result = resource.import_data(
            dataset, dry_run=dry_run, raise_errors=False, use_transactions=True, rollback_on_validation_errors=True
        )
    except IntegrityError as error:
        raise SheetRefused([Trouble(0, "", f"The database refuses it: {str(error).splitlines()[0]}")]) from error
    names = {str(name): str(field.column_name) for name, field in resource.fields.items()}
    troubles = [Trouble(0, "", str(error.error)) for error in result.base_errors]
    for number, errors in result.row_errors():
        troubles += [Trouble(table.numbers[number - 1], "", _said(one.error)) for one in errors]
    for row in result.invalid_rows:
        at = table.numbers[row.number - 1]
        for name, said in row.field_specific_errors.items():
            troubles += [Trouble(at, names.get(name, name), str(one)) for one in said]
        troubles += [Trouble(at, "", str(one)) for one in row.non_field_specific_errors]
    if troubles:
        raise SheetRefused(sorted(troubles, key=lambda one: one.row))
    return Outcome(result.totals["new"], result.totals["update"], result.totals["skip"])


def _said(error: Exception) -> str:
    said = str(error).splitlines()[0] if str(error) else type(error).__name__
    return f"The database refuses it: {said}" if isinstance(error, IntegrityError) else said


# --- Attributes: one row for what one product says to one attribute --------------------------------------------------


def _attributes(products: QuerySet[Product] | None) -> Table:
    chosen = Product.objects.all() if products is None else products
    slugs = dict(chosen.order_by("slug").values_list("pk", "slug"))
    values = attributes.read(list(slugs))
    rows = [(slug, code, *_cells(value)) for pk, slug in slugs.items() for code, value in values.get(pk, {}).items()]
    return Table(ATTRIBUTE_COLUMNS, tuple(rows))


def _cells(value: Value) -> list[str]:
    if isinstance(value, dict):
        return [value.get("en", ""), *(value.get(code, "") for code in OTHERS)]
    if isinstance(value, bool):
        said = "yes" if value else "no"
    elif isinstance(value, Decimal):
        said = number_text(value)
    else:
        said = ", ".join(value or [])
    return [said, *[""] * len(OTHERS)]


def _bring_attributes(table: Table, *, dry_run: bool) -> Outcome:
    known = {one.code: one for one in Attribute.objects.all()}
    slugs = {row[table.columns.index("product")].strip() for row in table.rows}
    products = {product.slug: product for product in Product.objects.filter(slug__in=slugs)}
    said_before = attributes.read([product.pk for product in products.values()])
    troubles: list[Trouble] = []
    counts = {"new": 0, "changed": 0, "same": 0}
    with transaction.atomic():
        for number, cells in zip(table.numbers, table.rows, strict=True):
            row = dict(zip(table.columns, cells, strict=True))
            product, attribute = products.get(row["product"].strip()), known.get(row["attribute"].strip())
            if product is None:
                troubles.append(Trouble(number, "product", f"There is no product “{row['product'][:60]}”."))
            if attribute is None:
                troubles.append(Trouble(number, "attribute", f"There is no attribute “{row['attribute'][:60]}”."))
            if product is None or attribute is None:
                continue
            try:
                differs = attributes.set_values(product=product, values={attribute.code: _value(attribute, row)})
            except UnknownValue as error:
                troubles.append(Trouble(number, "value", str(error)))
                continue
            there = attribute.code in said_before.get(product.pk, {})
            counts["same" if not differs else "changed" if there else "new"] += 1
        transaction.set_rollback(bool(troubles) or dry_run)
    if troubles:
        raise SheetRefused(troubles)
    return Outcome(**counts)


def _value(attribute: Attribute, row: dict[str, str]) -> Value:
    """Return the plain value of a row; an empty one says nothing."""
    said = row.get("value", "").strip()
    if attribute.kind == Attribute.Kind.TEXT:
        texts = {"en": row.get("value", "")} | {code: row.get(f"value {code}", "") for code in OTHERS}
        texts = {code: text for code, text in texts.items() if text}
        if texts and "en" not in texts:
            raise UnknownValue("Write it in English too: English stands in where a language is missing.")
        return texts
    if any(row.get(f"value {code}", "").strip() for code in OTHERS):
        raise UnknownValue("Only a text has other languages.")
    parse: dict[str, Callable[[str], Value]] = {
        Attribute.Kind.CHOICE: lambda text: [part for part in (part.strip() for part in text.split(",")) if part],
        Attribute.Kind.NUMBER: _number,
        Attribute.Kind.BOOLEAN: _yes_no,
    }
    return parse[attribute.kind](said) if said else None


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= 10**9 or number != round(number, 3):
        raise UnknownValue(f"“{text[:40]}” is no number with up to nine digits and three decimals.")
    return number


def _yes_no(text: str) -> bool:
    if text.casefold() not in {"yes", "no"}:
        raise UnknownValue(f"“{text[:40]}” is neither yes nor no.")
    return text.casefold() == "yes"
