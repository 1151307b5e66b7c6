"""A scripted gateway over an in-memory transport, and the public descriptions of the platform's methods."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from shop.channels.adapters.tmall import tmall_adapter
from shop.channels.adapters.tmall.transport import TopTransport

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
KEYS = {
    "gateway_url": "http://gateway.invalid/router/rest",
    "app_key": "12345678",
    "app_secret": "helloworld",
    "session": "test",
}


def fixtures_folder() -> Path:
    default = Path(__file__).resolve().parents[4].parent / "shared" / "fixtures"
    return Path(os.environ.get("VITRINE_FIXTURES", default))


def _load(name: str) -> Any:
    path = fixtures_folder() / name
    if not path.is_file():
        pytest.skip(f"conformance fixture {name} is not here; set VITRINE_FIXTURES")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def fixture_json() -> Callable[[str], Any]:
    return _load


class Gateway:
    """Answers each method from a script; the last answer of a method repeats. Keeps every form it received."""

    def __init__(self, client: httpx.Client | None = None, gateway_url: str = KEYS["gateway_url"]) -> None:
        self.answers: dict[str, list[Any]] = {}
        self.forms: list[dict[str, str]] = []
        self.time_outs: list[dict[str, float]] = []
        self.client = client or httpx.Client(transport=httpx.MockTransport(self.handle))
        keys = KEYS | {"gateway_url": gateway_url}
        self.transport = TopTransport(**keys, client=self.client, now=lambda: NOW)
        self.adapter = tmall_adapter(**keys, client=self.client, now=lambda: NOW)

    def script(self, method: str, *answers: Any) -> None:
        self.answers[method] = list(answers)

    def calls(self, method: str) -> list[dict[str, str]]:
        return [form for form in self.forms if form["method"] == method]

    def handle(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["content-type"] == "application/x-www-form-urlencoded; charset=utf-8"
        form = {key: values[0] for key, values in parse_qs(request.content.decode(), strict_parsing=True).items()}
        self.forms.append(form)
        self.time_outs.append(request.extensions.get("timeout", {}))
        answers = self.answers[form["method"]]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if callable(answer):
            answer = answer(form)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        if "error_response" not in answer:
            key = form["method"].removeprefix("taobao.").replace(".", "_") + "_response"
            answer = {key: answer}
        return httpx.Response(200, text=json.dumps(answer, ensure_ascii=False))


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def loopback() -> Iterator[Gateway]:
    """The scripted gateway behind a real HTTP server on an ephemeral port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            answer = scripted.handle(httpx.Request("POST", "http://loopback", headers=dict(self.headers), content=body))
            self.send_response(answer.status_code)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *_args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    with httpx.Client() as client:
        scripted = Gateway(client, f"http://127.0.0.1:{server.server_port}/router/rest")
        yield scripted
    server.shutdown()
    thread.join()
    server.server_close()


def refusal(code: int, sub_code: str = "", sub_msg: str = "") -> dict[str, Any]:
    body = {"code": code, "msg": "refused", "sub_code": sub_code, "sub_msg": sub_msg, "request_id": "r1"}
    return {"error_response": body}


@pytest.fixture(name="refusal")
def refusal_fixture() -> Callable[..., dict[str, Any]]:
    return refusal


@pytest.fixture
def now() -> datetime:
    return NOW


def trade_record(tid: int, **changes: Any) -> dict[str, Any]:
    """A small complete trade of one line, as the platform would send it."""
    line = {
        "oid": tid + 1,
        "status": changes.get("status", "WAIT_SELLER_SEND_GOODS"),
        "refund_status": "NO_REFUND",
        "num_iid": 692000000001,
        "sku_id": "5100000000001",
        "outer_sku_id": "BM-MUG-01",
        "num": 2,
        "price": "64.00",
        "title": "杯子",
    }
    line.update(changes.pop("line", {}))
    record = {
        "tid": tid,
        "type": "tmall_i18n",
        "status": "WAIT_SELLER_SEND_GOODS",
        "created": "2026-11-22 20:00:00",
        "pay_time": "2026-11-22 20:01:00",
        "modified": "2026-11-22 20:11:05",
        "payment": "128.00",
        "orders": {"order": [line]},
    }
    record.update(changes)
    return record


@pytest.fixture
def trade() -> Callable[..., dict[str, Any]]:
    return trade_record
