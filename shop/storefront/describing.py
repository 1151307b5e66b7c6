"""What pages say of themselves to search engines and to those who pass them on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shop.crossborder.models import Market, Seller
from shop.crossborder.money import round_money
from shop.storefront import markets, seo
from shop.storefront.queries.collection import MuseumPage, ObjectPage
from shop.storefront.queries.product import ProductPage


@dataclass(frozen=True)
class Description:
    """``kind`` is OpenGraph's type, ``picture`` the absolute address of a picture to pass on, ``data`` JSON-LD."""

    kind: str
    title: str
    description: str
    data: SafeString
    picture: str = ""


def _address(name: str, *arguments: str) -> str:
    return f"{settings.SITE_URL}{reverse(f'shop:{name}', args=arguments)}"


def _seller(market: Market) -> dict[str, Any]:
    known = markets.served_markets().get(market.code)
    seller: Seller | None = (known.market if known else market).seller
    if seller is None:
        return seo.organization(name="Vitrine", site=settings.SITE_URL)
    return seo.organization(
        name=seller.legal_name,
        site=settings.SITE_URL,
        email=seller.email,
        address={
            "streetAddress": ", ".join(line for line in (seller.line1, seller.line2) if line),
            "addressLocality": seller.city,
            "addressRegion": seller.region,
            "postalCode": seller.postcode,
            "addressCountry": seller.country,
        },
    )


def _crumbs(market: Market, language: str, *more: tuple[str, str]) -> dict[str, Any]:
    return seo.breadcrumbs([(_("Shop"), _address("listing", market.code, language)), *more])


def of_product(page: ProductPage, *, market: Market, language: str) -> Description:
    """Describe a product; its search title and description where they are written, else its own words."""
    address = _address("product", market.code, language, page.product.slug)
    seller = _seller(market)
    description = seo.shortened(page.text.seo_description or page.text.description, seo.DESCRIPTION)
    category = f"{_address('listing', market.code, language)}?category={page.product.category}"
    offers = [
        seo.offer(
            sku=one.sku,
            amount=round_money(one.amount, market.currency),
            currency=market.currency,
            state=one.state,
            address=address,
            countries=market.countries,
            seller=seller["@id"],
        )
        for one in page.choices
    ]
    product = seo.product(
        name=page.name,
        description=page.text.description,
        address=address,
        pictures=[_absolute(one.url) for one in page.pictures],
        skus=[one.sku for one in page.choices],
        category=page.category,
        brand=page.museum,
        material=page.text.material,
        offers=offers,
    )
    crumbs = _crumbs(market, language, (page.category, category), (page.name, address))
    return Description(
        kind="product",
        title=seo.shortened(page.text.seo_title or page.name, seo.TITLE),
        description=description,
        data=seo.as_json_ld([product, crumbs, seller]),
        picture=f"{_address('share', page.product.slug)}?v={page.product.revision}" if page.pictures else "",
    )


def of_home(*, market: Market, language: str) -> Description:
    """Describe the first page of a place."""
    site: Mapping[str, Any] = {
        "@type": "WebSite",
        "@id": f"{settings.SITE_URL}/#site",
        "name": "Vitrine",
        "url": _address("home", market.code, language),
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{_address('listing', market.code, language)}?q={{search_term_string}}",
            "query-input": "required name=search_term_string",
        },
    }
    return Description(
        kind="website",
        title=f"Vitrine · {_('The museum shop')}",
        description=_("Objects of use and beauty, made after works in museum collections."),
        data=seo.as_json_ld([site, _seller(market)]),
    )


def of_museum(page: MuseumPage, *, market: Market, language: str) -> Description:
    """Describe a museum."""
    address = _address("museum", market.code, language, page.museum.slug)
    return Description(
        kind="website",
        title=seo.shortened(page.name, seo.TITLE),
        description=seo.shortened(page.introduction, seo.DESCRIPTION),
        data=seo.as_json_ld([_crumbs(market, language, (page.name, address))]),
    )


def of_object(page: ObjectPage, *, market: Market, language: str) -> Description:
    """Describe an object of a collection as a VisualArtwork."""
    address = _address("object", market.code, language, page.record.slug)
    artwork = {
        "@type": "VisualArtwork",
        "@id": f"{address}#object",
        "name": page.title,
        "url": address,
        "identifier": page.record.accession_number,
    }
    more = {
        "creator": page.record.maker,
        "artMedium": page.record.technique,
        "creditText": page.record.credit_line,
        "sameAs": page.record.external_url,
    }
    artwork |= {key: value for key, value in more.items() if value}
    museum = (page.museum, _address("museum", market.code, language, page.museum_slug))
    return Description(
        kind="article",
        title=seo.shortened(page.title, seo.TITLE),
        description=seo.shortened(page.description or page.title, seo.DESCRIPTION),
        data=seo.as_json_ld([artwork, _crumbs(market, language, museum, (page.title, address))]),
    )


def _absolute(address: str) -> str:
    return f"{settings.SITE_URL}{address}" if address.startswith("/") else address
