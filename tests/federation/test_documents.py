"""Bytes of strangers become an object, or are refused by name."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.documents import loads_object, loads_object_strictly
from federation.errors import Malformed


def nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"null",
        b'"text"',
        b"7",
        b"{} x",
        b"\xef\xbb\xbf{}",
        '{"a":1}'.encode("utf-16"),
        b'{"a":NaN}',
        b'{"a":1e999}',
        b'{"a":' + b"1" * 5000 + b"}",
        b'{"a":"\\ud800"}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":"\x00"}',
        b'{"a":"x\\u0000"}',
        b'{"a":[{"b\\u0000":1}]}',
        nested(33),
        b'{"a":' + b"[" * 32 + b"]" * 32 + b"}",
        nested(200_000),
        b"[" * 200_000,
    ],
)
def test_what_could_hurt_later_is_refused_now(raw: bytes) -> None:
    """T-23, T-24 and 0.8."""
    for read in (loads_object, loads_object_strictly):
        with pytest.raises(Malformed):
            read(raw)


def test_thirty_two_levels_are_read() -> None:
    """T-23."""
    assert loads_object(nested(32))["a"] is not None
    assert loads_object(b'{"a":' + b"[" * 31 + b"]" * 31 + b"}").keys() == {"a"}
    assert len(loads_object(b'{"a":[' + b"{}," * 99 + b"{}]}")["a"]) == 100  # type: ignore[arg-type]


def test_harmless_oddities_are_read() -> None:
    """T-24."""
    assert loads_object(b'{"a":1,"a":2,"__proto__":1,"b":"\\\\u0000"}') == {"a": 2, "__proto__": 1, "b": "\\u0000"}


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1,"a":1}',
        b'{"o":{"to":1,"to":[]}}',
        b'{"a":9007199254740992}',
        b'{"a":-9007199254740993}',
        b'{"a":123456789012345678901}',
        b'{"a":0.1000000000000000000001}',
        b'{"a":1.' + b"0" * 50 + b"}",
    ],
)
def test_what_two_readers_could_read_differently_proves_nothing(raw: bytes) -> None:
    loads_object(raw)
    with pytest.raises(Malformed):
        loads_object_strictly(raw)


def test_plain_numbers_are_read_strictly() -> None:
    raw = b'{"a":[9007199254740991,-71.184902,1.0,1e21,-0,true,null],"b":"\\u00e9\\n"}'

    assert loads_object_strictly(raw) == {
        "a": [9007199254740991, -71.184902, 1.0, 1e21, 0, True, None],
        "b": "\u00e9\n",
    }


@given(st.binary(max_size=60) | st.text(alphabet='{}[]":,\\u0a1e.-', max_size=60).map(str.encode))
def test_no_bytes_break_the_readers(raw: bytes) -> None:
    for read in (loads_object, loads_object_strictly):
        with suppress(Malformed):
            read(raw)
