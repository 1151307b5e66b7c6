"""Small files, pictures, error pages and accounts."""

import pytest
from django.test import RequestFactory

from shop.models import Mail
from shop.storefront import errors

pytestmark = pytest.mark.django_db


def test_robots_and_icon(web):
    robots = web.get("/robots.txt")
    assert "Disallow: /orders/" in robots.text
    assert robots["Content-Type"].startswith("text/plain")
    assert web.get("/favicon.ico")["Location"].endswith("favicon.svg")


def test_uploaded_pictures_cannot_run_anything(web, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    answer = web.get("/media/a.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "public" in answer["Cache-Control"]
    # Read to the end: the client closes it then, and not the connection that the test lives in.
    assert b"".join(answer.streaming_content)
    for path in ("/media/../config/settings.py", "/media/%2e%2e/secret", "/media/none.svg", "/media/"):
        assert web.get(path).status_code in {400, 404}


@pytest.mark.parametrize(("path", "kind"), [("/gb/en/", "text/html"), ("/api/v1/x", "application/problem+json")])
def test_server_errors_say_so_without_asking_anything(path, kind, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = errors.server_error(RequestFactory().get(path))
    assert answer.status_code == 500
    assert answer["Content-Type"].startswith(kind)


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/password/reset/done/"]
)
def test_account_pages_wear_the_shops_design_and_speak_its_languages(web, shop_world, path):
    page = web.get(path, headers={"accept-language": "fr"}).text
    assert "shop/shop.css" in page
    assert '<html lang="fr">' in page
    assert "Panier" in page


def test_signing_up_in_and_out(web, shop_world):
    secret = "a long and unlikely phrase"
    answer = web.post("/accounts/signup/", {"email": "ada@example.org", "password1": secret, "password2": secret})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/confirm-email/")
    assert web.get("/account/").status_code == 302, "not before the address is proved"
    code = Mail.objects.get(kind="account_code").facts["code"]
    assert web.post("/accounts/confirm-email/", {"code": code})["Location"] == "/account/"
    page = web.get("/account/").text
    assert "ada@example.org" in page
    for path in ("/accounts/email/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/"):
        assert "shop/shop.css" in web.get(path).text
    assert web.post("/accounts/logout/")["Location"] == "/"
    assert web.get("/account/").status_code == 302
    wrong = web.post("/accounts/login/", {"login": "ada@example.org", "password": "wrong"})
    assert wrong.status_code == 200
    assert 'role="alert"' in wrong.text
