"""Pages over HTTP: 5,000 products × 2 variants, the shop's own server with two workers, beside a trivial view.

Statements of each page when it is rendered, then requests a second of ``/healthz`` (the trivial view), of the kept and of
the rendered listing and product page. Clients take turns with the trivial view, so that a busy machine slows both.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from statistics import median
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from inventory.models import Item
from licensing.models import LicensedSku, Property
from shop.crossborder.offering import refreshing
from shop.models import Museum, MuseumObject, MuseumText, Price, Product, ProductText, Theme, ThemeProduct, Variant
from shop.storefront import markets
from shop.storefront.page_cache import stamps, store
from tests import factories as make
from tests.e2e.conftest import free_ports

PRODUCTS, STOCKED = 5_000, 500
# A connection stays with the worker that took it: fewer clients often leave one of the two workers idle.
CLIENTS, SECONDS, ROUNDS = 8, 3.0, 5
LISTING, PRODUCT = "/gb/en/shop/", "/gb/en/products/product-7/"
PAGES = ("/gb/en/", LISTING, "/gb/en/shop/?q=lantern", PRODUCT, "/gb/en/museums/museum/", "/gb/en/objects/object-7/",
         "/gb/en/themes/", "/gb/en/themes/theme-1/")  # fmt: skip


def measure() -> list[dict[str, Any]]:
    """Return statements and requests a second."""
    _shop()
    figures = [
        {"what": f"statements, rendered, {path}", "figure": float(_statements(path)), "unit": "", "wanted": wanted}
        for path in PAGES
        for wanted in ["<= 8" if path == PRODUCT else "<= 6"]
    ]
    slugs = count()

    def other_product() -> str:
        return f"/gb/en/products/product-{next(slugs) % PRODUCTS}/"

    def other_listing() -> str:
        # Every product, all facets, some chosen, and an address that nobody has asked for.
        return f"{LISTING}?availability=in_stock&availability=sold_out&availability=none-{next(slugs)}"

    with _server() as port:
        ways: list[tuple[str, Callable[[], str], str]] = [
            ("listing, kept", lambda: LISTING, ">= 0.5"),
            ("product, kept", lambda: PRODUCT, ">= 0.5"),
            ("listing, rendered (another each time)", other_listing, ">= 0.12"),
            ("product, rendered (another each time)", other_product, ""),
        ]
        for what, address, wanted in ways:
            pairs = [(_rate(port, lambda: "/healthz"), _rate(port, address)) for _ in range(ROUNDS)]
            figures.append(
                {
                    "what": what,
                    "figure": median(rate for _base, rate in pairs),
                    "unit": "/s",
                    "ratio": median(rate / base for base, rate in pairs),
                    "of": f"the trivial view ({median(base for base, _rate in pairs):,.0f} /s)",
                }
                | ({"wanted": wanted} if wanted else {})
            )
    return figures


@override_settings(OFFERS_FOLLOW_EVERY=600, ALLOWED_HOSTS=["*"])
def _statements(path: str) -> int:
    web = Client()
    stamps.forget()
    web.get(path)
    store.share.clear()
    markets.forget()
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        answer = web.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answers {answer.status_code}.")
    return len(captured)


@contextmanager
def _server() -> Iterator[int]:
    port = free_ports()
    # fmt: off
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws",
               "--log-level", "warning", "--workers", "2", "--blocking-threads", "2", "config.wsgi:application"]
    # fmt: on
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env={**os.environ, "ALLOWED_HOSTS": "127.0.0.1"}) as process:
        try:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                with closing(socket.socket()) as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.2)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=30)


def _ask(line: socket.socket, path: str) -> int:
    """Return the status of one request over a kept connection; the answer is read to its end."""
    line.sendall(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\nAccept-Language: en\r\n\r\n".encode()
    )
    got = b""
    while b"\r\n\r\n" not in got:
        got += line.recv(65_536) or b"\r\n\r\n"
    head, _, body = got.partition(b"\r\n\r\n")
    lower = head.lower()
    length = int(lower.split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0]) if b"content-length: " in lower else 0
    left = length - len(body)
    while left > 0:
        left -= len(line.recv(65_536))
    return int(head.split(b" ", 2)[1])


def _rate(port: int, address: Callable[[], str]) -> float:
    """Return requests a second of several clients, each with one connection."""
    done: list[int] = []
    wrong: list[str] = []

    def client() -> None:
        with closing(socket.create_connection(("127.0.0.1", port), timeout=30)) as line:
            for _ in range(5):
                _ask(line, address())
            until, asked = time.perf_counter() + SECONDS, 0
            while time.perf_counter() < until:
                path = address()
                status = _ask(line, path)
                if status != 200:
                    wrong.append(f"{path} answers {status}")
                    return
                asked += 1
            done.append(asked)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if wrong:
        raise RuntimeError(wrong[0])
    return sum(done) / SECONDS


def _shop() -> None:
    """Write products with prices, licences, objects and themes in one market, and their offers."""
    market = make.market("gb")
    make.agreement()
    museum = Museum.objects.create(slug="museum", city="London", country="GB")
    MuseumText.objects.create(museum=museum, language="en", name="The Museum")
    themes = Theme.objects.bulk_create(Theme(slug=f"theme-{number}", published=True) for number in range(20))
    kinds = ("mugs", "scarves", "prints", "notebooks", "jewellery")
    products = Product.objects.bulk_create(
        Product(museum=museum, slug=f"product-{one}", category=kinds[one % 5], published=True, sort_order=one)
        for one in range(PRODUCTS)
    )
    ProductText.objects.bulk_create(
        ProductText(product=one, language="en", name=f"Lantern {one.slug}", description="A thing. " * 20)
        for one in products
    )
    objects = MuseumObject.objects.bulk_create(
        MuseumObject(museum=museum, accession_number=f"A.{one}", slug=f"object-{one}", title=f"Object {one}")
        for one in range(PRODUCTS // 5)
    )
    through = Product.objects_shown.through
    through.objects.bulk_create(
        through(product_id=one.pk, museumobject_id=objects[at % len(objects)].pk) for at, one in enumerate(products)
    )
    ThemeProduct.objects.bulk_create(
        ThemeProduct(theme=themes[at % 20], product=one) for at, one in enumerate(products[: PRODUCTS // 5])
    )
    items = Item.objects.bulk_create(
        Item(sku=f"S-{one.pk}-{at}", description="x") for one in products for at in range(2)
    )
    variants = Variant.objects.bulk_create(
        Variant(product=products[at // 2], item=item, sku=item.sku, hs_code="691200", origin="GB", weight_g=300,
                options={"en": f"Size {at % 2}"})
        for at, item in enumerate(items)
    )  # fmt: skip
    Price.objects.bulk_create(
        Price(variant=one, market=market, amount=10 + at % 90, valid=make.ALWAYS) for at, one in enumerate(variants)
    )
    collection = Property.objects.get(code="collection")
    LicensedSku.objects.bulk_create(
        LicensedSku(sku=one.sku, prop=collection, category=kinds[at // 2 % 5]) for at, one in enumerate(variants)
    )
    for one in items[:STOCKED]:
        make.balance(40, sku=one.sku, at=make.warehouse("LON"))
    refreshing.refresh(market=market)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
