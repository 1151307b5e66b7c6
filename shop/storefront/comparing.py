"""What has changed between the total that a shopper saw and the one of now, for her to confirm."""

from dataclasses import dataclass

from django.core import signing
from django.utils.translation import gettext as _

from shop.checkout.models import Basket
from shop.storefront.queries.summary import Summary

SALT = "vitrine.checkout.shown"
DAY = 24 * 3600  # seconds; what was seen before that is no longer compared


@dataclass(frozen=True)
class Change:
    """One row: what it is, what it was, what it is now (empty: it was not there, or is no more)."""

    label: str
    was: str
    now: str


def _sums(summary: Summary) -> dict[str, str]:
    sums = {f"line:{line.sku}": f"{line.quantity} × {line.name}\t{line.amount}" for line in summary.lines}
    return sums | {
        "goods": summary.goods,
        "shipping": summary.shipping,
        "wrapping": summary.wrapping,
        "duty": summary.duty,
        "fees": summary.fees,
        "tax": summary.tax,
        "total": summary.total,
    }


def sign(summary: Summary, basket: Basket) -> str:
    """Return what the page shows now, to travel along with the form."""
    return signing.dumps({"of": str(basket.pk), "sums": _sums(summary)}, salt=SALT, compress=True)


def changes(shown: str, summary: Summary, basket: Basket) -> list[Change]:
    """Return the rows that differ from what was shown; none when nobody can tell what that was."""
    try:
        before = signing.loads(shown, salt=SALT, max_age=DAY)
    except signing.BadSignature:
        return []
    if before.get("of") != str(basket.pk):
        return []
    was, now = before["sums"], _sums(summary)
    labels = {
        "goods": _("Goods"),
        "shipping": _("Delivery"),
        "wrapping": _("Gift wrap"),
        "duty": _("Duty"),
        "fees": _("Fees"),
        "tax": _("Tax"),
        "total": _("Total"),
    }
    found = []
    lines = [key for key in dict.fromkeys([*was, *now]) if key.startswith("line:")]
    for key in [*lines, *labels]:
        old, new = was.get(key, ""), now.get(key, "")
        if old == new:
            continue
        name = labels.get(key) or (new or old).partition("\t")[0]
        found.append(Change(name, old.rpartition("\t")[2], new.rpartition("\t")[2]))
    return found
