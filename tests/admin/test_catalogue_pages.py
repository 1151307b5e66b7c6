"""The pages on which the catalogue is written, published, translated, and brought in as spreadsheets."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shop.catalogue import attributes, previewing
from shop.crossborder.offering import publishing
from shop.crossborder.offering.refreshing import refresh
from shop.crossborder.offering.visibility import Window
from shop.models import (
    Attribute,
    Museum,
    Product,
    ProductImage,
    ProductText,
    ProductType,
    Publication,
    Theme,
    VariantOffer,
)
from tests import factories
from tests.admin.conftest import fill
from tests.shop.catalogue.picture_files import claiming, photograph

CHANGE = "admin:shop_product_change"


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def product(db) -> Product:
    factories.agreement()
    return factories.variant("MUG-1", stock_at={"LON": 9}, prices={"gb": "18.00"}).product


def described(product: Product) -> None:
    kind = ProductType.objects.create(code="mug", name="Mug")
    rows = {"material": "choice", "width": "number", "oven": "boolean", "shape": "text"}
    for code, sort in rows.items():
        one = Attribute.objects.create(code=code, kind=sort, labels={"en": code.title()})
        kind.attributes.add(one)
        if sort == "choice":
            for option in ("clay", "glass"):
                one.options.create(code=option, labels={"en": option.title()})
    product.product_type = kind
    product.save()


def form_data(page, **changes) -> dict[str, str]:
    """What the page's forms would send back as they stand, with changes."""
    data: dict[str, str] = {}
    forms = [page.context["adminform"].form]
    for one in page.context["inline_admin_formsets"]:
        forms += [one.formset.management_form, *one.formset.forms]
    for form in forms:
        for field in form:
            if field.name == "file":
                continue
            value = field.value()
            widget = field.field.widget
            name = field.html_name
            if hasattr(widget, "widgets_names") and not isinstance(value, list):
                value = widget.decompress(value)
            if hasattr(widget, "widgets_names"):
                for suffix, part in zip(widget.widgets_names, value, strict=True):
                    data[name + suffix] = part if isinstance(part, str) else "" if part is None else str(part)
            elif isinstance(value, bool):
                if value:
                    data[name] = "on"
            elif isinstance(value, list | tuple) or hasattr(value, "all"):
                data[name] = [str(getattr(one, "pk", one)) for one in value]
            elif value is not None:
                data[name] = str(value)
    return data | changes


def save(client, product, **changes):
    url = reverse(CHANGE, args=[product.pk])
    page = client.get(url)
    answer = client.post(url, form_data(page, **changes))
    errors = (
        []
        if answer.status_code == 302
        else [
            answer.context["adminform"].form.errors,
            *[one.formset.errors for one in answer.context["inline_admin_formsets"]],
        ]
    )
    return answer, json.dumps(errors, default=str)


def test_attributes_are_fields_by_their_kind(product, desk):
    described(product)
    answer, errors = save(
        desk, product, attribute_material=["clay", "glass"], attribute_width="81.5", attribute_oven="no",
        attribute_shape_en="Round", attribute_shape_fr="Rond",
    )  # fmt: skip
    assert answer.status_code == 302, errors
    assert attributes.read([product.pk])[product.pk] == {
        "material": ["clay", "glass"], "width": Decimal("81.5"), "oven": False, "shape": {"en": "Round", "fr": "Rond"},
    }  # fmt: skip
    answer, errors = save(desk, product, attribute_material=["glass"], attribute_oven="")
    assert answer.status_code == 302, errors
    said = attributes.read([product.pk])[product.pk]
    assert said["material"] == ["glass"]
    assert "oven" not in said
    assert said["width"] == Decimal("81.5")


def test_saving_a_page_as_it_stands_changes_nothing(product, desk):
    described(product)
    save(desk, product, attribute_width="81.5", attribute_material=["clay"])
    before = Product.objects.get(pk=product.pk).revision
    values = list(product.attribute_values.values_list("pk", flat=True))
    answer, errors = save(desk, product)
    assert answer.status_code == 302, errors
    assert Product.objects.get(pk=product.pk).revision == before
    assert list(product.attribute_values.values_list("pk", flat=True)) == values


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"attribute_width": "wide"}, "number"),
        ({"attribute_material": ["gold"]}, "valid choice"),
        ({"attribute_shape_fr": "Rond"}, "English"),
    ],
)
def test_wrong_values_are_errors_of_the_form(product, desk, changes, said):
    described(product)
    answer, errors = save(desk, product, **changes)
    assert answer.status_code == 200
    assert said in errors


def with_picture(client, product, data: bytes, name: str = "mug.jpg"):
    return save(
        client, product, **{
            "images-TOTAL_FORMS": "1", "images-0-file": SimpleUploadedFile(name, data), "images-0-alt_en": "A mug",
            "images-0-alt_zh-hans": "杯", "images-0-position": "",
        },
    )  # fmt: skip


