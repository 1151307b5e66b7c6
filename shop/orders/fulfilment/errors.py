"""What can go wrong with parcels, by name. After any of these nothing was changed."""


class FulfilmentError(Exception):
    """The base of all refusals by fulfilment."""


class NotToShip(FulfilmentError):
    """The order is in a state in which nothing of it is packed or cancelled."""

    def __init__(self, number: str, state: str) -> None:
        super().__init__(f"Order {number} is {state.replace('_', ' ')}: nothing of it can be packed.")


class NothingLeft(FulfilmentError):
    """More units were asked for than are neither packed nor cancelled."""

    def __init__(self, sku: str, asked: int, left: int) -> None:
        self.sku, self.asked, self.left = sku, asked, left
        super().__init__(f"{sku}: {asked} asked, {left} left to pack.")


class BadParcel(FulfilmentError, ValueError):
    """A parcel without contents, without weight, or with things that lie elsewhere; the message says which."""


class ParcelMove(FulfilmentError):
    """The parcel cannot go from the one state to the other."""

    def __init__(self, number: str, from_state: str, to_state: str) -> None:
        super().__init__(f"Parcel {number} cannot go from {from_state} to {to_state}.")
