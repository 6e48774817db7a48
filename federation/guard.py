"""May this URL and this resolved address be contacted? Pure: no clock, no network, no database.

Asked for every hop and for every socket. `is_global` of the standard library lets through multicast and
IPv4 addresses dressed as IPv6 on several supported Pythons, so an explicit table stands beside it.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from federation.errors import Refused
from federation.names import Uri, canonical_uri

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

DENIED_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relay
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)

GLOBAL_UNICAST_V6 = IPv6Network("2000::/3")
DENIED_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)

_MAPPED = IPv6Network("::ffff:0:0/96")
_NAT64 = IPv6Network("64:ff9b::/96")


def parse_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Return the networks written in `texts`; raise ValueError naming the wrong one."""
    return tuple(ip_network(text) for text in texts)


def check_address(address: Address | str, *, allowed_networks: tuple[Network, ...] = ()) -> Address:
    """Return `address` if a connection to it may be opened.

    Args:
        address: as it will be dialled; a text must be in the standard form (`127.1` is refused).
        allowed_networks: opened although they are not public; exactly these, in the given IP version.

    Raises:
        Refused: private, reserved, or an IPv4 address of that kind in IPv6 clothes.
    """
    found = _parse(address) if isinstance(address, str) else address
    if isinstance(found, IPv6Address) and found.scope_id is not None:
        raise Refused(f"{found} has a scope")
    if any(found in network for network in allowed_networks):
        return found
    if not _is_public(found):
        raise Refused(f"{found} is not a public address")
    return found


def check_url(uri: Uri, *, relaxed: bool = False) -> Uri:
    """Return `uri` if its scheme and port may be contacted.

    Raises:
        Refused: not https on port 443 (any http(s) port when relaxed).
    """
    if relaxed or (uri.scheme == "https" and uri.port is None):
        return uri
    raise Refused(f"{uri.scheme} to {uri.authority} is not https on port 443")


def check_redirect(location: str | None, *, came_from: Uri, relaxed: bool = False) -> Uri:
    """Return where a redirect leads, if it may be followed.

    Args:
        location: the `Location` header; only an absolute URL counts, a relative one is refused.
        came_from: the URL that answered; a step down from https to http is refused.

    Raises:
        Malformed: no location, or no canonical URL.
        Refused: another scheme or port.
    """
    target = check_url(canonical_uri(location, relaxed=relaxed), relaxed=relaxed)
    if came_from.scheme == "https" and target.scheme != "https":
        raise Refused(f"{came_from.authority} redirects from https to {target.scheme}")
    return target


def _parse(text: str) -> Address:
    try:
        return ip_address(text)
    except ValueError:
        raise Refused(f"{text[:60]!r} is not an address in standard form") from None


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in network for network in DENIED_V4)
    inner = _inner_v4(address)
    if inner is not None:
        return _is_public(inner)
    if address not in GLOBAL_UNICAST_V6 or not address.is_global:
        return False
    return not any(address in network for network in DENIED_V6)


def _inner_v4(address: IPv6Address) -> IPv4Address | None:
    """Unwrap the two forms in which the kernel or a translator really reaches an IPv4 host.

    The deprecated or local ones (compatible, 6to4, Teredo, 64:ff9b:1::/48) carry an IPv4 address too, but
    no server needs them: they fall outside the allowed space whatever they carry.
    """
    if address in _MAPPED or address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None
