"""Tell clients apart by address, and believe only the proxies that the operator has named."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from legal.errors import InvalidInput

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Network = IPv4Network | IPv6Network
_IPV6_PREFIX = 64
"""One household or machine has this many leading bits of its IPv6 addresses, and may choose the others."""


def parse_networks(text: str) -> tuple[Network, ...]:
    """Return the networks in a list that is separated by commas; ``*`` stands for all.

    Raises:
        InvalidInput: a part is neither an address nor a network.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    networks = [("0.0.0.0/0", "::/0") if part == "*" else (part,) for part in parts]
    try:
        return tuple(ip_network(part, strict=False) for group in networks for part in group)
    except ValueError as error:
        raise InvalidInput(f"The setting TRUSTED_PROXIES is {text!r}. {error}.") from error


def find_client(environ: "WSGIEnvironment", trusted_proxies: Sequence[Network]) -> str:
    """Return the address of the client, of IPv6 its network.

    Each proxy appends the address that it sees to X-Forwarded-For. The last one that is no trusted proxy is the client.
    """
    peer = environ.get("REMOTE_ADDR") or ""
    hops = [*environ.get("HTTP_X_FORWARDED_FOR", "").split(","), peer] if trusted_proxies else [peer]
    client = peer
    for hop in reversed([hop.strip() for hop in hops]):
        try:
            address = ip_address(hop)
        except ValueError:
            if hop == peer:  # a Unix socket, which only a proxy of this machine can open
                continue
            break
        client = str(IPv6Network((address, _IPV6_PREFIX), strict=False)) if isinstance(address, IPv6Address) else hop
        if not any(address in network for network in trusted_proxies):
            break
    return client


def is_local(environ: "WSGIEnvironment") -> bool:
    """Return whether a request comes from this machine, and not through a proxy on it."""
    if any(name in environ for name in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")):
        return False
    try:
        return ip_address(environ.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
