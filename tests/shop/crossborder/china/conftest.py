"""China's customs as a real server on a free loopback port."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from werkzeug.serving import make_server

from shop.demo.customs_simulator.app import create_app
from tests.shop.crossborder.china.facts import REGISTERED, Clock, CustomsSide


@pytest.fixture
def customs(tmp_path: Path) -> Iterator[CustomsSide]:
    clock = Clock()
    app = create_app(state=tmp_path, registered=REGISTERED, delay=10, now=clock)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    side = CustomsSide(f"http://127.0.0.1:{server.server_port}", clock)
    with side.door:
        yield side
    server.shutdown()
    thread.join()
    server.server_close()
