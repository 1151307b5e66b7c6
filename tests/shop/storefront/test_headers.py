"""Headers of every page type, and what is asked for that cannot be: a clear page, never a server error."""

import pytest
from django.test import override_settings

from tests.shop.storefront.furnishing import furnish

pytestmark = pytest.mark.django_db
PAGES = [
    "/gb/en/",
    "/gb/en/shop/",
    "/gb/en/products/mug-1/",
    "/gb/en/museums/museum/",
    "/gb/en/objects/object-mug-1-0/",
    "/gb/en/themes/",
    "/gb/en/help/",
    "/gb/en/basket/",
    "/gb/en/products/none/",
    "/accounts/login/",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_closed_to_others(web, shop_world, path):
    furnish(shop_world["plenty"])
    headers = web.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["object-src"] == policy["frame-ancestors"] == policy["frame-src"] == "'none'"
    assert policy["form-action"].startswith("'self'")
    assert policy["base-uri"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in headers["Permissions-Policy"]


def test_pictures_may_be_shown_elsewhere_and_the_admin_runs_its_own(web, shop_world):
    assert web.get("/media/none.png")["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "'unsafe-eval'" in web.get("/admin/login/")["Content-Security-Policy"]


@override_settings(SECURE_HSTS_SECONDS=31_536_000, SECURE_SSL_REDIRECT=True)
def test_https_is_remembered_and_asked_for(web, shop_world):
    assert web.get("/gb/en/").status_code == 301
    assert "max-age=31536000" in web.get("/gb/en/", secure=True)["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("shop/?page=1000000000", 200),
        ("shop/?page=-1", 200),
        ("shop/?page=²", 200),
        ("shop/?page=" + "9" * 4_000, 200),
        ("shop/?q=" + "x" * 10_000, 200),
        ("shop/?q=%00", 404),
        ("shop/?price=abc&availability=never&period=0&sort=nonsense&theme=none&culture='%3B--", 200),
        ("shop/?category=nothing", 404),
        ("shop/?" + "&".join(f"museum=m{n}" for n in range(900)), 200),
        ("products/mug-1/?sku=NO-SUCH-VARIANT", 200),
        ("products/" + "x" * 5_000 + "/", 404),
        ("themes/none/", 404),
        ("museums/%2e%2e/", 404),
        ("objects/-/", 404),
        ("help/none/", 404),
    ],
)
def test_what_cannot_be_asked_for_has_a_clear_page(web, shop_world, address, status):
    answer = web.get(f"/gb/en/{address}")
    assert answer.status_code == status
    assert "<h1" in answer.text


def test_an_unknown_variant_is_refused_with_words(web, shop_world):
    answer = web.post("/gb/en/basket/add/", {"sku": "NO-SUCH", "quantity": "1"})
    assert answer.status_code in {200, 302, 404, 422}
    assert answer.status_code != 500
