"""Sheets of the catalogue: what is taken away comes back as it was, and what is wrong is named with row and column."""

import io
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from shop.catalogue import attributes
from shop.catalogue.models import Attribute, MuseumObject, Product, ProductText, ProductType, Variant
from shop.catalogue.sheets import bringing
from shop.catalogue.sheets.files import MAX_BYTES, MAX_ROWS, SheetRefused, Table, read, write_csv, write_xlsx
from tests import factories

WRITERS = {"csv": write_csv, "xlsx": write_xlsx}
# Whatever a person can type; what XML cannot hold is left out of XLSX, and PostgreSQL has no NUL.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.just("\n"), max_size=60
)
NASTY = st.sampled_from(
    ["=1+1", "'=1", "''", "-5", "+x", "@a", "＝1", "\t=1", 'a,b;"c"\nd', " lead", "trail ", "007", "1e5"]
)


@given(st.lists(st.lists(TEXTS | NASTY, min_size=3, max_size=3), min_size=1, max_size=6))
@settings(max_examples=80, deadline=None)
def test_files_give_back_what_they_took(rows):
    kept = [tuple(row) for row in rows if any(cell.strip() for cell in row)]
    table = Table(("a", "b", "c"), tuple(tuple(row) for row in rows))
    if not kept:
        return
    assert list(read(write_csv(table)).rows) == kept
    assert [tuple(c.replace("\t", "") for c in row) for row in read(write_xlsx(table)).rows] == [
        tuple(c.replace("\t", "") for c in row) for row in kept
    ]


def test_nothing_is_a_formula():
    table = Table(("a",), (('=HYPERLINK("http://x")',), ("+1",)))
    assert b"\n'=HYPERLINK" in write_csv(table).replace(b'"', b"")
    page = load_workbook(io.BytesIO(write_xlsx(table))).worksheets[0]
    assert {cell.data_type for row in page.iter_rows() for cell in row} == {"s"}


@pytest.fixture
def catalogue(db) -> Product:
    thing = factories.variant("MUG-1", prices={"gb": "18.00"})
    product = thing.product
    kind = ProductType.objects.create(code="mug", name="Mug")
    for code, sort in {"material": "choice", "width": "number", "oven": "boolean", "shape": "text"}.items():
        one = Attribute.objects.create(code=code, kind=sort, labels={"en": code})
        kind.attributes.add(one)
        if sort == "choice":
            one.options.create(code="clay", labels={"en": "Clay"})
            one.options.create(code="glass", labels={"en": "Glass"})
    product.product_type = kind
    product.save()
    product.objects_shown.add(
        MuseumObject.objects.create(museum=product.museum, accession_number="1, 2; 3", title="Bowl")
    )
    attributes.set_values(
        product=product,
        values={
            "material": ["clay", "glass"],
            "width": Decimal("81.5"),
            "oven": False,
            "shape": {"en": "=Round", "fr": "Rond"},
        },
    )
    return product


def revisions() -> list[int]:
    return list(Product.objects.order_by("pk").values_list("revision", flat=True))


words = st.fixed_dictionaries(
    {
        "name": (TEXTS | NASTY).map(lambda text: text.strip() or "Mug"),
        "description": (TEXTS | NASTY).map(lambda text: f"x{text}"),
        "material": TEXTS | NASTY,
        "warnings": (TEXTS | NASTY).map(lambda text: text.replace("\n", "\r\n")),
    }
)


@given(words, st.sampled_from(["csv", "xlsx"]), st.datetimes().map(lambda moment: moment.replace(year=2030)))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_round_trip_changes_nothing(catalogue, said, form, moment):
    from datetime import UTC

    ProductText.objects.update_or_create(product=catalogue, language="en", defaults=said)
    Product.objects.filter(pk=catalogue.pk).update(publish_from=moment.replace(tzinfo=UTC))
    Variant.objects.filter(product=catalogue).update(
        options={"en": "=Big", "zh-hans": "大"}, flags=["glass"] if False else []
    )
    before = revisions()
    for kind in bringing.KINDS:
        outcome = bringing.bring(kind, WRITERS[form](bringing.export(kind)), dry_run=False)
        assert (outcome.new, outcome.changed) == (0, 0), kind
        assert outcome.same > 0
    assert revisions() == before