def test_a_picture_is_taken_without_its_metadata(product, desk):
    answer, errors = with_picture(desk, product, photograph(), "Höhle (1).svg")
    assert answer.status_code == 302, errors
    image = ProductImage.objects.get(product=product)
    assert (image.width, image.height, image.position) == (1200, 800, 0)
    assert image.alt == {"en": "A mug", "zh-hans": "杯"}
    assert image.file.name.endswith(".jpg")
    assert b"Camera of Somebody" not in image.file.read()
    assert image.prepared_at is None
    assert b"waits for the worker" in desk.get(reverse(CHANGE, args=[product.pk])).content


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "no picture"),
        (photograph()[:900], "broken"),
        (claiming(10_000, 10_000), "60 million"),
        (b"\xff\xd8\xff" + b"\0" * (20 * 1024 * 1024), "larger than 20 MB"),
    ],
)
def test_a_bad_picture_is_an_error_of_the_form(product, desk, data, said):
    answer, errors = with_picture(desk, product, data)
    assert answer.status_code == 200
    assert said in errors
    assert not ProductImage.objects.exists()


def test_a_theme_takes_products_and_a_picture(product, desk):
    page = desk.get(reverse("admin:shop_theme_add"))
    data = form_data(page) | {
        "slug": "rain", "kind": "theme", "picture": SimpleUploadedFile("r.png", photograph((400, 300), form="PNG")),
        "texts-TOTAL_FORMS": "1", "texts-0-language": "en", "texts-0-name": "Rain", "places-TOTAL_FORMS": "1",
        "places-0-product": str(product.pk), "places-0-position": "3", "objects_shown": [],
    }  # fmt: skip
    answer = desk.post(reverse("admin:shop_theme_add"), data)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    theme = Theme.objects.get(slug="rain")
    assert (theme.picture_width, theme.picture_height) == (400, 300)
    assert [place.product for place in theme.places.all()] == [product]
    wrong = desk.post(reverse("admin:shop_theme_add"), data | {"slug": "x", "kind": "exhibition"})
    assert "An exhibition needs its museum" in str(wrong.context["adminform"].form.errors)


