"""A refusal at the simulator's doors, as opposed to what customs answers later in a reply."""


class Refused(Exception):
    """A code and a sentence for the caller, and the HTTP status that goes with them."""

    def __init__(self, sentence: str, *, code: str = "request", status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
        self.status = status
