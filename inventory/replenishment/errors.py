"""What can go wrong with purchase orders, by name. After any of these nothing was changed."""


class PurchaseError(Exception):
    """The base of all refusals by replenishment."""


class OrderRule(PurchaseError):
    """A quantity breaks the supplier's minimum or multiple, or a line is missing or foreign."""


class WrongState(PurchaseError):
    """The order is not in a state that allows this."""


class OverReceipt(PurchaseError):
    """More units arrived than were ordered; they are taken only when somebody accepts the surplus."""


class RateMissing(PurchaseError):
    """The order is in a foreign currency and has no exchange rate yet."""
