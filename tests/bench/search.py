"""Search at the database: 69,202 imported objects and 5,000 products × 2 variants in four languages.

Milliseconds of the statements of one search (p50, p95) over a mix of queries, each planned anew, as a page makes them;
a process has laid out the shelves before, as after its first request. Needs Tate's CSV (``VITRINE_DATA``); without it the measurement says so and is left out.
"""

import io
import os
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from shop.catalogue.models import MuseumObject, SearchDocument
from shop.catalogue.search import indexing
from shop.catalogue.search.synonyms import load as load_synonyms
from shop.crossborder.models import Market, OfferSweep, ProductOffer
from shop.crossborder.offering.narrowing import Filters
from shop.models import (
    Attribute,
    AttributeOption,
    AttributeValue,
    Museum,
    MuseumText,
    Product,
    ProductText,
    Theme,
    ThemeProduct,
    ThemeText,
    Variant,
)
from shop.storefront.queries.listing import find
from shop.storefront.queries.suggesting import suggestions
from tests import factories as make

DATA = Path(os.environ.get("VITRINE_DATA", settings.BASE_DIR.parent / "shared" / "data"))
PRODUCTS = 5_000
ROUNDS = 8
WANTED = "<= 40"
# A word in English, French, simplified Chinese and Japanese, of what a product shows and of what it is.
MOTIFS = (
    ("Rosetta Stone", "Pierre de Rosette", "罗塞塔石碑", "ロゼッタ・ストーン"),
    ("Great Wave", "Grande Vague", "神奈川冲浪里", "神奈川沖浪裏"),
    ("Strawberry Thief", "Voleur de fraises", "草莓小偷", "いちご泥棒"),
    ("Water Lilies", "Nymphéas", "睡莲", "睡蓮"),
    ("Norham Castle", "Château de Norham", "诺勒姆城堡", "ノラム城"),
    ("Peony Lantern", "Lanterne aux pivoines", "牡丹灯笼", "牡丹灯籠"),
    ("Crane and Pine", "Grue et pin", "松鹤", "松に鶴"),
    ("Blue Iris", "Iris bleu", "蓝色鸢尾", "青い菖蒲"),
    ("Persian Garden", "Jardin persan", "波斯花园", "ペルシアの庭"),
    ("Winter Landscape", "Paysage d’hiver", "冬日风景", "冬景色"),
)
KINDS = (
    ("mugs", "mug", "tasse", "马克杯", "マグカップ"),
    ("scarves", "silk scarf", "foulard de soie", "真丝丝巾", "シルクスカーフ"),
    ("prints", "framed print", "estampe encadrée", "装饰画", "額装版画"),
    ("notebooks", "notebook", "carnet", "笔记本", "ノート"),
    ("jewellery", "earrings", "boucles d’oreilles", "耳环", "イヤリング"),
)
TINTS = (
    ("indigo", "indigo", "靛蓝", "藍"),
    ("gold", "or", "金色", "金"),
    ("ivory", "ivoire", "象牙白", "象牙色"),
    ("jade", "jade", "翡翠绿", "翡翠"),
)
LANGUAGES = ("en", "fr", "zh-hans", "ja")
MIX: tuple[tuple[str, str, str, dict[str, tuple[str, ...]]], ...] = (
    ("one word", "en", "rosetta", {}),
    ("one word", "en", "lantern", {}),
    ("two words", "en", "castle landscape", {}),
    ("a common word", "en", "mug", {}),
    ("a word of most objects", "en", "graphite", {}),
    ("phrase", "en", '"water lilies" scarf', {}),
    ("prefix", "en", "straw", {}),
    ("synonym", "en", "shawl", {}),
    ("French", "fr", "nympheas", {}),
    ("French", "fr", "boucles d'oreilles", {}),
    ("Chinese", "zh-hans", "罗塞塔石碑", {}),
    ("Chinese", "zh-hans", "羅塞塔石碑", {}),
    ("Chinese, a kind", "zh-hans", "丝巾", {}),
    ("Chinese, one character", "zh-hans", "莲", {}),
    ("Chinese with facets", "zh-hans", "牡丹", {"category": ("mugs",), "material": ("silk", "paper")}),
    ("Japanese", "ja", "神奈川", {}),
    ("Japanese", "ja", "マグカップ", {}),
    ("facets", "en", "wave", {"category": ("mugs", "scarves"), "theme": ("theme-3",), "price": ("0-25",)}),
    ("facets without text", "en", "", {"museum": ("museum-1",), "availability": ("in_stock",)}),
    ("everything", "en", "", {}),
    ("typo", "en", "strawbery", {}),
    ("typo", "en", "rosteta", {}),
    ("typo", "fr", "estampez", {}),
    ("nothing", "en", "qwertyuiop", {}),
)


def measure() -> list[dict[str, Any]]:
    """Return how long writing takes, and the times of searching."""
    source = DATA / "tate_artworks.csv.gz"
    if not source.is_file():
        print(f"There is no {source}: set VITRINE_DATA. Search is not measured.")
        return []
    started = time.perf_counter()
    call_command(
        "import_collection",
        str(source),
        format="tate",
        rejects=Path(os.devnull),
        stdout=io.StringIO(),
        stderr=io.StringIO(),
    )
    imported = time.perf_counter() - started
    started = time.perf_counter()
    market = _shop()
    written = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    objects = MuseumObject.objects.count()
    figures = [
        {"what": f"import of {objects:,} objects with their documents", "figure": imported, "unit": "s"},
        {"what": f"documents of {PRODUCTS:,} products in 4 languages", "figure": written, "unit": "s"},
        {"what": "search documents", "figure": SearchDocument.objects.count(), "unit": ""},
    ]
    return figures + _search(market)


