"""The web root of the simulators: what it mounts, and whom it answers."""

from pathlib import Path

import pytest
from werkzeug.test import Client

from shop.demo import simulators

SETTINGS = (
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRET",
    "STRIPE_WEBHOOK_URL",
    "SIMULATORS_URL",
    "TOP_APP_KEY",
    "TOP_APP_SECRET",
    "TOP_SESSION",
    "CUSTOMS_REGISTERED",
)


class LocalClient(Client):
    """A client on this machine."""

    def open(self, *args, **kwargs):
        return super().open(*args, **{"environ_base": {"REMOTE_ADDR": "127.0.0.1"}, **kwargs})


def local(app: simulators.Simulators) -> Client:
    return LocalClient(app)


@pytest.fixture
def settings_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment with a state folder and no other setting."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VITRINE_STATE", str(tmp_path))
    return monkeypatch


def test_nothing_is_mounted_without_its_settings(settings_of: pytest.MonkeyPatch):
    web = local(simulators.create_app())
    assert web.get("/healthz").status_code == 200
    assert web.get("/stripe/_control/").status_code == 404
    assert "None is in use" in web.get("/").text
    settings_of.setenv("STRIPE_WEBHOOK_URL", "http://127.0.0.1:9/hook")
    with pytest.raises(simulators.MissingSetting, match="STRIPE_SECRET_KEY"):
        simulators.create_app()


def test_the_root_serves_all_to_this_machine_only(settings_of: pytest.MonkeyPatch, tmp_path: Path):
    for name in ("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "TOP_APP_KEY", "TOP_APP_SECRET", "TOP_SESSION"):
        settings_of.setenv(name, "12345678")
    settings_of.setenv("STRIPE_WEBHOOK_URL", "http://127.0.0.1:9/hook")
    settings_of.setenv("CUSTOMS_REGISTERED", "3301960P01,3301960M02")
    app = simulators.create_app()
    try:
        web = local(app)
        assert web.get("/healthz").status_code == 200
        index = web.get("/").text
        for page in ("/stripe/_control/", "/top/", "/customs/"):
            assert f'href="{page}"' in index
            assert web.get(page).status_code == 200
        for own in ("::1", "::ffff:127.0.0.1"):
            assert Client(app).get("/healthz", environ_base={"REMOTE_ADDR": own}).status_code == 200
        for stranger in ("10.0.0.8", "::ffff:10.0.0.8", "", "unix:"):
            for page in ("/healthz", "/stripe/_control/state", "/top/"):
                assert Client(app).get(page, environ_base={"REMOTE_ADDR": stranger}).status_code == 403
    finally:
        app.close()
    assert (tmp_path / "simulators" / "stripe.sqlite3").exists()
