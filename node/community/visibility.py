"""Who may read what: the one rule that every read asks. Pure: no clock, no network, no database."""

from dataclasses import dataclass
from typing import assert_never

from node.community.roles import is_at_least
from node.models import Role, Visibility

OPEN = frozenset({Visibility.PUBLIC, Visibility.QUIET})
"""Readable for everybody who has the address."""


@dataclass(frozen=True, slots=True)
class Distance:
    """Some people, and everybody of some hosts."""

    people: frozenset[int] = frozenset()
    hosts: frozenset[str] = frozenset()

    def holds(self, actor_id: int, host: str) -> bool:
        """Tell whether somebody belongs to them."""
        return actor_id in self.people or host in self.hosts


NEAR = Distance()
"""Nobody is kept away."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks.

    Args:
        actor_id: the reader's actor; None for a visitor.
        member_id: the reader's account here; None for visitors and for other servers.
        role: the member's role.
        is_partner: the reader is a server with the read grant `network`.
        follows: actors that accepted this reader as a follower; asked-for follows don't count.
        apart: whom the reader blocks or is blocked by; neither reads the other.
        muted: whom the reader does not want to see in lists.
    """

    actor_id: int | None = None
    member_id: int | None = None
    role: Role | None = None
    is_partner: bool = False
    follows: frozenset[int] = frozenset()
    apart: Distance = NEAR
    muted: Distance = NEAR

    @property
    def is_member(self) -> bool:
        """Whether the reader has an account here."""
        return self.member_id is not None


ANONYMOUS = Viewer()
PARTNER = Viewer(is_partner=True)


@dataclass(frozen=True, slots=True)
class Readable:
    """What the rule needs to know of an object.

    Args:
        author_id: the actor who wrote or published it.
        author_host: where that actor lives.
        owner_member_id: the member behind a record or event that a Group published.
        mentioned: actors named in it.
        is_silenced: its author is suspended, by a moderator, by policy, or by their own server.
        is_held: a foreign record or event that no editor has let into the library yet.
    """

    visibility: Visibility
    author_id: int
    author_host: str = ""
    owner_member_id: int | None = None
    mentioned: frozenset[int] = frozenset()
    is_withdrawn: bool = False
    is_held: bool = False
    is_silenced: bool = False


def may_read(viewer: Viewer, thing: Readable) -> bool:
    """Tell whether `viewer` may read `thing`. Spec: security V-X01(b)."""
    if thing.is_withdrawn or (thing.is_held and not _may_see_held(viewer, thing)):
        return False
    if thing.is_silenced and not is_at_least(viewer.role, Role.MODERATOR):
        return False
    if viewer.apart.holds(thing.author_id, thing.author_host):
        return False
    match thing.visibility:
        case Visibility.PUBLIC | Visibility.QUIET:
            return True
        case Visibility.NETWORK:
            return viewer.is_member or viewer.is_partner
        case Visibility.MEMBERS:
            return viewer.is_member
        case Visibility.DRAFT:
            return is_own(viewer, thing) or is_at_least(viewer.role, Role.EDITOR)
        case Visibility.FOLLOWERS:
            return is_own(viewer, thing) or thing.author_id in viewer.follows or viewer.actor_id in thing.mentioned
        case Visibility.DIRECT:
            return is_own(viewer, thing) or viewer.actor_id in thing.mentioned
        case _:
            assert_never(thing.visibility)


def _may_see_held(viewer: Viewer, thing: Readable) -> bool:
    """Editors decide about it; who follows its publisher asked for it."""
    return is_at_least(viewer.role, Role.EDITOR) or thing.author_id in viewer.follows


def is_own(viewer: Viewer, thing: Readable) -> bool:
    """Tell whether the viewer wrote it."""
    if viewer.member_id is not None and viewer.member_id == thing.owner_member_id:
        return True
    return viewer.actor_id is not None and viewer.actor_id == thing.author_id


def listed_for(viewer: Viewer) -> frozenset[Visibility]:
    """Return the visibilities that lists and search show to `viewer`; quiet things are in no list."""
    if viewer.is_member:
        return frozenset({Visibility.PUBLIC, Visibility.NETWORK, Visibility.MEMBERS})
    if viewer.is_partner:
        return frozenset({Visibility.PUBLIC, Visibility.NETWORK})
    return frozenset({Visibility.PUBLIC})