def _search(market: Market) -> list[dict[str, Any]]:
    times: dict[str, list[float]] = {}
    for turn in range(ROUNDS + 1):
        for what, language, text, chosen in random.Random(turn).sample(MIX, len(MIX)):
            with _timed() as spent:
                find(market=market, language=language, filters=Filters(text=text, chosen=chosen))
            if turn:
                times.setdefault(what, []).append(sum(spent))
            with _timed() as spent:
                suggestions(text[:3], market=market, language=language)
            if turn:
                times.setdefault("suggestions", []).append(sum(spent))
    for what, spent in sorted(times.items()):
        print(f"  {what:<28} p50 {statistics.median(spent):6.1f} ms   most {max(spent):6.1f} ms", flush=True)
    everything = sorted(one for what, spent in times.items() for one in spent if what != "suggestions")
    return [
        *_percentiles("search, mixed queries", everything),
        *_percentiles("suggestions", sorted(times["suggestions"])),
    ]


def _percentiles(what: str, spent: list[float]) -> list[dict[str, Any]]:
    p50, p95 = statistics.median(spent), spent[int(len(spent) * 0.95)]
    return [
        {"what": f"{what}, at the database, p50", "figure": p50, "unit": "ms"},
        {"what": f"{what}, at the database, p95", "figure": p95, "unit": "ms", "wanted": WANTED},
    ]


@contextmanager
def _timed() -> Iterator[list[float]]:
    """Collect the milliseconds of each statement, with its way to the server and back."""
    spent: list[float] = []

    def wrapper(execute: Any, *args: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(*args)
        finally:
            spent.append((time.perf_counter() - started) * 1000)

    with connection.execute_wrapper(wrapper):
        yield spent


def _shop() -> Market:
    """Write the products with their offers in one market, which lists and searches read."""
    market = make.market("gb")
    chance = random.Random(7)
    load_synonyms()
    museums = [Museum(slug=f"museum-{number}") for number in range(8)]
    Museum.objects.bulk_create(museums)
    MuseumText.objects.bulk_create(
        MuseumText(museum=one, language=language, name=one.slug) for one in museums for language in LANGUAGES
    )
    themes = Theme.objects.bulk_create(Theme(slug=f"theme-{number}", published=True) for number in range(20))
    ThemeText.objects.bulk_create(ThemeText(theme=one, language="en", name=one.slug) for one in themes)
    material = Attribute.objects.create(code="material", facet=True, labels={"en": "Material"})
    options = AttributeOption.objects.bulk_create(
        AttributeOption(attribute=material, code=code, labels={"en": code}) for code in ("silk", "paper", "cotton")
    )
    products = Product.objects.bulk_create(
        Product(
            museum=chance.choice(museums),
            slug=f"product-{number}",
            category=KINDS[number % 5][0],
            published=True,
            popularity=chance.randrange(300),
            sort_order=number,
        )
        for number in range(PRODUCTS)
    )
    Product.objects.filter(pk__in=[one.pk for one in products[::2]]).update(
        created_at=timezone.now() - timedelta(days=300)
    )
    _words(products, chance)
    variants = _variants(products)
    objects = list(MuseumObject.objects.order_by("id").values_list("id", flat=True)[: PRODUCTS * 2])
    through = Product.objects_shown.through
    through.objects.bulk_create(through(product_id=one.pk, museumobject_id=chance.choice(objects)) for one in products)
    ThemeProduct.objects.bulk_create(ThemeProduct(theme=chance.choice(themes), product=one) for one in products)
    AttributeValue.objects.bulk_create(
        AttributeValue(product=one, attribute=material, option=chance.choice(options)) for one in products
    )
    OfferSweep.objects.create(market=market, version=1, swept_at=timezone.now())
    ProductOffer.objects.bulk_create(
        ProductOffer(
            product=one,
            market=market,
            variant=variants[number * 2],
            languages=list(LANGUAGES),
            amount=chance.randrange(5, 400),
            several_prices=False,
            state=chance.choice((0, 2, 3, 3, 3)),
            revision=0,
            version=1,
            changed_at=timezone.now(),
        )
        for number, one in enumerate(products)
    )
    indexing.index_products(one.pk for one in products)
    return market


def _words(products: list[Product], chance: random.Random) -> None:
    rows = []
    for number, one in enumerate(products):
        motif, kind, tint = MOTIFS[number // 5 % 10], KINDS[number % 5], chance.choice(TINTS)
        for at, language in enumerate(LANGUAGES):
            joint = "" if at > 1 else " "
            name = joint.join((motif[at], kind[at + 1], tint[at]))
            rows.append(
                ProductText(
                    product=one,
                    language=language,
                    name=name,
                    description=f"{name}. {joint.join(chance.choice(MOTIFS)[at : at + 1])}.",
                )
            )
    ProductText.objects.bulk_create(rows, batch_size=5_000)


def _variants(products: list[Product]) -> list[Variant]:
    from inventory.models import Item

    items = Item.objects.bulk_create(
        Item(sku=f"S-{one.pk}-{number}", description="x") for one in products for number in range(2)
    )
    return Variant.objects.bulk_create(
        Variant(product=products[number // 2], item=item, sku=item.sku, hs_code="691200", origin="GB", weight_g=300)
        for number, item in enumerate(items)
    )
