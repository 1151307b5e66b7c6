"""The platform's error codes in the shop's words."""

from datetime import UTC, datetime, timedelta

import pytest

from shop.channels.adapters import errors
from shop.channels.adapters.errors import ErrorScope
from shop.channels.adapters.tmall.classify import CallFacts, classify_error, error_in


@pytest.mark.parametrize(
    ("code", "sub_code", "expected"),
    [
        (3, "", errors.Transient),
        (4, "", errors.RateLimited),
        (5, "", errors.RateLimited),
        (6, "", errors.RateLimited),
        (7, "", errors.RateLimited),
        (8, "", errors.RateLimited),
        (9, "", errors.InvalidRequest),
        (10, "", errors.Transient),
        (11, "", errors.PermissionDenied),
        (12, "", errors.PermissionDenied),
        (13, "", errors.PermissionDenied),
        (21, "", errors.InvalidRequest),
        (22, "", errors.InvalidRequest),
        (23, "", errors.InvalidRequest),
        (24, "", errors.AuthMisconfigured),
        (25, "isv.sign-check-failure", errors.AuthMisconfigured),
        (26, "", errors.AuthExpired),
        (27, "invalid-sessionkey", errors.AuthExpired),
        (28, "", errors.AuthMisconfigured),
        (29, "", errors.AuthMisconfigured),
        (30, "", errors.ClockSkew),
        (31, "", errors.ClockSkew),
        (33, "", errors.InvalidRequest),
        (40, "", errors.InvalidRequest),
        (41, "", errors.InvalidRequest),
        (42, "", errors.PermissionDenied),
        (43, "", errors.InvalidRequest),
        (15, "isp.top-remote-connection-timeout", errors.UnknownOutcome),
        (15, "isp.remote-service-timeout", errors.UnknownOutcome),
        (15, "isp.remote-connection-error-tmall", errors.Transient),
        (50, "isp.item-update-service-error:IC_SYSTEM_NOT_READY_TRY_AGAIN_LATER", errors.Transient),
        (50, "isp.system-busy", errors.Transient),
        (15, "isp.call-limited", errors.RateLimited),
        (50, "isv.invalid-parameter", errors.InvalidRequest),
        (50, "isv.invalid-parameter:sku-properties", errors.InvalidRequest),
        (50, "isv.item-not-exist:invalid-numIid-or-iid-tmall", errors.ListingGone),
        (15, "isv.item-is-delete:invalid-numIid-or-iid", errors.ListingGone),
        (15, "isv.item-is-presale:invalid-presale-tags-id-tmall", errors.InvalidRequest),
        (15, "isv.error-inventory-invalid-item-quantity-tmall", errors.InvalidRequest),
        (15, "isv.item-quantity-item-update-service-error-tmall", errors.Stale),
        (15, "isv.logistics-offline-service-error:B04", errors.AlreadyDone),
        (15, "isv.logistics-offline-service-error:B01", errors.InvalidRequest),
        (15, "isv.logistics-offline-service-error:B55", errors.Stale),
        (15, "isv.logistics-offline-service-error:B60", errors.InvalidRequest),
        (15, "isv.logistics-offline-service-error:B150", errors.Transient),
        (50, "", errors.ContractViolation),
        (999, "", errors.ContractViolation),
    ],
)
def test_class_of_an_error(code, sub_code, expected):
    assert type(classify_error(code, sub_code)) is expected


def test_a_timeout_behind_the_gateway_is_harmless_when_nothing_was_written():
    error = classify_error(15, "isp.remote-service-timeout", facts=CallFacts(writes=False))
    assert type(error) is errors.Transient


def test_activity_lock_is_a_conflict_that_passes():
    error = classify_error(50, "isv.item-update-service-error", "商品正在参加活动，不能编辑")
    assert type(error) is errors.Conflict
    assert error.retryable


def test_a_ban_waits_one_second_longer_and_stops_only_that_method():
    error = classify_error(
        7,
        "accesscontrol.limited-by-api-access-count",
        "This ban will last for 17 more seconds",
    )
    assert error.retry_after == timedelta(seconds=18)
    assert error.scope is ErrorScope.METHOD


def test_the_daily_quota_ends_at_midnight_in_china():
    at = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)  # 20:30 there
    error = classify_error(7, "accesscontrol.limited-by-app-access-count", facts=CallFacts(at=at))
    assert error.retry_after == timedelta(hours=3, minutes=30)
    assert error.scope is ErrorScope.APP


def test_an_app_not_yet_online_waits_long_for_that_method():
    error = classify_error(7, "accesscontrol.limited-by-app-api-access-count")
    assert error.retry_after is not None
    assert error.retry_after >= timedelta(hours=1)


def test_dynamic_protection_names_no_time_and_stops_the_app():
    error = classify_error(7, "accesscontrol.limited-by-dynamic-access-count")
    assert error.retry_after is None
    assert error.scope is ErrorScope.APP


def test_the_error_says_what_support_will_ask_for():
    error = classify_error(50, "isv.invalid-parameter", "num_iid", request_id="16fjq8l5x2n7t")
    assert str(error) == "The platform refused: num_iid; code 50 isv.invalid-parameter; request 16fjq8l5x2n7t"


@pytest.mark.parametrize("body", [[], "no", {}, {"code": None}, {"code": "x"}, {"code": "²"}])
def test_an_unreadable_refusal_is_a_contract_violation(body):
    assert isinstance(error_in({"error_response": body}, facts=CallFacts()), errors.ContractViolation)


def test_no_error_in_a_success_answer():
    assert error_in({"time_get_response": {}}, facts=CallFacts()) is None


def test_what_is_retryable():
    retryable = {errors.RateLimited, errors.Transient, errors.Conflict, errors.Stale}
    kinds = set()
    waiting = [errors.ChannelError]
    while waiting:
        kind = waiting.pop()
        kinds.add(kind)
        waiting += kind.__subclasses__()
    assert {kind for kind in kinds if kind.retryable} == retryable
