"""Signatures against vectors that others confirmed."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.channels.adapters.tmall.signing import SignMethod, base_string, sign
from shop.channels.adapters.tmall.transport import TopTransport

COMMON = {
    "method": "taobao.item.seller.get",
    "app_key": "12345678",
    "session": "test",
    "timestamp": "2016-01-01 12:00:00",
    "format": "json",
    "v": "2.0",
    "fields": "num_iid,title,nick,price,num",
    "num_iid": "11223344",
}


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        (SignMethod.MD5, "66987CB115214E59E6EC978214934FB8"),
        (SignMethod.HMAC, "D56D7858309C31B6251083A874D48273"),
        (SignMethod.HMAC_SHA256, "04DB15AD0774D5CFCE2C837DE43E3FCEA9011ED74F3038FB6AB5F3C4CEA119E8"),
    ],
)
def test_the_documented_request_has_the_documented_signature(method, expected):
    assert sign(COMMON | {"sign_method": method}, secret="helloworld", method=method) == expected


def test_utf8_values_ascii_key_order_and_empty_values():
    params = COMMON | {"sign_method": "hmac", "title": "大英博物馆 杯子", "sub_title": "", "Zeta": "1", "_u": "2"}
    assert base_string(params).startswith("Zeta1_u2app_key12345678")
    assert sign(params, secret="helloworld", method=SignMethod.HMAC) == "DEFDABAA791767773E68B7AB85FBB779"


def _method_of(vector) -> SignMethod:
    named = vector["params"].get("sign_method")
    if named:
        return SignMethod(named)
    by_id = {"top-hmac-rfc2202": SignMethod.HMAC, "top-hmacsha256-rfc4231": SignMethod.HMAC_SHA256}
    return by_id.get(vector["id"], SignMethod.MD5)


def test_every_vector_of_the_platform(fixture_json):
    vectors = [entry for entry in fixture_json("own/vectors.json") if entry["channel"] in ("top", "top-tmc")]
    assert len(vectors) >= 11
    for vector in vectors:
        secret = bytes.fromhex(vector["secret_hex"]) if "secret_hex" in vector else vector["secret"]
        method = _method_of(vector)
        base = base_string(vector["params"])
        wrapped = f"{secret}{base}{secret}" if method is SignMethod.MD5 else base
        assert wrapped == vector["string_to_hash"], vector["id"]
        assert sign(vector["params"], secret=secret, method=method) == vector["computed"], vector["id"]


def test_whole_request_bodies_are_the_same_to_the_byte(fixture_json):
    from datetime import UTC, datetime

    vectors = [entry for entry in fixture_json("own/vectors.json") if "form_body" in entry]
    assert len(vectors) == 3
    transport = TopTransport(
        gateway_url="http://gateway.invalid/router/rest",
        app_key="12345678",
        app_secret="helloworld",
        session="test",
        now=lambda: datetime(2026, 11, 22, 12, 30, tzinfo=UTC),
    )
    common = {"app_key", "session", "timestamp", "format", "v", "sign_method", "method"}
    for vector in vectors:
        business = {key: value for key, value in vector["params"].items() if key not in common}
        assert urlencode(transport.build_form(vector["params"]["method"], business)) == vector["form_body"]


@given(params=st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=12), max_size=6), order=st.randoms())
def test_the_order_of_parameters_and_an_old_signature_do_not_matter(params, order):
    params = {key: value for key, value in params.items() if key != "sign"}
    shuffled = list(params.items())
    order.shuffle(shuffled)
    again = dict(shuffled) | {"sign": "OLD"}
    method = SignMethod.HMAC_SHA256
    try:
        expected = sign(params, secret="s", method=method)
    except UnicodeEncodeError:
        return
    assert sign(again, secret="s", method=method) == expected
