"""Taking secrets and personal data out of a platform's record before it is stored or logged."""

import re
from typing import Any

REDACTED = "[redacted]"

# Keys are matched whole and without regard to case. The groups: our own secrets; the receiver and the buyer; the
# address token and anything that leads to a person (contacts, identity papers, flight data, phone numbers).
_SENSITIVE_KEY = re.compile(
    r"session(_?key)?|sign|app_?secret|client_secret|access_?token|refresh_?token|token_result|authorization"
    r"|receiver(_.*|s)?|recipient.*|buyer.*|contactor.*|contact_.*|consignee.*|donee_.*|oaid|aid"
    r"|address_details|detailed_address|address|.*(mobile|phone|telephone|email)|privacy_num"
    r"|alipay_no|seller_alipay_no|seller_name|identity|hk_.*|id_?card.*|car_taker.*|o2o_service_(name|address)|acookie_id",
    re.IGNORECASE,
)


def redact(value: Any) -> Any:
    """A copy of a JSON value in which every sensitive key keeps its place but not its content."""
    if isinstance(value, dict):
        return {
            key: REDACTED if _SENSITIVE_KEY.fullmatch(str(key)) and item not in (None, "") else redact(item)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [redact(item) for item in value]
    return value
