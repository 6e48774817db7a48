"""The digest of followers and its header. FEP-8fcf."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import Malformed
from federation.followers_sync import digest_of, header_of, read_header

KNOWN = "c33f48cd341ef046a206b8a72ec97af65079f9a3a9b90eef79c5920dce45c61f"
"""Of the two ids in the text of the standard."""
TWO = ["https://testing.example.org/users/1", "https://testing.example.org/users/2"]
COLLECTION, URL = "https://far.example/users/a/followers", "https://far.example/users/a/followers_synchronization"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "digest",
        f'collectionId="{COLLECTION}", url="{URL}"',
        f'collectionId="{COLLECTION}", url="{URL}", digest="{KNOWN[:-1]}"',
        f'collectionId="{COLLECTION}", url="{URL}", digest="{"z" * 64}"',
        f'collectionId="{COLLECTION}", url="https://evil.example/x", digest="{KNOWN}"',
        f'collectionId="{COLLECTION}", url="file:///etc/passwd", digest="{KNOWN}"',
        f'collectionId="{COLLECTION}", url="{URL}", digest="{KNOWN}", digest="{KNOWN}"',
        header_of(COLLECTION, URL, KNOWN) + ', more="1"',
        header_of(COLLECTION, URL, KNOWN) + " " * 9_000,
    ],
)
def test_anything_else_is_malformed(value: str) -> None:
    with pytest.raises(Malformed):
        read_header(value)


@given(st.text(max_size=200))
def test_no_text_raises_anything_else(value: str) -> None:
    try:
        read_header(value)
    except Malformed:
        return


def test_the_digest_is_that_of_the_standard_in_any_order_and_of_nobody_zero() -> None:
    assert digest_of(TWO) == digest_of(TWO[::-1]) == digest_of(TWO * 2) == KNOWN
    assert digest_of([]) == "0" * 64


def test_a_header_reads_as_it_was_written() -> None:
    told = read_header(header_of(COLLECTION, URL, KNOWN.upper()))

    assert (told.collection.text, told.url.text, told.digest) == (COLLECTION, URL, KNOWN)