@pytest.mark.parametrize("kind", ["products", "texts", "variants"])
def test_a_dry_run_writes_nothing_and_says_what_would_be(catalogue, kind):
    sheets = {
        "products": "slug,museum,category\nnew-one,{museum},mugs\n{slug},{museum},books\n",
        "texts": "product,language,name,description\n{slug},fr,Tasse,Une tasse\n{slug},en,Cup,A cup\n",
        "variants": "sku,product,item,hs_code,origin,weight_g\nMUG-2,{slug},MUG-2,691200,GB,300\nMUG-1,{slug},MUG-1,691110,GB,300\n",
    }
    factories.item("MUG-2")
    data = sheets[kind].format(slug=catalogue.slug, museum=catalogue.museum.slug).encode()
    before = revisions()
    assert bringing.bring(kind, data, dry_run=True) == bringing.Outcome(new=1, changed=1, same=0)
    assert revisions() == before
    assert bringing.bring(kind, data, dry_run=False) == bringing.Outcome(new=1, changed=1, same=0)
    assert bringing.bring(kind, data, dry_run=False) == bringing.Outcome(new=0, changed=0, same=2)


def test_columns_that_are_not_there_stay(catalogue):
    Product.objects.update(sort_order=7)
    bringing.bring("products", f"slug,category\n{catalogue.slug},books\n".encode(), dry_run=False)
    product = Product.objects.get()
    assert (product.sort_order, product.category, product.objects_shown.count()) == (7, "books", 1)


@pytest.mark.parametrize(
    ("kind", "text", "row", "column", "said"),
    [
        ("products", "slug,category\n{slug},mugs\n{slug}x,mugs\n", 3, "museum", "null"),
        ("products", "slug,category\n{slug},spoons\n", 2, "category", "spoons"),
        ("products", "slug,published\n{slug},perhaps\n", 2, "published", "neither yes nor no"),
        ("products", "slug,publish_from\n{slug},tomorrow\n", 2, "publish_from", "no time"),
        (
            "products",
            "slug,publish_from,publish_until\n{slug},2031-01-02,2031-01-01\n",
            2,
            "",
            "before it is withdrawn",
        ),
        ("products", "slug,objects\n{slug},nowhere:1\n", 2, "objects", "no object"),
        ("products", "slug,colour\n{slug},red\n", 1, "colour", "unknown"),
        ("products", "category\nmugs\n", 1, "slug", "missing"),
        ("products", "slug,category\n{slug},mugs\n{slug},books\n", 3, "slug", "row 2"),
        ("texts", "product,language,name,description\nnobody,en,X,Y\n", 2, "product", "no product"),
        ("texts", "product,language,name,description\n{slug},de,X,Y\n", 2, "language", "de"),
        ("texts", "product,language,seo_title\n{slug},en," + "x" * 71 + "\n", 2, "seo_title", "70"),
        ("variants", "sku,weight_g\nMUG-1,1.5\n", 2, "weight_g", "whole number"),
        ("variants", "sku,hs_code\nMUG-1,abc\n", 2, "", "variant_hs_code"),
        ("variants", "sku,flags\nMUG-1,cursed\n", 2, "flags", "cursed"),
        ("attributes", "product,attribute,value\n{slug},material,gold\n", 2, "value", "no value"),
        ("attributes", "product,attribute,value\n{slug},smell,good\n", 2, "attribute", "no attribute"),
        ("attributes", "product,attribute,value\n{slug},width,wide\n", 2, "value", "no number"),
        ("attributes", "product,attribute,value fr\n{slug},shape,Rond\n", 2, "value", "English"),
    ],
)
def test_troubles_are_named_with_row_and_column(catalogue, kind, text, row, column, said):
    before = revisions()
    with pytest.raises(SheetRefused) as refused:
        bringing.bring(kind, text.format(slug=catalogue.slug).encode(), dry_run=False)
    found = [(one.row, one.column) for one in refused.value.troubles]
    assert (row, column) in found, refused.value.troubles
    assert said in str(refused.value)
    assert revisions() == before


def test_one_bad_row_keeps_all_out(catalogue):
    text = f"product,attribute,value\n{catalogue.slug},width,3\n{catalogue.slug},oven,maybe\n"
    with pytest.raises(SheetRefused):
        bringing.bring("attributes", text.encode(), dry_run=False)
    assert attributes.read([catalogue.pk])[catalogue.pk]["width"] == Decimal("81.5")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"PK\x03\x04 not a zip",
        b"slug\0,x\n",
        b'slug,category\n"open,mugs\n',
        b"slug,slug\na,b\n",
        b"slug\n",
        b"slug\na,stray\n",
        b"slug\n" + b"a\n" * (MAX_ROWS + 1),
        b"x" * (MAX_BYTES + 1),
    ],
)
def test_what_is_no_sheet_is_refused(data):
    with pytest.raises(SheetRefused):
        read(data)


def test_the_most_rows_are_read():
    assert len(read(b"slug\n" + b"a\n" * MAX_ROWS).rows) == MAX_ROWS
