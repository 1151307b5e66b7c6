"""The shop behind a real socket, with as many threads as a server has: more requests wait, as they do in production."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Thread
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler

THREADS = 12


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        return


class Web(BaseWSGIServer):
    """Serves the shop on a port of its own until it is closed."""

    request_queue_size = 256

    def __init__(self, *, threads: int = THREADS) -> None:
        super().__init__("127.0.0.1", 0, WSGIHandler(), handler=_Quiet)
        self._pool = ThreadPoolExecutor(threads)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self._accepting = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._accepting.start()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Hand an accepted connection to the next free thread."""
        self._pool.submit(self._serve, request, client_address)

    def _serve(self, request: Any, client_address: Any) -> None:
        try:
            with suppress(OSError):
                self.finish_request(request, client_address)
        finally:
            self.shutdown_request(request)
            connections.close_all()

    def close(self) -> None:
        """Answer what was accepted, then stop."""
        self.shutdown()
        self._accepting.join()
        self._pool.shutdown()
        self.server_close()
