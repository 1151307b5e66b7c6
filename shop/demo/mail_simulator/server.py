"""The mail server: SMTP (RFC 5321) on this machine, by aiosmtpd; it takes every letter and delivers none."""

import asyncio
import logging
import threading
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from shop.demo.mail_simulator.books import Books
from shop.demo.mail_simulator.faults import Faults

HOST = "127.0.0.1"
LARGEST = 20 * 1024 * 1024  # bytes of one letter
# It would log every command, and with it everybody's address.
logging.getLogger("mail.log").setLevel(logging.WARNING)


class _Clerk:
    """Answers the commands of a session that are not a matter of course."""

    def __init__(self, books: Books, faults: Faults) -> None:
        self._books = books
        self._faults = faults

    async def handle_RCPT(  # noqa: N802 (the name that aiosmtpd calls)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self._faults.next_for("refuse"):
            return "550 5.1.1 There is no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        fault = self._faults.next_for("busy", "unheard", "hang")
        if fault.get("busy"):
            return "451 4.3.2 Try again later"
        raw = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content or "").encode()
        number = self._books.take(sender=envelope.mail_from or "", recipients=list(envelope.rcpt_tos), raw=raw)
        if fault.get("hang"):
            await asyncio.sleep(float(fault["hang"]))
        if fault.get("unheard") and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        return f"250 2.0.0 Taken as {number}"


class _Listener(Controller):
    """A server in a thread of its own."""

    def factory(self) -> SMTP:
        return SMTP(self.handler, data_size_limit=LARGEST, hostname="mail.example", ident="Vitrine demo mail")


class MailServer:
    """Listens while it is not switched down."""

    def __init__(self, *, port: int, books: Books, faults: Faults) -> None:
        self._port = port
        self._clerk = _Clerk(books, faults)
        self._faults = faults
        self._lock = threading.Lock()
        self._listener: Any = None
        self.follow()

    def follow(self) -> None:
        """Listen, or stop listening, as the switch says."""
        with self._lock:
            if self._faults.down and self._listener is not None:
                self._listener.stop()
                self._listener = None
            elif not self._faults.down and self._listener is None:
                listener = _Listener(self._clerk, hostname=HOST, port=self._port)
                listener.start()
                self._listener = listener

    def close(self) -> None:
        """Stop for good."""
        with self._lock:
            if self._listener is not None:
                self._listener.stop()
                self._listener = None
