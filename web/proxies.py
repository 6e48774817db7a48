"""Who is at the other end, and for which host: only what configured proxies say is believed. Pure.

One header is read, X-Forwarded-For, from its right end; Forwarded and X-Real-IP are never read.
"""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

Networks = Sequence[IPv4Network | IPv6Network]


def client_address(peer: str, forwarded_for: Sequence[str], trusted: Networks) -> str:
    """Return the address of the client.

    Args:
        peer: the address at the other end of the socket.
        forwarded_for: the values of X-Forwarded-For, in wire order.
        trusted: proxies whose word counts.

    Returns:
        `peer`, unless it is a trusted proxy: then the last address of the header that isn't one.
    """
    if not trusted or not is_trusted(peer, trusted):
        return peer
    hops = [hop.strip() for value in forwarded_for for hop in value.split(",")]
    seen = peer
    for hop in reversed(hops):
        if not _is_address(hop):
            return seen
        seen = hop
        if not is_trusted(hop, trusted):
            return hop
    return seen


def is_trusted(address: str, trusted: Networks) -> bool:
    """Say whether `address` is one of the configured proxies."""
    return _is_address(address) and any(ip_address(address) in network for network in trusted)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
