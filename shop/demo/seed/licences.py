"""Parties, properties and signed agreements of the demo."""

from datetime import timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from licensing.rights.models import Agreement, AgreementVersion, Grant, LicensedSku, Party, Property
from shop.demo.museum import DemoMuseum, LicenceAgreement


def seed(content: DemoMuseum) -> dict[str, Party]:
    """Write what is missing; return the licensees by code. Signed agreements are never touched again."""
    holders = {
        museum.slug: Party.objects.get_or_create(
            code=museum.slug,
            defaults={"name": museum.name["en"], "role": Party.Role.RIGHTS_HOLDER, "country": museum.country},
        )[0]
        for museum in content.museums
    }
    licensees = {
        partner.code: Party.objects.get_or_create(
            code=partner.code,
            defaults={"name": partner.name, "role": Party.Role.LICENSEE, "country": partner.country},
        )[0]
        for partner in content.partners
    }
    collections = {
        slug: Property.objects.get_or_create(
            code=f"{slug}:collection",
            defaults={"name": f"{holder.name}: collection", "kind": Property.Kind.COLLECTION, "owner": holder},
        )[0]
        for slug, holder in holders.items()
    }
    _motifs(content, holders, collections)
    for agreement in content.agreements:
        _agreement(agreement, content, holders, licensees)
    _skus(content)
    return licensees


def _motifs(content: DemoMuseum, holders: dict[str, Party], collections: dict[str, Property]) -> None:
    """One property for each licensee's share of a museum's motifs: what a grant is given on."""
    known = set(Property.objects.values_list("code", flat=True))
    Property.objects.bulk_create(
        Property(
            code=f"{product.museum}:{product.slug}",
            name=product.name["en"][:250],
            kind=Property.Kind.OBJECT,
            owner=holders[product.museum],
            parent=collections[product.museum],
        )
        for product in content.products
        if f"{product.museum}:{product.slug}" not in known
    )


def _agreement(
    facts: LicenceAgreement, content: DemoMuseum, holders: dict[str, Party], licensees: dict[str, Party]
) -> None:
    if Agreement.objects.filter(number=facts.number).exists():
        return
    # The last day of the contract is a day of the contract; our ranges are half-open.
    term = DateRange(facts.effective_from, facts.effective_to + timedelta(days=1))
    with transaction.atomic():
        partner = licensees[facts.licensee]
        agreement = Agreement.objects.create(
            number=facts.number,
            licensor=holders[facts.licensor],
            licensee=partner,
            state=Agreement.State.ACTIVE,
            currency=facts.currency,
        )
        version = AgreementVersion.objects.create(
            agreement=agreement,
            partner=partner,
            number=1,
            effective=term,
            terms={"base": facts.base, "rates": {"*": facts.rate_web, "tmall": facts.rate_tmall}},
        )
        codes = [
            f"{product.museum}:{product.slug}" for product in content.products if product.agreement == facts.number
        ]
        Grant.objects.bulk_create(
            Grant(
                version=version,
                partner=partner,
                prop=prop,
                territories=list(facts.territories),
                channels=list(facts.channels),
                categories=list(facts.categories),
                term=term,
            )
            for prop in Property.objects.filter(code__in=codes)
        )
        AgreementVersion.objects.filter(id=version.id).update(signed_at=timezone.now())


def _skus(content: DemoMuseum) -> None:
    properties = dict(Property.objects.values_list("code", "id"))
    LicensedSku.objects.bulk_create(
        [
            LicensedSku(
                sku=variant.sku,
                prop_id=properties[f"{product.museum}:{product.slug}"],
                category=product.category,
            )
            for product in content.products
            for variant in product.variants
        ],
        ignore_conflicts=True,
    )
