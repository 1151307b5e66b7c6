"""From a channel's row to the adapter that speaks to it; credentials come from the settings."""

from functools import cache

from django.conf import settings

from shop.channels.adapters.contract import ChannelAdapter
from shop.channels.adapters.tmall.adapter import tmall_adapter
from shop.channels.models import SalesChannel


class NotConnected(Exception):
    """The channel's credentials are not set."""


@cache
def _tmall(gateway_url: str, app_key: str, app_secret: str, session: str) -> ChannelAdapter:
    return tmall_adapter(gateway_url=gateway_url, app_key=app_key, app_secret=app_secret, session=session)


def adapter_for(channel: SalesChannel) -> ChannelAdapter:
    """Return the adapter of a channel, one a process.

    :raises NotConnected: naming the settings that are missing.
    """
    credentials = settings.TMALL
    missing = sorted(name for name, value in credentials.items() if not value)
    if missing:
        names = ", ".join(f"TMALL_{name.upper()}" for name in missing)
        raise NotConnected(f"{channel.name} is not connected: set {names}.")
    return _tmall(**credentials)
