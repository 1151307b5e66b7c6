"""The Tmall simulator as a real server on a free loopback port."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from werkzeug.serving import make_server

from shop.demo.top_simulator.app import create_app
from tests.shop.channels.tmall_shop import KEYS, Shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    server = make_server("127.0.0.1", 0, create_app(state=tmp_path, **KEYS), threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    shop = Shop(f"http://127.0.0.1:{server.server_port}")
    with shop.door:
        yield shop
    server.shutdown()
    thread.join()
    server.server_close()
