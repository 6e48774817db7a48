"""How hosts are written into the book (T-70 to T-78, T-83)."""

import pytest

from federation.errors import Malformed
from node.policy.patterns import canonical_pattern, require_no_suffix


@pytest.mark.parametrize(
    "text",
    [
        "",
        "*",
        "*.",
        "*.*.allowed.example",
        "a*.example",
        "*allowed.example",
        "allowed.example:8443",
        "allowed.example@evil.test",
        "evil.test\\@allowed.example",
        "x:y@allowed.example",
        "allowed.exa/mple",
        "allowed..example",
        ".allowed.example",
        "allowed%2eexample",
        "%61llowed.example",
        "allowed\u3002example",
        "allowed\uff0eexample",
        "\uff41llowed.example",
        "allowed.example\n",
        "allowed\t.example",
        "allowed\u200b.example",
        "xn--\\*",
        "xn--a.example",
        "a" * 64 + ".example",
        "a." * 126 + "example",
        "127.0.0.1",
        "[::1]",
        "localhost",
        "printer.local",
        "db.internal",
        "secret.onion",
        "1.0.0.127.in-addr.arpa",
        "single",
        "host.123",
        "*.example",
        "*.org",
        "*.localhost",
    ],
)
def test_what_is_no_public_host_is_refused(text: str) -> None:
    """T-72 to T-78, T-83."""
    with pytest.raises(Malformed):
        canonical_pattern(text)


@pytest.mark.parametrize("pattern", ["*.co.uk", "*.gov.fj", "*.ac.ke"])
def test_a_suffix_that_strangers_share_is_not_meant_as_one(pattern: str) -> None:
    """T-74: no wildcard over a public suffix."""
    with pytest.raises(Malformed):
        require_no_suffix(pattern)

    for other in (pattern.removeprefix("*."), f"*.health.{pattern.removeprefix('*.')}", "*.example.org"):
        require_no_suffix(other)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ALLOWED.Example", "allowed.example"),
        ("allowed.example.", "allowed.example"),
        ("allowed.example:443", "allowed.example"),
        ("b\u00fccher.example", "xn--bcher-kva.example"),
        ("*.B\u00fccher.example", "*.xn--bcher-kva.example"),
        ("*.Sub.allowed.example.", "*.sub.allowed.example"),
        ("f\u0430r.example", "xn--fr-7kc.example"),
        ("gov.fj", "gov.fj"),
        ("*.health.gov.fj", "*.health.gov.fj"),
    ],
)
def test_one_spelling_is_kept(text: str, wanted: str) -> None:
    """T-70, T-71, T-77, T-78."""
    assert canonical_pattern(text) == wanted


def test_development_takes_local_names() -> None:
    assert [canonical_pattern(text, relaxed=True) for text in ("localhost:8081", "*.localhost:8081")] == [
        "localhost:8081",
        "*.localhost:8081",
    ]
