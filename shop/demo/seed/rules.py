"""The demo's rule book: the one that comes with Vitrine, and what the demo museum's rule desk has confirmed of it.

The desk is as fictional as the museum. It has confirmed what its own markets need, and left in doubt what the research
behind the book leaves in doubt: books by retail import into China, the American exemption of printed matter, Korea.
"""

from datetime import date

from inventory.stock.sourcing import EU
from shop.crossborder.models import RuleSet
from shop.crossborder.rulebook import actions
from shop.crossborder.rulebook.files import INITIAL, read_rows
from shop.crossborder.rulebook.tables import TABLES

DESK, ON = "Demo rule desk", date(2026, 11, 22)
# Beginnings of the keys of what the desk has confirmed.
CONFIRMED: dict[str, tuple[str, ...]] = {
    "taxes": tuple(f"{state.lower()}-vat" for state in sorted(EU)),
    "duties": ("eu-mfn", "gb-mfn", "us-mfn", "ch-", "us-s301-cn-other", "cn-cbec", "au-mfn"),
    "procedures": ("eu-", "gb-", "us-", "cn-", "jp-", "ch-", "au-"),
    "thresholds": ("jp-10000", "ch-5", "au-", "cn-"),
    "fees": ("it-", "ro-"),
    "restrictions": tuple(
        f"cn-cbec-permit-{hs}"
        for hs in ("3926", "4202", "4820", "6214", "6601", "6911", "6912", "6913", "7117", "8306", "9503")
    ),
}


def seed() -> None:
    """Load the initial book, confirm what the desk knows, publish it. A demo that has a book keeps it as it is."""
    if RuleSet.objects.exists():
        return
    actions.load_rules(rows=read_rows(INITIAL))
    for kind, beginnings in CONFIRMED.items():
        table = TABLES[kind]
        rows = table._default_manager.filter(confirmed_on=None)  # noqa: SLF001
        ids = [row.pk for row in rows if str(getattr(row, "key", "")).startswith(beginnings)]
        actions.confirm(table=table, ids=ids, by=DESK, on=ON)
    actions.publish(by=DESK, note="The book of the demo museum")
