"""Public ids: their shape, their order, and that they can't be guessed from the time alone."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.identifiers import is_public_id, new_public_id
from tests.clock import START


@pytest.mark.parametrize(
    "text",
    ["", "1", "0" * 25, "0" * 27, "8" + "0" * 25, "0" * 25 + "u", "0" * 25 + "I", "0" * 25 + "\n", "\u0660" * 26],
)
def test_other_text_is_not_an_id(text: str) -> None:
    assert not is_public_id(text)


def test_too_little_chance_is_refused() -> None:
    with pytest.raises(ValueError, match="10 random bytes"):
        new_public_id(START, b"\0" * 9)


def test_an_id_is_written_in_lower_case_base32() -> None:
    assert new_public_id(START, b"\0" * 10) == "01kjmma2g00000000000000000"
    assert new_public_id(START, b"\xff" * 10) == "01kjmma2g0zzzzzzzzzzzzzzzz"


@given(st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10), st.integers(1, 10**12))
def test_ids_sort_as_their_times_do(early: bytes, late: bytes, milliseconds: int) -> None:
    first = new_public_id(START, early)
    second = new_public_id(START + timedelta(milliseconds=milliseconds), late)

    assert first < second
    assert is_public_id(first) and is_public_id(second)


@given(st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_other_chance_gives_another_id(one: bytes, other: bytes) -> None:
    assert (new_public_id(START, one) == new_public_id(START, other)) == (one == other)
