"""What is wrapped opens only with the same key for the same purpose; tokens end and can't be changed."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.secrets import WrongSecret, checked, sign, unwrap, wrap
from tests.clock import START

KEY, OTHER = "k" * 32, "o" * 32
NONCE = bytes(range(12))
LATER = START + timedelta(minutes=10)
WRAPPED = wrap(b"private", secret_key=KEY, purpose="actor-key:1", nonce=NONCE)
TOKEN = sign("member:7", secret_key=KEY, purpose="unsubscribe", until=LATER)


@pytest.mark.parametrize(
    ("wrapped", "key", "purpose"),
    [
        (WRAPPED, OTHER, "actor-key:1"),
        (WRAPPED, KEY, "actor-key:2"),
        (WRAPPED[:-1] + bytes([WRAPPED[-1] ^ 1]), KEY, "actor-key:1"),
        (b"\x02" + WRAPPED[1:], KEY, "actor-key:1"),
        (WRAPPED[:20], KEY, "actor-key:1"),
        (b"", KEY, "actor-key:1"),
        (WRAPPED, "", "actor-key:1"),
    ],
)
def test_what_was_not_wrapped_so_does_not_open(wrapped: bytes, key: str, purpose: str) -> None:
    with pytest.raises(WrongSecret):
        unwrap(wrapped, secret_key=key, purpose=purpose)


def test_a_nonce_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="12 bytes"):
        wrap(b"private", secret_key=KEY, purpose="p", nonce=b"short")


@given(st.binary(max_size=200), st.text(max_size=20).filter(lambda text: text.isascii()))
def test_what_is_wrapped_opens_and_shows_nothing_of_itself(data: bytes, purpose: str) -> None:
    wrapped = wrap(data, secret_key=KEY, purpose=purpose, nonce=NONCE)

    assert unwrap(wrapped, secret_key=KEY, purpose=purpose) == data
    assert len(data) < 8 or data not in wrapped


@pytest.mark.parametrize(
    ("token", "key", "purpose", "now"),
    [
        (TOKEN, OTHER, "unsubscribe", START),
        (TOKEN, KEY, "sign-in", START),
        (TOKEN, KEY, "unsubscribe", LATER),
        ("A" + TOKEN[1:], KEY, "unsubscribe", START),
        (TOKEN + "A", KEY, "unsubscribe", START),
        (TOKEN.partition(".")[0], KEY, "unsubscribe", START),
        ("", KEY, "unsubscribe", START),
        ("\u00e9.\u00e9", KEY, "unsubscribe", START),
        ("....", KEY, "unsubscribe", START),
    ],
)
def test_a_token_that_is_not_ours_or_is_over_is_refused(token: str, key: str, purpose: str, now: object) -> None:
    with pytest.raises(WrongSecret):
        checked(token, secret_key=key, purpose=purpose, now=now)  # type: ignore[arg-type]


def test_a_token_gives_its_message_back_until_its_end() -> None:
    said = checked(TOKEN, secret_key=KEY, purpose="unsubscribe", now=LATER - timedelta(seconds=1))

    assert said == "member:7"
    assert TOKEN.isascii() and set(TOKEN) & set("+/= ") == set()


@given(st.text(max_size=60))
def test_any_message_survives_as_a_token(message: str) -> None:
    token = sign(message, secret_key=KEY, purpose="p", until=LATER)

    assert checked(token, secret_key=KEY, purpose="p", now=START) == message
