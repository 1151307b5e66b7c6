"""A mail server with its mailbox, as tests use it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werkzeug.test import Client

from shop.demo.mail_simulator.app import MailApplication, create_app


@dataclass
class MailSide:
    """Where it listens, and its web door."""

    port: int
    app: MailApplication
    web: Client

    def switch(self, **values: Any) -> None:
        answer = self.web.post("/__control__/switches", json=values)
        assert answer.status_code == 200, answer.text

    def letters(self, to: str = "") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.web.get(f"/__control__/letters?to={to}").json["letters"]
        return found

    @property
    def settings(self) -> dict[str, Any]:
        """Django's settings of a shop that posts its letters there."""
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": self.port,
            "EMAIL_USE_TLS": False,
            "EMAIL_HOST_USER": "",
            "EMAIL_HOST_PASSWORD": "",
        }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_server(folder: Path) -> Iterator[MailSide]:
    port = free_port()
    app = create_app(state=folder, port=port)
    try:
        yield MailSide(port, app, Client(app))
    finally:
        app.close()
