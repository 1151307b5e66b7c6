"""Verbs of a filing's world: send through the simulated customs, let time pass, fetch what it says."""

from datetime import timedelta

from django.db.models import F

from shop.crossborder.china import actions
from shop.crossborder.china.documents import Identity
from shop.crossborder.models import CustomsDocument, CustomsFiling
from tests.shop.crossborder.china.facts import LI, TRANSFER, WANG, CustomsSide

KEPT = {"wang": WANG, "li": LI}


def resolve(ref: str) -> Identity | None:
    return KEPT.get(ref)


def send(side: CustomsSide, limit: int = 10, **more) -> int:
    facts = {"gateway": side.gateway, "resolve": resolve, "transfer": TRANSFER}
    return actions.send_due(limit=limit, **(facts | more))


def poll(side: CustomsSide, limit: int = 100) -> int:
    return actions.poll_due(limit=limit, gateway=side.gateway)


def later(**span: float) -> None:
    """Everything that is due in this span is due now."""
    CustomsDocument.objects.exclude(due_at=None).update(due_at=F("due_at") - timedelta(**span))


def states(filing: CustomsFiling) -> dict[str, str]:
    return dict(CustomsDocument.objects.filter(filing=filing).values_list("kind", "state"))


def now_at(filing: CustomsFiling) -> CustomsFiling:
    return CustomsFiling.objects.get(pk=filing.pk)
