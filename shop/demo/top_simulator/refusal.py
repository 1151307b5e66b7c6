"""A refusal of the simulator's own doors (control API, shop page), as opposed to the gateway's error codes."""


class Refused(Exception):
    """One clear sentence for the caller, and the HTTP status that goes with it."""

    def __init__(self, sentence: str, *, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
