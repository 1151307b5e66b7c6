"""What the demo's processes are told: secrets made once per state folder, and where the simulators listen."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from secrets import token_hex, token_urlsafe

SHOPPER = "shopper@vitrine.example"
MERCHANDISER = "merchandiser@vitrine.example"
# The demo's companies in the customs register.
CUSTOMS_COMPANIES = {
    "CHINA_CUSTOMS_PLATFORM_CODE": "3301960P01",
    "CHINA_CUSTOMS_PLATFORM_NAME": "示例博物馆商城",
    "CHINA_CUSTOMS_MERCHANT_CODE": "3301960M02",
    "CHINA_CUSTOMS_MERCHANT_NAME": "示例博物馆商店",
    "CHINA_CUSTOMS_PAY_CODE": "3301960Z03",
    "CHINA_CUSTOMS_PAY_NAME": "示例支付公司",
    "CHINA_CUSTOMS_LOGISTICS_CODE": "3301960L04",
    "CHINA_CUSTOMS_LOGISTICS_NAME": "示例物流公司",
    "CHINA_CUSTOMS_TRANSFER_CODE": "3301960M02",
    "CHINA_CUSTOMS_TRANSFER_NAME": "示例博物馆商店",
    "CHINA_CUSTOMS_DXP_ID": "DXPENT0000000000",
}


@dataclass(frozen=True)
class Secrets:
    """Made once and kept in ``<state>/demo.json`` (0600), so that a second start shows the same log-ins."""

    shopper_password: str
    merchandiser_password: str
    stripe_key: str
    stripe_webhook_secret: str
    tmall_app_key: str
    tmall_app_secret: str
    tmall_session: str
    partner_key: str = ""


def _fresh() -> Secrets:
    return Secrets(
        shopper_password=token_urlsafe(9),
        merchandiser_password=token_urlsafe(9),
        stripe_key=f"sk_test_{token_hex(16)}",
        stripe_webhook_secret=f"whsec_{token_hex(24)}",
        tmall_app_key=str(10_000_000 + int(token_hex(3), 16)),
        tmall_app_secret=token_hex(16),
        tmall_session=token_hex(24),
    )


def load(state: Path) -> Secrets:
    """Return the secrets of the state folder, making them the first time."""
    path = state / "demo.json"
    if path.exists():
        return Secrets(**json.loads(path.read_text()))
    secrets = _fresh()
    save(state, secrets)
    return secrets


def save(state: Path, secrets: Secrets) -> None:
    """Keep the secrets; the file is replaced whole, so that a crash leaves the old one."""
    path = state / "demo.json"
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(secrets), file, indent=2)
    fresh.replace(path)


@dataclass(frozen=True)
class DemoEnvironment:
    """The environment of the demo's processes, and which simulators it needs."""

    values: Mapping[str, str]
    site_url: str
    simulators_url: str


def build(*, state: Path, secrets: Secrets, port: int, given: Mapping[str, str]) -> DemoEnvironment:
    """Return the environment for a demo on ``port`` with its simulators on the next one and its mail server after.

    Real keys in ``given`` win: with ``STRIPE_SECRET_KEY``, ``TMALL_APP_KEY``, ``CHINA_CUSTOMS_URL`` or ``EMAIL_URL``
    set, that simulator is not used.
    """
    site = given.get("SITE_URL") or f"http://127.0.0.1:{port}"
    simulators = f"http://127.0.0.1:{port + 1}"
    values = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "VITRINE_DEMO": "1",
        "VITRINE_STATE": str(state),
        "PORT": str(port),
        "SITE_URL": site,
        "HTTPS": given.get("HTTPS", "0"),
        "SIMULATORS_URL": simulators,
    }
    if not given.get("STRIPE_SECRET_KEY"):
        values |= {
            "STRIPE_SECRET_KEY": secrets.stripe_key,
            "STRIPE_WEBHOOK_SECRET": secrets.stripe_webhook_secret,
            "STRIPE_WEBHOOK_URL": f"{site}/webhooks/stripe",
            "STRIPE_API_BASE": f"{simulators}/stripe",
        }
    if not given.get("TMALL_APP_KEY"):
        values |= {
            "TMALL_GATEWAY_URL": f"{simulators}/top/router/rest",
            "TMALL_APP_KEY": secrets.tmall_app_key,
            "TMALL_APP_SECRET": secrets.tmall_app_secret,
            "TMALL_SESSION": secrets.tmall_session,
            "TOP_APP_KEY": secrets.tmall_app_key,
            "TOP_APP_SECRET": secrets.tmall_app_secret,
            "TOP_SESSION": secrets.tmall_session,
        }
    if not given.get("CHINA_CUSTOMS_URL"):
        values |= {
            "CHINA_CUSTOMS_URL": f"{simulators}/customs",
            "CUSTOMS_REGISTERED": ",".join(code for name, code in CUSTOMS_COMPANIES.items() if name.endswith("_CODE")),
            **CUSTOMS_COMPANIES,
        }
    if not given.get("EMAIL_URL"):
        values |= {"MAIL_PORT": str(port + 2), "EMAIL_URL": f"smtp://127.0.0.1:{port + 2}"}
    controls = {
        key: f"{simulators}{path}"
        for key, path, used in (
            ("stripe", "/stripe/_control", "STRIPE_API_BASE"),
            ("tmall", "/top/__control__", "TMALL_GATEWAY_URL"),
            ("customs", "/customs/__control__", "CHINA_CUSTOMS_URL"),
            ("mail", "/mailbox/__control__", "MAIL_PORT"),
        )
        if used in values
    }
    values["SIMULATOR_CONTROLS"] = json.dumps(controls)
    return DemoEnvironment(values=values, site_url=site, simulators_url=simulators)
