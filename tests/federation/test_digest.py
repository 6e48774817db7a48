"""The body that was signed is the body that came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.digest import check_content_digest, check_digest, make_content_digest, make_digest
from federation.errors import Malformed, ProtocolError, Unauthenticated

BODY = b'{"hello":"world"}'
GOOD = "k6I5cakU5erL8KjSUVTNownDwccvu5kU1Hxg88toFYg="
OTHER = "X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="
GOOD_512 = "WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew=="


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "SHA-256",
        "md5=XrY7u+Ae7tCTyyK7j1rNww==",
        f"SHA-256={OTHER}",
        f"SHA-256={GOOD.rstrip('=')}",
        f"SHA-256={GOOD},SHA-256={OTHER}",
        f"SHA-256={OTHER},SHA-256={GOOD}",
        f"SHA-256={GOOD},SHA-512={GOOD_512}",
        f"sha-512={GOOD_512}",
        f"SHA-256=:{GOOD}:",
        "SHA-256=\u00e9\ud800",
    ],
)
def test_a_digest_that_does_not_fit_proves_nothing(value: str | None) -> None:
    """T-05, V-S02."""
    with pytest.raises(Unauthenticated):
        check_digest(value, BODY)


@pytest.mark.parametrize(
    "value", [f"SHA-256={GOOD}", f"sha-256={GOOD}", f"md5=x, SHA-256={GOOD}", f"Sha-256={GOOD} ,unixsum=1"]
)
def test_the_name_of_the_algorithm_may_be_written_either_way(value: str) -> None:
    """T-05."""
    check_digest(value, BODY)


@pytest.mark.parametrize(
    "value",
    [
        "sha-256",
        "sha-256=x",
        "sha-256=:x",
        "sha-256=:a-_=:",
        "=",
        f"sha-256=:{GOOD}:, sha-256=:{GOOD}:",
        "\u00fc",
        'sha-256="x"',
    ],
)
def test_a_broken_content_digest_is_malformed(value: str) -> None:
    """T-05."""
    with pytest.raises(Malformed):
        check_content_digest(value, BODY)


@pytest.mark.parametrize(
    "value",
    [None, "", f"sha-256=:{OTHER}:", f"sha-512=:{GOOD_512}:", f"sha-256=:{GOOD}:, sha-512=:{GOOD_512}:", "sha-256=::"],
)
def test_a_content_digest_that_does_not_fit_proves_nothing(value: str | None) -> None:
    with pytest.raises(Unauthenticated):
        check_content_digest(value, BODY)


def test_the_published_digests_fit() -> None:
    """RFC 9530 appendix: the body with a blank."""
    check_content_digest(f"sha-512=:{GOOD_512}:,  sha-256=:{OTHER}:", b'{"hello": "world"}')


def test_we_spell_digests_as_the_pickiest_read_them() -> None:
    assert make_digest(BODY) == f"SHA-256={GOOD}"
    assert make_content_digest(BODY) == f"sha-256=:{GOOD}:"


@given(st.text(), st.binary(max_size=8))
def test_no_header_breaks_the_checks(value: str, body: bytes) -> None:
    for check in (check_digest, check_content_digest):
        with pytest.raises(ProtocolError):
            check(value, body)
