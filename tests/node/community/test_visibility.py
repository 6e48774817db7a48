"""Who may read what."""

import pytest

from node.community.visibility import ANONYMOUS, PARTNER, Readable, Viewer, listed_for, may_read
from node.models import Role, Visibility

STRANGER = Viewer(actor_id=9)
MEMBER = Viewer(actor_id=2, member_id=20, role=Role.MEMBER)
FOLLOWER = Viewer(actor_id=3, member_id=30, role=Role.MEMBER, follows=frozenset({1}))
EDITOR = Viewer(actor_id=4, member_id=40, role=Role.EDITOR)
AUTHOR = Viewer(actor_id=1, member_id=10, role=Role.MEMBER)
EVERYBODY = {"anonymous", "partner", "stranger", "member", "follower", "editor", "author"}
VIEWERS = {
    "anonymous": ANONYMOUS,
    "partner": PARTNER,
    "stranger": STRANGER,
    "member": MEMBER,
    "follower": FOLLOWER,
    "editor": EDITOR,
    "author": AUTHOR,
}


@pytest.mark.parametrize(
    ("visibility", "readers"),
    [
        (Visibility.PUBLIC, EVERYBODY),
        (Visibility.QUIET, EVERYBODY),
        (Visibility.NETWORK, {"partner", "member", "follower", "editor", "author"}),
        (Visibility.MEMBERS, {"member", "follower", "editor", "author"}),
        (Visibility.DRAFT, {"editor", "author"}),
        (Visibility.FOLLOWERS, {"follower", "author"}),
        (Visibility.DIRECT, {"author"}),
    ],
)
def test_each_visibility_has_exactly_these_readers(visibility: Visibility, readers: set[str]) -> None:
    """V-X01(b): followers-only posts are for accepted followers, not for all members."""
    thing = Readable(visibility, author_id=1)

    assert {name for name, viewer in VIEWERS.items() if may_read(viewer, thing)} == readers


def test_nobody_reads_what_was_withdrawn() -> None:
    thing = Readable(Visibility.PUBLIC, author_id=1, is_withdrawn=True)

    assert not any(may_read(viewer, thing) for viewer in VIEWERS.values())


def test_a_held_record_is_for_editors_and_for_those_who_asked_for_it() -> None:
    thing = Readable(Visibility.PUBLIC, author_id=1, is_held=True)

    assert {name for name, viewer in VIEWERS.items() if may_read(viewer, thing)} == {"follower", "editor"}


def test_who_is_named_reads_what_is_direct() -> None:
    thing = Readable(Visibility.DIRECT, author_id=1, mentioned=frozenset({2}))

    assert {name for name, viewer in VIEWERS.items() if may_read(viewer, thing)} == {"member", "author"}


def test_the_member_behind_a_group_s_draft_reads_it() -> None:
    thing = Readable(Visibility.DRAFT, author_id=100, owner_member_id=20)

    assert {name for name, viewer in VIEWERS.items() if may_read(viewer, thing)} == {"member", "editor"}


def test_lists_show_no_quiet_things() -> None:
    assert listed_for(ANONYMOUS) == {Visibility.PUBLIC}
    assert listed_for(PARTNER) == {Visibility.PUBLIC, Visibility.NETWORK}
    assert listed_for(MEMBER) == {Visibility.PUBLIC, Visibility.NETWORK, Visibility.MEMBERS}
