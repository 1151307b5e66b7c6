"""The port to China's customs: what a way to the E-port must offer, whoever carries the messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shop.crossborder.china.documents import Identity, PaymentDocument


class CustomsError(Exception):
    """The gateway did not take a message."""


class Unavailable(CustomsError):
    """Nobody knows whether it arrived: send the same message again later. Its id makes that harmless."""


class NotTaken(CustomsError):
    """The gateway itself refuses the message; a person must look. ``code`` is the gateway's."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass(frozen=True)
class Envelope:
    """A reply as it lies in the gateway's queue, until it is acknowledged by its ``id``."""

    id: str
    message: bytes


@dataclass(frozen=True)
class PaymentSlip:
    """A payment to be declared: its facts and payer for a payment company's own API, and CEB411 ready made."""

    payment: PaymentDocument
    payer: Identity
    message: bytes


class CustomsGateway(Protocol):
    """Carries messages to customs and replies back. Every method may raise a CustomsError."""

    def submit_order(self, message: bytes) -> None:
        """Hand over CEB311. Handing over the same message again changes nothing."""

    def submit_payment(self, message: bytes) -> None:
        """Hand over CEB411, where no payment company declares payments itself."""

    def submit_logistics(self, message: bytes) -> None:
        """Hand over CEB511."""

    def poll(self, limit: int) -> Sequence[Envelope]:
        """Return at most ``limit`` replies that are not acknowledged; the same again until they are."""

    def acknowledge(self, ids: Sequence[str]) -> None:
        """Say that replies are kept: they need not be given again."""


class PaymentSlipProvider(Protocol):
    """Declares payments: the payment company does it at its own API, or we send CEB411 for it."""

    def submit(self, slip: PaymentSlip) -> None:
        """Declare one payment. Repeating changes nothing; may raise a CustomsError."""


class SlipsByMessage:
    """Declares payments as CEB411 through the gateway that carries the other documents."""

    def __init__(self, gateway: CustomsGateway) -> None:
        self._gateway = gateway

    def submit(self, slip: PaymentSlip) -> None:
        """Hand over CEB411."""
        self._gateway.submit_payment(slip.message)
