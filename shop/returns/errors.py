"""What returns refuse, each by name."""


class ReturnError(Exception):
    """A return, exchange or withdrawal that cannot be done as asked; the message says why, in English."""


class NothingToReturn(ReturnError):
    """No units were named, or none has left our house."""


class NotReturnable(ReturnError):
    """More units than have left and are not in a return already. ``line_id`` and how many are ``left``."""

    def __init__(self, line_id: int, sku: str, asked: int, left: int) -> None:
        self.line_id, self.sku, self.asked, self.left = line_id, sku, asked, left
        super().__init__(f"{sku}: {asked} to return, {left} can be.")


class UnknownLine(ReturnError):
    """A line that the order does not have."""

    def __init__(self, line_id: object) -> None:
        self.line_id = line_id
        super().__init__(f"The order has no line {line_id}.")


class NotExchangeable(ReturnError):
    """The article wanted is not another variant of the same product."""

    def __init__(self, line_id: int, sku: str) -> None:
        self.line_id, self.sku = line_id, sku
        super().__init__(f"{sku} cannot be given in exchange for line {line_id}.")


class WrongFinding(ReturnError):
    """An inspection whose figures do not add up."""


class ReasonMissing(ReturnError):
    """A refusal or deduction without a reason."""


class DeductionRefused(ReturnError):
    """More taken off than the goods cost, or nothing may be taken off."""


class NoExchange(ReturnError):
    """There is nothing to order in exchange (any more)."""


class DraftUnreadable(ReturnError):
    """The statement to be confirmed was changed, or is no draft of ours."""


class DraftExpired(ReturnError):
    """The statement was written too long ago to be confirmed; it must be written anew."""


class NotYours(ReturnError):
    """The statement was decided already, or belongs to another order."""
