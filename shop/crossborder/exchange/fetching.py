"""Fetching a file of reference rates over HTTPS: explicit time-outs, a bounded answer, no redirects."""

from urllib.parse import urlsplit

import httpx

from shop.crossborder.exchange.ecb import LARGEST

TIMEOUT = httpx.Timeout(10.0, connect=5.0)


class RatesUnavailable(Exception):
    """The file could not be fetched: a sentence that says why."""


def fetch(url: str, *, client: httpx.Client | None = None) -> bytes:
    """Return the file at an https address, at most 32 MB.

    :raises RatesUnavailable: the address is not https, or nothing usable came.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise RatesUnavailable("Rates are fetched from an https address only.")
    own = client or httpx.Client(timeout=TIMEOUT, follow_redirects=False)
    body = bytearray()
    try:
        with own.stream("GET", url, headers={"Accept": "application/xml, text/xml"}, timeout=TIMEOUT) as answer:
            if answer.status_code != httpx.codes.OK:
                raise RatesUnavailable(f"{parts.hostname} answered HTTP {answer.status_code}.")
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) > LARGEST:
                    raise RatesUnavailable(f"The file at {parts.hostname} is larger than {LARGEST // 1024**2} MB.")
    except httpx.TimeoutException:
        raise RatesUnavailable(f"{parts.hostname} did not answer in time.") from None
    except httpx.HTTPError as error:
        raise RatesUnavailable(f"{parts.hostname} cannot be reached ({type(error).__name__}).") from None
    finally:
        if client is None:
            own.close()
    return bytes(body)
