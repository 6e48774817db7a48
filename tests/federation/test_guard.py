"""Which URLs and addresses may be contacted (T-10, V-F01, V-F07, V-M24, V-L02, V-L03)."""

from ipaddress import IPv4Address, ip_address, ip_network

import pytest

from federation.errors import Malformed, Refused
from federation.guard import check_address, check_redirect, check_url, parse_networks
from federation.names import canonical_uri

FORBIDDEN = [  # fmt: skip
    "127.0.0.1",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.1",
    "192.0.0.8",
    "192.0.0.170",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.175.48.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1",
    "100::1",
    "2001::1",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:a00:1::1",
    "3fff::1",
    "fc00::1",
    "fd00::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "5f00::1",
    "2620:4f:8000::1",
]
TEXT_FORMS = ["127.1", "0x7f.1", "2130706433", "0177.0.0.1", "0", "0x7f000001", "127.0.0.01", ""]
LOOPBACK = (ip_network("127.0.0.0/8"),)


def test_the_list_of_t_10_has_46_addresses() -> None:
    assert len(set(FORBIDDEN)) == 46


@pytest.mark.parametrize("text", FORBIDDEN)
def test_no_address_of_t_10_may_be_dialled(text: str) -> None:
    with pytest.raises(Refused):
        check_address(ip_address(text))


@pytest.mark.parametrize("text", TEXT_FORMS)
def test_text_that_only_the_resolver_reads_as_an_address_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        check_address(text)


@pytest.mark.parametrize("text", [*TEXT_FORMS, *FORBIDDEN, "[::1]", "[::ffff:127.0.0.1]", "localhost"])
def test_no_url_names_an_address(text: str) -> None:
    host = f"[{text}]" if ":" in text and not text.startswith("[") else text
    with pytest.raises(Malformed):
        canonical_uri(f"https://{host}/users/a")


@pytest.mark.parametrize("text", ["64:ff9b::a00:1", "::ffff:10.0.0.1", "::ffff:224.0.0.1", "::8.8.8.8"])
def test_ipv4_in_ipv6_clothes_is_judged_by_what_is_inside(text: str) -> None:
    with pytest.raises(Refused):
        check_address(text)


def test_an_address_with_a_scope_is_refused() -> None:
    with pytest.raises(Refused):
        check_address("2a01:4f8::1%eth0")


@pytest.mark.parametrize(
    "text", ["8.8.8.8", "185.199.108.153", "2a01:4f8:c17::1", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"]
)
def test_a_public_address_is_returned(text: str) -> None:
    assert check_address(text) == ip_address(text)


@pytest.mark.parametrize("text", ["10.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254"])
def test_allowed_networks_open_nothing_else(text: str) -> None:
    with pytest.raises(Refused):
        check_address(text, allowed_networks=LOOPBACK)


def test_allowed_networks_open_exactly_themselves() -> None:
    assert check_address("127.0.0.1", allowed_networks=LOOPBACK) == IPv4Address("127.0.0.1")


def test_a_network_with_host_bits_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"10\.0\.0\.1/8"):
        parse_networks(["127.0.0.0/8", "10.0.0.1/8"])


@pytest.mark.parametrize("text", ["http://peer.example/a", "https://peer.example:8443/a", "http://peer.example:443/a"])
def test_only_https_on_443_may_be_asked(text: str) -> None:
    uri = canonical_uri(text, relaxed=True)
    with pytest.raises(Refused):
        check_url(uri)


def test_development_opens_scheme_and_port() -> None:
    uri = canonical_uri("http://localhost:8080/ap/u/anna", relaxed=True)

    assert check_url(uri, relaxed=True) is uri


@pytest.mark.parametrize(
    "location",
    [
        None,
        "",
        "/users/a",
        "//peer.example/a",
        "http://peer.example/a",
        "file:///etc/passwd",
        "data:application/json,{}",
        "https://good@peer.example/a",
        "https://peer.example:8443/a",
        "https://169.254.169.254/",
        "https://peer.example/" + "a" * 100_000,
        "https://peer.example/\r\nX-Injected: 1",
    ],
)
def test_a_redirect_to_anything_but_absolute_https_is_refused(location: str | None) -> None:
    """T-33, T-46, V-F02: cross-scheme, relative, userinfo, 100 KB, header injection."""
    with pytest.raises((Malformed, Refused)):
        check_redirect(location, came_from=canonical_uri("https://peer.example/users/a"))


def test_a_redirect_never_steps_down_from_https_even_in_development() -> None:
    with pytest.raises(Refused):
        check_redirect("http://peer.example/a", came_from=canonical_uri("https://peer.example/b"), relaxed=True)


def test_a_redirect_to_absolute_https_is_followed() -> None:
    target = check_redirect("https://peer.example/a", came_from=canonical_uri("https://peer.example/b"))

    assert target == canonical_uri("https://peer.example/a")
