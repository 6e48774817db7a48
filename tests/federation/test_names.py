"""One reading of every host, handle and URI, or none."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import Malformed
from federation.names import (
    Handle,
    Uri,
    canonical_host,
    canonical_uri,
    host_of,
    is_local_name,
    origin_of,
    parse_handle,
    same_origin,
)

LOOKALIKE = "\u0430llowed.example"  # Cyrillic a

REFUSED_HOSTS = [
    "allowed.example@evil.test",  # T-73
    "evil.test\\@allowed.example",
    "x:y@allowed.example",
    "allowed.exa/mple",  # T-75, V-M06
    "allowed.example/",
    "/allowed.example",
    "allowed..example",
    ".allowed.example",
    "allowed.example..",
    "allowed%2eexample",
    "%61llowed.example",
    "allowed\u3002example",  # T-76
    "allowed\uff0eexample",
    "allowed\uff61example",
    "\uff41llowed.example",
    "\u212aelvin.example",
    "allowed.example\n.evil.test",
    "allowed\t.example",
    "allowed.example\x00",
    "allowed\u200b.example",
    "allowed .example",
    "xn--\\*.example",  # T-78
    "xn--a.example",
    "xn--.example",
    "a" * 64 + ".example",
    ".".join(["abcdefgh"] * 28) + ".example",
    "1.2.3.4",  # T-83
    "127.1",
    "0x7f.1",
    "2130706433",
    "[::1]",
    "::1",
    "single",
    "localhost",
    "printer.local",
    "db.internal",
    "hidden.onion",
    "1.0.0.127.in-addr.arpa",
    "allowed.123",
    "allowed.0x7f",
    "allowed.example:8443",  # T-72
    "allowed.example:",
    "allowed.example:0",
    "allowed.example:\u0664\u0664\u0663",
    "-allowed.example",
    "allowed-.example",
    "all_owed.example",
    "",
    ".",
]


@pytest.mark.parametrize("host", REFUSED_HOSTS)
def test_a_host_that_could_be_read_in_two_ways_is_refused(host: str) -> None:
    """T-73, T-75, T-76, T-78, T-83, V-M06."""
    with pytest.raises(Malformed):
        canonical_host(host)


@pytest.mark.parametrize("host", [host for host in REFUSED_HOSTS if "/" not in host])
def test_a_uri_with_such_a_host_is_refused(host: str) -> None:
    with pytest.raises(Malformed):
        canonical_uri(f"https://{host}/users/a")


def test_a_slash_in_a_host_ends_it() -> None:
    """V-M06: it is never removed."""
    assert canonical_uri("https://allowed.exa/mple").host == "allowed.exa"


@pytest.mark.parametrize(
    "text", ["https:///x", "https:x", "https:/x", "//allowed.example/x", "allowed.example", "/x", "#x", ""]
)
def test_what_is_not_absolute_is_refused(text: str) -> None:
    """T-14 and 0.10."""
    with pytest.raises(Malformed):
        canonical_uri(text)


@pytest.mark.parametrize("value", [1, "1", True, None, [], {}, "admin", 1.5, b"https://allowed.example/"])
def test_only_an_absolute_uri_is_an_id(value: object) -> None:
    """V-N01."""
    with pytest.raises(Malformed):
        canonical_uri(value)


@pytest.mark.parametrize(
    "text",
    [
        "http://allowed.example/x",
        "ftp://allowed.example/x",
        "javascript://allowed.example/%0aalert(1)",
        "data:text/plain,x",
        "https://allowed.example/a b",
        "https://allowed.example/a\r\nHost: evil.test",
        "https://allowed.example/\\evil.test",
        "https://allowed.example/a/../b",
        "https://allowed.example/a/%2E%2e/b",
        "https://allowed.example/%zz",
        "https://allowed.example/<b>",
        'https://allowed.example/"',
        "https://allowed.example/\u202egpj.exe",
        "https://allowed.example/\ud800",
        "https://allowed.example/" + "a" * 2048,
    ],
)
def test_a_uri_that_another_parser_might_change_is_refused(text: str) -> None:
    """V-M05, V-K14."""
    with pytest.raises(Malformed):
        canonical_uri(text)


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("ALLOWED.Example", "allowed.example"),  # T-70
        ("allowed.example.", "allowed.example"),  # T-71
        ("allowed.example:443", "allowed.example"),  # T-72
        ("allowed.example:0443", "allowed.example"),
        ("notallowed.example", "notallowed.example"),  # T-74
        ("allowed.example.evil.test", "allowed.example.evil.test"),
        ("sub.allowed.example", "sub.allowed.example"),
        (LOOKALIKE, "xn--llowed-2nf.example"),  # T-77
        ("fa\u00df.example", "xn--fa-hia.example"),
        ("fass.example", "fass.example"),
        ("b\u00fccher.example", "xn--bcher-kva.example"),  # T-78
        ("B\u00dcCHER.example", "xn--bcher-kva.example"),
        ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
        ("r3---sn.example", "r3---sn.example"),
        ("1st.example", "1st.example"),
    ],
)
def test_a_host_has_one_spelling(written: str, host: str) -> None:
    """T-70 to T-72, T-74, T-77, T-78."""
    assert canonical_host(written) == host
    assert canonical_uri(f"https://{written}/x").host == host


def test_path_query_and_fragment_stay_byte_for_byte() -> None:
    uri = canonical_uri("HTTPS://Allowed.Example:443/Users/%c3%a4/?B=1&b=%2F..?#main-key")

    assert uri == Uri(
        text="https://allowed.example/Users/%c3%a4/?B=1&b=%2F..?#main-key",
        scheme="https",
        host="allowed.example",
        port=None,
        path="/Users/%c3%a4/",
        query="B=1&b=%2F..?",
        fragment="main-key",
    )
    assert uri.target == "/Users/%c3%a4/?B=1&b=%2F..?"
    assert uri.without_fragment == "https://allowed.example/Users/%c3%a4/?B=1&b=%2F..?"


def test_a_bare_origin_is_an_id_of_its_own() -> None:
    assert str(canonical_uri("https://blog.example")) == "https://blog.example"
    assert canonical_uri("https://blog.example").target == "/"
    assert canonical_uri("https://blog.example/?").target == "/?"


def test_unicode_in_a_path_is_percent_encoded() -> None:
    assert (
        str(canonical_uri("https://blog.example/@\u00fcnal?q=\u00e9#\u00e0"))
        == "https://blog.example/@%C3%BCnal?q=%C3%A9#%C3%A0"
    )


def test_development_permits_what_a_real_node_refuses() -> None:
    """Exactly scheme, port and the own machine."""
    uri = canonical_uri("http://localhost:8080/ap/u/anna", relaxed=True)

    assert (uri.scheme, uri.host, uri.port, host_of(uri)) == ("http", "localhost", 8080, "localhost:8080")
    assert canonical_uri("http://127.0.0.1/x", relaxed=True).origin == ("http", "127.0.0.1", 80)
    assert canonical_host("LOCALHOST:8080", relaxed=True) == "localhost:8080"
    assert canonical_host("one.test:80", relaxed=True) == "one.test"


@pytest.mark.parametrize(
    "host", ["10.0.0.1", "127.0.0.2", "[::1]", "single", "x.local", "a@b.example", "localhost:70000", "localhost:0"]
)
def test_development_permits_no_more_than_that(host: str) -> None:
    with pytest.raises(Malformed):
        canonical_uri(f"http://{host}/x", relaxed=True)


def test_an_origin_is_scheme_host_and_effective_port() -> None:
    home = canonical_uri("https://a.example/x")

    assert origin_of(home) == ("https", "a.example", 443)
    assert same_origin(home, canonical_uri("https://A.example:443/y?z#w"))
    assert not same_origin(home, canonical_uri("https://sub.a.example/x"))
    assert not same_origin(home, canonical_uri("http://a.example/x", relaxed=True))
    assert not same_origin(home, canonical_uri("https://a.example:444/x", relaxed=True))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "anna",
        "@anna",
        "anna@",
        "@@town.example",
        "anna@bob@town.example",
        "anna@town.exa/mple",
        "an na@town.example",
        "-anna@town.example",
        "anna.@town.example",
        "ann\u0430@town.example",
        "anna\n@town.example",
        "acct:@anna@town.example",
        "https://town.example/@anna",
        "a" * 256 + "@town.example",
        7,
    ],
)
def test_what_is_not_a_handle_is_refused(text: object) -> None:
    """V-M06 for handles."""
    with pytest.raises(Malformed):
        parse_handle(text)


@pytest.mark.parametrize(
    "text", ["@Anna.b-c_1@Town.Example", "Anna.b-c_1@town.example.", "ACCT:Anna.b-c_1@town.example:443"]
)
def test_the_three_ways_to_write_a_handle_are_one(text: str) -> None:
    handle = parse_handle(text)

    assert handle == Handle("Anna.b-c_1", "town.example")
    assert str(handle) == "@Anna.b-c_1@town.example"
    assert handle.acct == "anna.b-c_1@town.example"


def test_the_actor_of_a_server_is_named_after_it() -> None:
    assert parse_handle("acct:town.example@town.example") == Handle("town.example", "town.example")


@pytest.mark.parametrize("name", ["Anna", "an.na", "", "a" * 31, "anna\n", "\u0430nna"])
def test_our_own_names_are_plain(name: str) -> None:
    assert not is_local_name(name)
    assert is_local_name("anna_1")


@given(st.text(alphabet=st.sampled_from("aA1-._@:/\\?#%[]\u00fc\u3002\u0430 xn\n\x00"), max_size=40))
def test_parsing_twice_changes_nothing(tail: str) -> None:
    for relaxed in (False, True):
        try:
            uri = canonical_uri(f"https://{tail}", relaxed=relaxed)
        except Malformed:
            continue
        assert canonical_uri(uri.text, relaxed=relaxed) == uri
        assert uri.text.isascii()


@given(st.text())
def test_no_text_breaks_the_parsers(text: str) -> None:
    for read in (canonical_uri, canonical_host, parse_handle):
        with suppress(Malformed):
            read(text)
