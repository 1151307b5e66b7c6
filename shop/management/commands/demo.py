"""``manage.py demo``: the whole shop on this machine, from nothing to a line with its address."""

import os
import socket
import sys
from collections.abc import Callable
from typing import Any

import httpx
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import embedded, processes
from shop.demo import environment
from shop.management.static_files import collect_if_changed

PYTHON = sys.executable


def answers(url: str, *, status: int = 200) -> Callable[[], bool]:
    """Return a question that is true once ``url`` answers with ``status``."""

    def ask() -> bool:
        try:
            return httpx.get(url, timeout=2).status_code == status
        except httpx.TransportError:
            return False

    return ask


def refuse_taken_port(port: int) -> None:
    """Raise CommandError when something else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(f"Port {port} is taken ({error.strerror}): choose another with PORT=….") from None


class Command(BaseCommand):
    """Migrate, seed, and run web, worker, beat and the simulators until Ctrl-C."""

    help = "Run the whole demo shop: web, worker, beat and the simulators, until Ctrl-C."
    # The servers may be new: checks that need tables come after migrate.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))

    def handle(self, *, port: int, **_options: Any) -> None:
        state = embedded.state_dir()
        (state / "log").mkdir(mode=0o700, exist_ok=True)
        try:
            with processes.exclusive(state, "demo") as claim:
                for needed in (port, port + 1):
                    refuse_taken_port(needed)
                secrets = environment.load(state)
                demo = environment.build(state=state, secrets=secrets, port=port, given=os.environ)
                claim.announce(url=f"{demo.site_url}/")
                self.prepare()
                self.run_all(demo, port)
        except processes.AlreadyRuns as error:
            raise CommandError(str(error)) from None
        except processes.ProcessFailed as error:
            raise CommandError(str(error)) from None

    def prepare(self) -> None:
        """Bring database, static files and demo content up to date."""
        self.say("Preparing the database …")
        call_command("migrate", verbosity=0, interactive=False)
        collect_if_changed()
        self.say("Setting up the demo museum …")
        call_command("seed_demo", verbosity=0)

    def run_all(self, demo: environment.DemoEnvironment, port: int) -> None:
        """Start every process and watch them until a signal."""
        state = embedded.state_dir()
        values = dict(demo.values)
        granian = [
            PYTHON,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            "127.0.0.1",
            "--no-ws",
            "--log-level",
            "warning",
        ]
        celery = [PYTHON, "-m", "celery", "-A", "config.celery"]
        programs = [
            processes.Program(
                "simulators",
                [
                    *granian,
                    "--port",
                    str(port + 1),
                    "--workers",
                    "1",
                    "--blocking-threads",
                    "8",
                    "--factory",
                    "shop.demo.simulators:create_app",
                ],
                values,
                answers(f"{demo.simulators_url}/healthz"),
            ),
            processes.Program(
                "web",
                [*granian, "--port", str(port), "--workers", "2", "--blocking-threads", "2", "config.wsgi:application"],
                values,
                answers(f"http://127.0.0.1:{port}/healthz"),
            ),
            processes.Program(
                "worker",
                [
                    *celery,
                    "worker",
                    "-Q",
                    "urgent,orders,mail,bulk",
                    "-c",
                    "2",
                    "-l",
                    "INFO",
                    "--without-gossip",
                    "--without-mingle",
                ],
                values,
            ),
            processes.Program(
                "beat",
                [*celery, "beat", "-l", "WARNING", "-s", str(state / "celerybeat-schedule"), "--pidfile="],
                values,
                answers(f"http://127.0.0.1:{port}/readyz"),
            ),
        ]
        supervisor = processes.Supervisor(programs, state / "log")
        supervisor.run(lambda: self.announce(demo, port))
        self.say("Vitrine has stopped; your data is kept.")

    def announce(self, demo: environment.DemoEnvironment, port: int) -> None:
        """Print the addresses and log-ins."""
        secrets = environment.load(embedded.state_dir())
        site = demo.site_url
        # Browsers bind a passkey to a host name, never to a number.
        number = site == f"http://127.0.0.1:{port}"
        passkeys = f"\n  Passkeys      http://localhost:{port}/accounts/login/" if number else ""
        self.say(
            f"""
Vitrine is ready: {site}/

  Shop          {site}/gb/en/   {site}/fr/fr/   {site}/cn/zh-hans/   {site}/jp/ja/
  Shopper       {environment.SHOPPER}   {secrets.shopper_password}
  Merchandiser  {environment.MERCHANDISER}   {secrets.merchandiser_password}   {site}/admin/
  Partner       {site}/api/v1/partner/agreements
                Authorization: Bearer {secrets.partner_key}
  API           {site}/api/docs
  Simulators    {demo.simulators_url}/   (Stripe and Tmall; no money moves){passkeys}

Ctrl-C stops everything; your data stays in {embedded.state_dir()}."""
        )

    def say(self, text: str) -> None:
        """Print and flush: people and scripts wait for these lines."""
        self.stdout.write(text)
        self.stdout.flush()
