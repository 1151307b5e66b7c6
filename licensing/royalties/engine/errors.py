"""What the engine refuses, named."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where (a JSON Pointer, or “row 12, column fx”), a stable code, and a sentence."""

    where: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.where or 'document'}: {self.message}"


class Refused(ValueError):
    """Nothing was calculated; ``faults`` say why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("; ".join(str(one) for one in self.faults))


def refuse(where: str, code: str, message: str) -> Refused:
    """Return a refusal for one reason."""
    return Refused([Fault(where, code, message)])
