"""Rights asked at an order's doors: at placing and again when something leaves."""

from collections.abc import Sequence

from django.utils import timezone

from licensing.rights.may_sell import Decision, may_sell


class NotLicensed(Exception):
    """Rights forbid the sale of some lines; nothing was held or written."""

    def __init__(self, denied: Sequence[Decision]) -> None:
        self.denied = list(denied)
        super().__init__("; ".join(f"{one.sku}: {', '.join(sorted(one.codes))}" for one in denied))


def ask_rights(skus: Sequence[str], *, country: str, channel: str) -> dict[str, Decision]:
    """Return the decision for each SKU; raise NotLicensed when one is denied today."""
    decisions = may_sell(skus=skus, ship_to=country, channel=channel, on=timezone.localdate())
    denied = [decision for decision in decisions.values() if not decision.allowed]
    if denied:
        raise NotLicensed(denied)
    return decisions
