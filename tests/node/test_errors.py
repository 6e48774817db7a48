"""What strangers see of an error never contains what the operator reads."""

from typing import cast

import pytest

from node import errors
from node.errors import CommunityError, Invalid, Later


def _tree(root: type[CommunityError]) -> list[type[CommunityError]]:
    return [root, *(found for child in root.__subclasses__() for found in _tree(child))]


OWN = [each for each in _tree(CommunityError) if each.__module__ == errors.__name__]


@pytest.mark.parametrize("kind", OWN)
def test_the_public_text_is_a_sentence_without_the_operators_words(kind: type[CommunityError]) -> None:
    error = kind("row 17 of table x")

    assert "row 17" in str(error)
    assert "row 17" not in kind.public_text
    assert kind.public_text.endswith(".")


def test_a_form_learns_what_to_change_field_by_field() -> None:
    error = Invalid({"name": "is missing", "": "Nothing was saved."})

    assert dict(error.fields) == {"name": "is missing", "": "Nothing was saved."}
    assert str(error) == "name: is missing; Nothing was saved."
    assert dict(Invalid("too long").fields) == {"": "too long"}


def test_whoever_should_come_back_is_told_when() -> None:
    assert {cast(type[Later], kind)("busy", retry_after=7).retry_after for kind in _tree(Later)} == {7}


def test_every_kind_is_drawn_in_the_tree() -> None:
    assert [each.__name__ for each in OWN if each.__name__ not in str(errors.__doc__)] == []
