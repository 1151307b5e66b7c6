"""Alive needs nothing; ready names the part that fails."""

import time

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import override_settings

from config import health, redis_client
from config.tasks import HEARTBEAT_KEY

pytestmark = pytest.mark.django_db


@pytest.fixture
def beating():
    redis_client.client().set(HEARTBEAT_KEY, int(time.time()))
    yield
    redis_client.client().delete(HEARTBEAT_KEY)


def test_alive_asks_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok\n"


def test_ready(client, beating):
    answer = client.get("/readyz")
    assert answer.status_code == 200, answer.json()
    assert answer.json()["failing"] == []


def failing(client) -> dict:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    return {part: answer.json()["parts"][part] for part in answer.json()["failing"]}


def test_no_heartbeat_and_an_old_one(client, beating, monkeypatch):
    now = time.time()
    monkeypatch.setattr(health.time, "time", lambda: now)
    redis_client.client().set(HEARTBEAT_KEY, int(now) - 300)
    assert failing(client) == {"beat": "last heartbeat 300 s ago"}
    redis_client.client().delete(HEARTBEAT_KEY)
    assert list(failing(client)) == ["beat"]


def test_a_missing_extension_is_named_here_and_by_the_system_check(client, beating, capsys):
    with override_settings(REQUIRED_EXTENSIONS=["pg_trgm", "vitrine_nonesuch"]):
        assert failing(client) == {"database": "missing PostgreSQL extensions: vitrine_nonesuch"}
        with pytest.raises(SystemCheckError, match="vitrine_nonesuch"):
            call_command("check", databases=["default"])


def test_redis_away(client, beating):
    redis_client.client.cache_clear()
    with override_settings(REDIS_URL="redis://127.0.0.1:9/0"):
        assert set(failing(client)) == {"redis", "beat"}
    redis_client.client.cache_clear()


def test_migrations_to_apply(client, beating, monkeypatch):
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: [("shop", "0009")])
    assert failing(client) == {"migrations": "1 migrations to apply"}


def test_chinese_can_be_indexed():
    assert health.indexes_chinese()


def test_metrics_are_for_the_holder_of_the_token(client):
    with override_settings(EMBEDDED=False, METRICS_TOKEN=""):
        assert client.get("/metrics").status_code == 404
    with override_settings(METRICS_TOKEN="t0ken"):
        assert client.get("/metrics").status_code == 404
        assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
        answer = client.get("/metrics", headers={"Authorization": "Bearer t0ken"})
    assert answer.status_code == 200
    assert "vitrine_tasks" in answer.text