def test_publication_is_a_matrix_of_markets_and_languages(product, desk, viewer, django_assert_max_num_queries):
    market = factories.market()
    refresh(market=market)
    url = reverse("admin:shop_product_publication_page", args=[product.pk])
    page = desk.get(url)
    assert "£18.00" in page.content.decode()
    data = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    assert desk.post(url, data).status_code == 302
    assert not Publication.objects.exists(), "a page sent back as it stands makes no exceptions"
    stem = f"{market.pk}-fr"
    until = (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    wrong = {f"since-{market.pk}-ja": until, f"until-{market.pk}-ja": until}
    assert "shown before it is hidden" in desk.post(url, data | wrong).content.decode()
    assert desk.post(url, data | {f"shown-{stem}": "no", f"until-{market.pk}-ja": until}).status_code == 302
    assert {row.language: row.shown for row in Publication.objects.all()} == {"fr": False, "ja": True}
    assert desk.post(url, data | {f"shown-{market.pk}-all": "no"}).status_code == 302
    assert VariantOffer.objects.get(product=product, market=market).refusal == "unpublished"
    assert "It is not published here now." in viewer.get(url).content.decode()
    assert viewer.post(url, data).status_code == 200
    assert Publication.objects.count() == 1, "who may only look changes nothing"


def test_exceptions_are_written_once(product):
    market = factories.market()
    hidden = {(market.pk, "fr"): Window(False)}
    assert publishing.set_exceptions(product=product, wanted=hidden) == 1
    assert publishing.set_exceptions(product=product, wanted=hidden) == 0
    assert publishing.set_exceptions(product=product, wanted={(market.pk, "fr"): Window()}) == 1
    assert not Publication.objects.exists()


def test_completeness_names_what_is_missing_and_where(product, desk):
    for market in (factories.market(), factories.market("cn")):
        refresh(market=market)
    url = reverse("admin:shop_product_completeness")

    def found(query: str) -> list[str]:
        return [line["slug"] for line in desk.get(f"{url}?{query}").context["lines"]]

    assert found("lack=price&market=cn") == [product.slug]
    assert found("lack=price&market=gb") == []
    assert found("lack=picture") == [product.slug]
    assert found("lack=text&language=fr") == [product.slug]
    assert found("lack=alt") == []
    ProductImage.objects.create(product=product, file="a.svg", width=1, height=1, alt={"en": "A", "fr": ""})
    assert found("lack=alt&language=en") == []
    assert found("lack=alt&language=fr") == found("lack=alt&language=ja") == [product.slug]
    ProductText.objects.create(product=product, language="fr", name="Tasse", description="")
    assert found("lack=text&language=fr") == []
    assert found("lack=description&language=fr") == [product.slug]
    assert found("lack=stock&market=gb") == []
    assert found("q=MUG-1&published=yes") == [product.slug]
    assert found("lack=nonsense&market=xx&page=-7") == [product.slug]
    VariantOffer.objects.filter(product=product, market__code="gb").update(refusal="out_of_territory", sellable=False)
    assert found("lack=right&market=gb") == [product.slug]


def test_completeness_costs_the_same_with_more_rows(agreed, desk):
    url = reverse("admin:shop_product_completeness") + "?lack=any"
    counts = []
    for rows in (range(1, 3), range(3, 9)):
        for number in rows:
            fill(number)
        for market in ("gb", "cn"):
            refresh(market=factories.market(market))
        desk.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(url).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 15


def test_translation_stands_beside_english(product, desk):
    url = reverse("admin:shop_product_translate", args=[product.pk])
    page = desk.get(url)
    assert page.context["language"] == "fr", "the first language that is missing"
    data = {"name": "Tasse", "description": "Une tasse.", "seo_title": "T" * 70}
    assert desk.post(f"{url}?language=fr", data).status_code == 302
    assert ProductText.objects.get(product=product, language="fr").seo_title == "T" * 70
    assert "at most 70" in str(desk.post(f"{url}?language=fr", data | {"seo_title": "T" * 71}).context["form"].errors)
    assert desk.get(f"{url}?language=xx").status_code == 200


def test_many_products_are_edited_at_once(product, desk):
    other = factories.variant("MUG-2").product
    theme = Theme.objects.create(slug="rain")
    ask = {"action": "edit_chosen", "_selected_action": [product.pk, other.pk]}
    page = desk.post(reverse("admin:shop_product_changelist"), ask)
    assert page.status_code == 200
    url = reverse("admin:shop_product_bulk_edit")
    ids = {"ids": f"{product.pk},{other.pk}"}
    assert "Nothing is to be changed" in desk.post(url, ids).content.decode()
    assert desk.post(url, {"ids": "1;DROP"}).status_code == 302
    until = {"publish_until_0": "2030-01-01", "publish_until_1": "00:00"}
    assert desk.post(url, ids | until | {"category": "books", "add_theme": theme.pk}).status_code == 302
    assert set(Product.objects.values_list("category", "publish_until__year")) == {("books", 2030)}
    assert theme.places.count() == 2
    since = {"publish_from_0": "2031-01-01", "publish_from_1": "00:00"}
    assert "withdrawn before" in desk.post(url, ids | since | {"category": "mugs"}).content.decode()
    assert set(Product.objects.values_list("category", flat=True)) == {"books"}
    desk.post(url, ids | {"clear_window": "on", "drop_theme": theme.pk, "published": "no"})
    assert set(Product.objects.values_list("published", "publish_until")) == {(False, None)}
    assert theme.places.count() == 0


def test_a_preview_shows_what_is_not_published(product, client):
    Product.objects.update(published=False)
    token = previewing.sign(product.pk)
    assert client.get(f"/gb/en/products/{product.slug}/").status_code == 404
    page = client.get(f"/gb/en/preview/{token}/")
    assert page.status_code == 200
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "no-store" in page.headers["Cache-Control"]
    assert "£18.00" in page.content.decode()
    assert client.get(f"/gb/en/preview/{token[:-1]}x/").status_code == 404
    assert client.get("/gb/en/preview/nonsense/").status_code == 404


def test_a_preview_expires(product, client, monkeypatch):
    token = previewing.sign(product.pk)
    monkeypatch.setattr(previewing, "VALID_FOR", timedelta(seconds=-1))
    assert client.get(f"/gb/en/preview/{token}/").status_code == 404


def test_a_viewer_changes_nothing(product, viewer):
    described(product)
    assert viewer.get(reverse(CHANGE, args=[product.pk])).status_code == 200
    assert viewer.get(reverse("admin:shop_product_completeness")).status_code == 200
    assert viewer.get(reverse("admin:shop_product_sheets")).status_code == 200
    assert viewer.post(reverse("admin:shop_product_bulk_edit"), {"ids": "1", "category": "books"}).status_code == 403
    sheet = {"kind": "products", "file": SimpleUploadedFile("a.csv", b"slug,sort_order\nmug-1,5\n")}
    assert viewer.post(reverse("admin:shop_product_sheets"), sheet).status_code == 403
    assert viewer.post(reverse("admin:shop_product_translate", args=[product.pk]), {}).status_code == 403


def test_a_sheet_is_checked_and_then_applied(product, desk):
    url = reverse("admin:shop_product_sheets")
    taken = desk.get(reverse("admin:shop_product_take_sheet") + "?kind=products&format=csv")
    assert taken.headers["Content-Disposition"].endswith('.csv"')
    text = f"slug,sort_order\n{product.slug},5\n".encode()
    checked = desk.post(url, {"kind": "products", "file": SimpleUploadedFile("a.csv", text)})
    assert checked.context["found"].changed == 1
    assert Product.objects.get().sort_order == 0
    token = checked.context["token"]
    assert desk.post(url, {"token": token}).status_code == 302
    assert Product.objects.get().sort_order == 5
    Product.objects.update(sort_order=1)
    desk.post(url, {"token": token})
    assert Product.objects.get().sort_order == 1, "a checked sheet is applied once"
    wrong = desk.post(url, {"kind": "products", "file": SimpleUploadedFile("a.csv", text + b"nobody,x\n")})
    assert wrong.context["troubles"][0].row == 3
    assert Museum.objects.count() == 1
