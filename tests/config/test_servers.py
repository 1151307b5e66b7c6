"""The addresses that the test plugin makes for parallel workers."""

import pytest

from tests.servers import with_database


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("unix:///tmp/a/valkey.sock?db=0", "unix:///tmp/a/valkey.sock?db=3"),
        ("unix:///tmp/a/valkey.sock", "unix:///tmp/a/valkey.sock?db=3"),
        ("redis://127.0.0.1:6379", "redis://127.0.0.1:6379/3"),
        ("redis://127.0.0.1:6379/0?db=5", "redis://127.0.0.1:6379/3"),
        (
            "rediss://me:secret@cache.example:6380/1?ssl_cert_reqs=required",
            "rediss://me:secret@cache.example:6380/3?ssl_cert_reqs=required",
        ),
    ],
)
def test_database_of_a_worker(url: str, expected: str) -> None:
    assert with_database(url, 3) == expected
