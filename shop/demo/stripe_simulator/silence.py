"""A call whose answer never comes: the connection hangs, then it is cut in the middle of the answer."""

import threading

from werkzeug.wrappers import Response


class Silence:
    """Hangs calls; closing lets all of them go at once."""

    def __init__(self) -> None:
        self._over = threading.Event()

    def answer(self, *, seconds: float) -> Response:
        """Hang for ``seconds``, then return an answer that announces more than it holds: the server must cut it."""
        self._over.wait(seconds)
        return Response(iter([b"{"]), status=200, mimetype="application/json", headers={"Content-Length": "65536"})

    def close(self) -> None:
        """Let every call that hangs go."""
        self._over.set()
