"""What the API answers instead of an object: Stripe's error body with its HTTP status."""

from typing import Any

INVALID = "invalid_request_error"


class ApiError(Exception):
    """One refusal. ``replayed`` tells whether an idempotency key keeps it: parameter errors are not kept."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = INVALID,
        code: str = "",
        param: str = "",
        replayed: bool = True,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.replayed = replayed
        self.error: dict[str, Any] = {"message": message, "type": kind}
        if code:
            self.error["code"] = code
            self.error["doc_url"] = f"https://docs.stripe.com/error-codes#{code.replace('_', '-')}"
        if param:
            self.error["param"] = param

    @property
    def body(self) -> dict[str, Any]:
        """The JSON answer."""
        return {"error": self.error}


def bad_parameter(message: str, *, param: str, code: str = "") -> ApiError:
    """A parameter that cannot be taken: 400, not kept under an idempotency key."""
    return ApiError(message, param=param, code=code, replayed=False)


def not_found(noun: str, name: str, *, param: str, status: int = 404) -> ApiError:
    """An id nobody knows: 404 for the object addressed, 400 when it is named inside a parameter."""
    return ApiError(f"No such {noun}: '{name}'", status=status, code="resource_missing", param=param)
