"""Where a passkey can be used: browsers bind it to a host name, and an address with a number has none.

Web Authentication, section 5.1.3: the relying party's id is a valid domain string, which excludes IP addresses.
"""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host

# Pages on which a passkey is made or shown.
PAGES = frozenset(
    {
        "account_login",
        "account_reauthenticate",
        "mfa_add_webauthn",
        "mfa_authenticate",
        "mfa_index",
        "mfa_list_webauthn",
        "mfa_reauthenticate_webauthn",
    }
)


def passkey_address(request: HttpRequest) -> str:
    """Return this page's address at ``localhost`` where the page is about passkeys and its own address is a loopback
    number; else an empty string."""
    match = request.resolver_match
    if match is None or match.url_name not in PAGES:
        return ""
    domain, port = split_domain_port(request.get_host())
    try:
        loopback = ip_address(domain.strip("[]")).is_loopback
    except ValueError:
        return ""
    if not loopback or not validate_host("localhost", settings.ALLOWED_HOSTS):
        return ""
    place = f"localhost:{port}" if port else "localhost"
    return f"{request.scheme}://{place}{request.get_full_path()}"
