"""What comes back to a delivery is hostile, too: any bytes, cut anywhere, end in a status or a refusal. F-29."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from federation.client.answers import HEAD_BYTES, MOST_HEADERS, AnswerReader, BadAnswer
from federation.client.values import ANSWER_BYTES

Seen = tuple[int, str | None, bool, bool, bool]


def read(*parts: bytes) -> Seen:
    reader = AnswerReader()
    for part in parts:
        reader.feed(part)
    return reader.status, reader.retry_after, reader.accepts_rfc9421, reader.is_full, reader.may_stay


BAD = {
    "another protocol": b"SSH-2.0-OpenSSH\r\n",
    "no status": b"HTTP/1.1 9\r\n\r\n",
    "no number": b"HTTP/1.1 abc OK\r\n\r\n",
    "two lengths": b"HTTP/1.1 202 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
    "a length that is none": b"HTTP/1.1 202 OK\r\ncontent-length: -1\r\n\r\n",
    "a space before the colon": b"HTTP/1.1 202 OK\r\nx : y\r\n\r\n",
    "another protocol from here": b"HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
    "a head without end": b"HTTP/1.1 202 OK\r\n" + b"x: " + b"y" * HEAD_BYTES,
    "too many headers": b"HTTP/1.1 202 OK\r\n" + b"x: y\r\n" * (MOST_HEADERS + 1) + b"\r\n",
    "interim answers without end": b"HTTP/1.1 100 Continue\r\n\r\n" * 9 + b"HTTP/1.1 202 OK\r\n\r\n",
    "a request": b"POST / HTTP/1.1\r\nhost: x\r\n\r\n",
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_answer_is_refused(name: str) -> None:
    with pytest.raises(BadAnswer):
        read(BAD[name])


def test_a_plain_answer_lets_the_connection_stay() -> None:
    assert read(b"HTTP/1.1 202 Accepted\r\ncontent-length: 2\r\n\r\nok") == (202, None, False, True, True)
    assert read(b"HTTP/1.1 204 No Content\r\n\r\n") == (204, None, False, True, True)


@pytest.mark.parametrize("head", [b"HTTP/1.0 202 OK\r\ncontent-length: 0", b"HTTP/1.1 202 OK\r\nconnection: close"])
def test_an_answer_that_says_so_is_the_last_of_its_connection(head: bytes) -> None:
    _, _, _, _, may_stay = read(head + b"\r\ncontent-length: 0\r\n\r\n" if b"close" in head else head + b"\r\n\r\n")
    assert not may_stay


def test_the_two_headers_that_matter_are_kept() -> None:
    raw = b"HTTP/1.1 429 Slow\r\nRetry-After: 120\r\nAccept-Signature: sig1=()\r\ncontent-length: 0\r\n\r\n"
    assert read(raw) == (429, "120", True, True, True)


def test_an_interim_answer_is_not_the_answer() -> None:
    early = b"HTTP/1.1 100 Continue\r\nretry-after: 1\r\n\r\nHTTP/1.1 103 Early\r\n\r\n"
    assert read(early + b"HTTP/1.1 202 OK\r\ncontent-length: 0\r\n\r\n")[0] == 202
    assert read(b"HTTP/1.1 100 Continue\r\n\r\n") == (0, None, False, False, False)


@pytest.mark.parametrize("rubbish", [b"zz\r\nhello\r\n", b"ffffffffffffffffffff\r\n", b"5\r\nhelloXX5\r\n", b"-1\r\n"])
def test_rubbish_in_a_body_leaves_the_status_and_ends_the_connection(rubbish: bytes) -> None:
    """The verdict does not depend on the body."""
    raw = b"HTTP/1.1 202 OK\r\ntransfer-encoding: chunked\r\n\r\n" + rubbish
    assert read(raw) == (202, None, False, True, False)


def test_whatever_comes_behind_an_answer_ends_the_connection() -> None:
    """Otherwise it would be taken for the answer to the next delivery."""
    whole = b"HTTP/1.1 202 OK\r\ncontent-length: 0\r\n\r\n"
    for behind in (b"x", whole, b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n"):
        assert read(whole + behind)[0] == 202
        assert not read(whole + behind)[4]
        assert not read(whole, behind)[4]


def test_a_body_without_end_is_read_as_far_as_the_limit() -> None:
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    assert read(head + b"x" * 100)[3] is False
    assert read(head + b"x" * ANSWER_BYTES)[3:] == (True, False)


ANSWERS = st.sampled_from([*BAD.values(), b"HTTP/1.1 202 OK\r\ncontent-length: 5\r\n\r\nhello", b"\r\n", b"0\r\n\r\n"])


@given(st.lists(st.one_of(st.binary(max_size=200), ANSWERS), max_size=6))
@example([b"HTTP/1.1 202 OK\r\ncontent-length: 0\r\n\r\n", b"\0"])
def test_any_bytes_end_in_a_status_or_a_refusal(parts: list[bytes]) -> None:
    """Nothing else is ever raised into the loop that called."""
    try:
        status, _, _, _, _ = read(*parts)
    except BadAnswer:
        return
    assert status == 0 or 200 <= status <= 999


@given(st.lists(st.integers(0, 70), max_size=8))
def test_an_answer_says_the_same_however_it_is_cut(cuts: list[int]) -> None:
    raw = b"HTTP/1.1 503 Later\r\nretry-after: 7\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    edges = [0, *sorted(min(cut, len(raw)) for cut in cuts), len(raw)]
    parts = [raw[start:end] for start, end in zip(edges, edges[1:], strict=False) if end > start]
    assert read(*parts) == (503, "7", False, True, True)
