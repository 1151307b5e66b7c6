"""What can go wrong between the shop and a marketplace, in one vocabulary for every channel.

Each adapter turns its platform's codes into these classes; the sync engine looks only at the class, at
:attr:`ChannelError.retryable`, :attr:`ChannelError.retry_after` and :attr:`ChannelError.scope`.
"""

from datetime import timedelta
from enum import StrEnum
from typing import ClassVar


class ErrorScope(StrEnum):
    """How far a refusal reaches, so that a limit on one method does not stop the whole account."""

    CALL = "call"
    METHOD = "method"
    ACCOUNT = "account"
    APP = "app"


class ChannelError(Exception):
    """A marketplace call that did not do what was asked.

    `retryable` says whether the same request may succeed later without anybody changing it; `retry_after` is the
    platform's own waiting time, or None when it named none and the caller backs off by its own rule.
    """

    retryable: ClassVar[bool] = False
    default_scope: ClassVar[ErrorScope] = ErrorScope.CALL

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        sub_code: str = "",
        request_id: str = "",
        retry_after: timedelta | None = None,
        scope: ErrorScope | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.sub_code = sub_code
        self.request_id = request_id
        self.retry_after = retry_after
        self.scope = self.default_scope if scope is None else scope

    def __str__(self) -> str:
        parts = [self.message]
        if self.code:
            parts.append(f"code {self.code}" + (f" {self.sub_code}" if self.sub_code else ""))
        if self.request_id:
            parts.append(f"request {self.request_id}")
        return "; ".join(parts)


class AccountError(ChannelError):
    """The account, not this work item, is at fault: stop the channel and keep what it owes as desired state."""

    default_scope = ErrorScope.ACCOUNT


class AuthExpired(AccountError):
    """The access token no longer works; refresh it, or have a shop owner consent again."""


class AuthRevoked(AccountError):
    """The seller withdrew consent."""


class AuthMisconfigured(AccountError):
    """The app key, the secret or the signature is refused."""

    default_scope = ErrorScope.APP


class ClockSkew(AccountError):
    """Our time stamp is refused even after asking the platform for its time."""

    default_scope = ErrorScope.APP


class PermissionDenied(AccountError):
    """The app or the token lacks the right to this method; a token may still read and no longer write."""

    default_scope = ErrorScope.METHOD


class RateLimited(ChannelError):
    """Too many calls; wait `retry_after` within `scope`."""

    retryable = True
    default_scope = ErrorScope.METHOD


class Transient(ChannelError):
    """The platform or the way to it is ill for a moment, and nothing was changed by this call."""

    retryable = True


class UnknownOutcome(ChannelError):
    """A write was sent and no answer came: it may or may not have been applied.

    Not `retryable` by itself: read back first, or repeat only what is an absolute set or carries a key.
    """


class InvalidRequest(ChannelError):
    """The platform understood and refuses; sending the same again gives the same answer."""


class ListingGone(ChannelError):
    """The listing does not exist any more on the channel."""


class Conflict(ChannelError):
    """Something else holds the listing or the order for the moment, such as a sales activity."""

    retryable = True


class Stale(Conflict):
    """The request rests on an outdated picture of the channel; read again and compute it anew."""


class AlreadyDone(ChannelError):
    """The platform says this was done before; read again to see by whom."""


class PartialFailure(ChannelError):
    """Some items of one request were refused; `items` maps the item to its own error."""

    def __init__(self, message: str, *, items: dict[str, ChannelError], code: str = "", request_id: str = "") -> None:
        super().__init__(message, code=code, request_id=request_id)
        self.items = items


class ContractViolation(ChannelError):
    """The answer breaks the platform's documented shape; a developer must look, nothing may be guessed from it."""
