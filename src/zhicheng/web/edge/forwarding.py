"""Who asks, and by which scheme: what proxies say is believed only from those that the operator has named.

The door asks `caller_of` about its TCP peer and hands one address and one scheme on; web asks it again about whoever
reached its socket, and shows the rest of the program the result as if there were no proxy.
"""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Networks = tuple[IPv4Network | IPv6Network, ...]
GetResponse = Callable[[HttpRequest], HttpResponse]
THIS_MACHINE = "127.0.0.1"
_SCHEMES = frozenset({"http", "https"})


@dataclass(frozen=True)
class Caller:
    """The address that asks, and the scheme that it used."""

    address: str
    scheme: str


@dataclass(frozen=True)
class Claims:
    """What the headers X-Forwarded-For and X-Forwarded-Proto say."""

    addresses: str = ""
    scheme: str = ""


def caller_of(peer: Caller, claims: Claims, trusted: Networks) -> Caller:
    """The right-most address that is not a trusted proxy; of the scheme, what the nearest trusted proxy says.

    A peer without an address is on a Unix socket, which only programs of this machine can open: it is trusted.
    """
    if peer.address and not _is_trusted(_parsed(peer.address), trusted):
        return Caller(_plain(peer.address), peer.scheme)
    said = claims.scheme.rpartition(",")[2].strip().lower()
    scheme = said if said in _SCHEMES else peer.scheme
    nearest = peer.address
    for hop in reversed([part.strip() for part in claims.addresses.split(",")]):
        address = _parsed(hop)
        if address is None:  # made up: nothing to the left of it can be believed either
            break
        nearest = str(address)
        if not _is_trusted(address, trusted):
            break
    return Caller(_plain(nearest) or THIS_MACHINE, scheme)


def is_this_machine(address: str) -> bool:
    """Whether an address is what programs of this machine have unless they ask for another."""
    return _plain(address) in {THIS_MACHINE, "::1"}


def _is_trusted(address: IPv4Address | IPv6Address | None, trusted: Networks) -> bool:
    return address is not None and any(address in network for network in trusted)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """An address, also as some proxies write it: with a port, in brackets, IPv4 inside IPv6."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _plain(text: str) -> str:
    address = _parsed(text)
    return text if address is None else str(address)


class ForwardingMiddleware:
    """Stands first. Afterwards REMOTE_ADDR, `is_secure()` and both headers say what is true, whoever claimed what."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request; what came by HTTPS gets cookies that travel by HTTPS only."""
        meta = request.META
        peer = Caller(str(meta.get("REMOTE_ADDR", "")), str(meta.get("wsgi.url_scheme", "http")))
        claims = Claims(meta.get("HTTP_X_FORWARDED_FOR", ""), meta.get("HTTP_X_FORWARDED_PROTO", ""))
        caller = caller_of(peer, claims, settings.TRUSTED_PROXIES)
        meta["REMOTE_ADDR"] = meta["HTTP_X_FORWARDED_FOR"] = caller.address
        meta["HTTP_X_FORWARDED_PROTO"] = caller.scheme
        response = self._get_response(request)
        if request.is_secure():
            for cookie in response.cookies.values():
                cookie["secure"] = True
        return response
