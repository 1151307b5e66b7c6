"""What every test shares: where others' data lies, and how append-only tables are emptied between tests."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations
from hypothesis import settings

REPO = Path(__file__).resolve().parent.parent
APPEND_ONLY = [
    "inventory_movement",
    "inventory_lotmovement",
    "licensing_royaltyentry",
    "shop_orderevent",
    "shop_pricechange",
    "shop_ruleset",
    "shop_customsreply",
    "shop_identityaccess",
    "shop_returnevent",
    "shop_shipmentevent",
    "shop_invoice",
]
# A red suite means a change, so that its examples are the same in every run; ``make explore`` draws fresh ones.
settings.register_profile("steady", derandomize=True, database=None, print_blob=True)
settings.register_profile("explore", print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_configure() -> None:
    """Programs that tests start are interrupted as at a terminal, also where the suite itself runs in the background.

    A shell starts background jobs with SIGINT ignored, and what is ignored is inherited.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def fixtures_dir() -> Path:
    """Others' specifications; skipped with a message where they are absent."""
    folder = Path(os.environ.get("VITRINE_FIXTURES", REPO.parent / "shared" / "fixtures"))
    if not folder.is_dir():
        pytest.skip(f"conformance fixtures are not at {folder}: set VITRINE_FIXTURES")
    return folder


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Real data sets; skipped with a message where they are absent."""
    folder = Path(os.environ.get("VITRINE_DATA", REPO.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"data sets are not at {folder}: set VITRINE_DATA")
    return folder


@pytest.fixture(autouse=True)
def _clear_cache(request: pytest.FixtureRequest) -> None:
    """No test sees what another left in the cache (throttle counts among it)."""
    fixtures = {"db", "transactional_db"} & set(request.fixturenames)
    if fixtures or request.node.get_closest_marker("django_db"):
        from django.core.cache import cache

        from shop.crossborder.offering import shelving
        from shop.storefront import markets, remembered
        from shop.storefront.page_cache import stamps, store
        from shop.storefront.queries import cards

        cache.clear()
        markets.forget()
        store.share.clear()
        stamps.forget()
        shelving.forget()
        remembered.forget()
        cards.forget()


@pytest.fixture(scope="session", autouse=True)
def _flush_lifts_append_only() -> Iterator[None]:
    """Between transactional tests Django truncates every table: only there the owner lifts the triggers."""
    original = DatabaseOperations.sql_flush

    def sql_flush(self: DatabaseOperations, *args: Any, **kwargs: Any) -> list[str]:
        statements = original(self, *args, **kwargs)
        lift = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in APPEND_ONLY]
        restore = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in APPEND_ONLY]
        return [*lift, *statements, *restore] if statements else statements

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        yield
