"""Files in the ECB's shape, written from its description."""

from collections.abc import Mapping


def day(on: str, rates: Mapping[str, str]) -> str:
    cells = "".join(f'<Cube currency="{code}" rate="{rate}"/>' for code, rate in rates.items())
    return f'<Cube time="{on}">{cells}</Cube>'


def envelope(*days: str, before: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}'
        '<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"'
        ' xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">'
        "<gesmes:subject>Reference rates</gesmes:subject>"
        "<gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>"
        f"<Cube>{''.join(days)}</Cube></gesmes:Envelope>"
    ).encode()


def file(on: str, **rates: str) -> bytes:
    return envelope(day(on, rates))
