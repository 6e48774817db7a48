"""How the tests of trust follow, change and ask."""

from node.community import journal, trust
from node.community.facts import PolicyChanged
from node.community.trust import Outcome
from node.models import (
    Actor,
    Follow,
    FollowState,
    JournalEntry,
    Mode,
)
from node.policy import registry as book_keeping
from node.policy.registry import Change, Registry
from tests.node.community.people import LATER, NOW

OWN = "home.example"
FAR = ("far.example", "*.far.example")
BLOCK = Change(FAR, "T0", "spam")


ACCEPTED, PENDING, REFUSED, SUSPENDED = (
    FollowState.ACCEPTED,
    FollowState.PENDING,
    FollowState.REFUSED,
    FollowState.SUSPENDED,
)


async def opened(mode: Mode = Mode.OPEN) -> Registry:
    await book_keeping.start(mode, now=NOW)
    registry = Registry(own_host=OWN)
    await registry.refresh()
    return registry


async def follow(follower: Actor, target: Actor, state: FollowState) -> object:
    row = await Follow.create(follower=follower, target=target, state=state, created_at=NOW)
    return row.id


async def states() -> list[FollowState]:
    return [row.state for row in await Follow.all().order_by("id")]


async def change(wanted: Change, registry: Registry, by: int | None = None) -> Outcome:
    return await trust.change(wanted, registry=registry, by_member_id=by, now=NOW)


async def undo(batch: str, registry: Registry) -> tuple[str, ...]:
    return await trust.undo(batch, registry=registry, by_member_id=None, now=LATER)


async def standing() -> list[tuple[str, str]]:
    return [(row.pattern, row.preset) for row in await trust.entries()]


async def told() -> list[PolicyChanged]:
    facts = [journal.read(entry) for entry in await JournalEntry.all().order_by("id")]
    return [fact for fact in facts if isinstance(fact, PolicyChanged)]
