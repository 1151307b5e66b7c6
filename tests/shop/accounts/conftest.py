import pytest


@pytest.fixture(autouse=True)
def _fresh(request: pytest.FixtureRequest) -> None:
    """Counts of tries and the list of markets are kept in the cache: no test sees another's."""
    if request.node.get_closest_marker("django_db"):
        from django.core.cache import cache

        cache.clear()
