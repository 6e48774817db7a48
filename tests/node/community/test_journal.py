"""The journal and the hash chain of governance entries, on both databases."""

import asyncio
from datetime import timedelta, timezone

import pytest

from node.community import journal
from node.community.facts import Fact, MemberJoined, MemberStateChanged, PolicyChanged, PostPublished, RoleChanged
from node.community.journal import BrokenChain
from node.database import atomic
from node.models import Job, JobState, JournalEntry, Role
from node.settings import Settings
from tests.node.community.people import LATER, NOW

BLOCKED = PolicyChanged("batch", 2, ("x.example", "*.x.example"), "", "T0", "spam")
PROMOTED = RoleChanged(7, Role.MEMBER, Role.STEWARD)


async def note(fact: Fact, by_member_id: int | None = 3) -> JournalEntry:
    async with atomic():
        return await journal.note(fact, at=NOW, by_member_id=by_member_id)


async def test_a_fact_is_noted_only_with_what_makes_it_true(node_database: Settings) -> None:
    with pytest.raises(RuntimeError):
        await journal.note(MemberJoined(1), at=NOW)

    assert await JournalEntry.all().count() == 0


async def test_a_fact_is_read_as_it_was_noted(database: Settings) -> None:
    for fact in (BLOCKED, PROMOTED, MemberJoined(4)):
        assert journal.read(await JournalEntry.get(id=(await note(fact)).id)) == fact


async def test_only_consumed_facts_have_jobs(database: Settings) -> None:
    entries = [await note(fact) for fact in (MemberJoined(1), PostPublished(2), BLOCKED)]

    jobs = await Job.all().order_by("id").values_list("kind", "key", "state", "due_at")
    assert jobs == [
        ("federate", str(entries[1].id), JobState.PENDING, NOW),
        ("admission", str(entries[2].id), JobState.PENDING, NOW),
    ]


async def test_the_chain_holds_governance_alone(database: Settings) -> None:
    """A-15, settled: policy, roles and moderation are linked, posts are not."""
    assert await journal.verify_chain() == 0
    for fact in (MemberJoined(1), BLOCKED, PostPublished(2), PROMOTED, MemberStateChanged(7, "active", "disabled")):
        await note(fact)

    assert await journal.verify_chain() == 3
    assert await JournalEntry.all().order_by("id").values_list("chain_no", flat=True) == [None, 1, None, 2, 3]


async def test_the_chain_holds_whatever_the_zone_of_the_moment(node_database: Settings) -> None:
    async with atomic():
        await journal.note(BLOCKED, at=LATER.astimezone(timezone(timedelta(hours=12))))

    assert await journal.verify_chain() == 1


async def test_entries_at_once_make_one_chain(database: Settings) -> None:
    """A-25."""
    await asyncio.gather(*(note(RoleChanged(number, "member", "editor")) for number in range(20)))

    assert await journal.verify_chain() == 20


@pytest.mark.parametrize(
    ("forged", "wanted"),
    [
        ({"payload": {"member_id": 7, "before": "member", "after": "moderator"}}, "governance entry 2 was changed"),
        ({"at": LATER}, "governance entry 2 was changed"),
        ({"fact": "MemberStateChanged"}, "governance entry 2 was changed"),
        ({"chain_hash": "0" * 64}, "governance entry 2 was changed"),
        ({"person_digest": "0" * 64}, "the people in governance entry 2 were changed"),
        ({"by_member_id": 4}, "the people in governance entry 2 were changed"),
        (
            {"payload": {"member_id": 8, "before": "member", "after": "steward"}},
            "the people in governance entry 2 were changed",
        ),
        ({"chain_no": 9}, "governance entry 2 is missing"),
        ({"chain_no": None}, "governance entry 2 stands outside the chain"),
    ],
)
async def test_a_forged_entry_breaks_the_chain(node_database: Settings, forged: dict[str, object], wanted: str) -> None:
    for fact in (BLOCKED, PROMOTED, BLOCKED):
        await note(fact)

    await JournalEntry.filter(chain_no=2).update(**forged)

    with pytest.raises(BrokenChain, match=f"^{wanted}$"):
        await journal.verify_chain()


async def test_a_missing_entry_breaks_the_chain(node_database: Settings) -> None:
    for fact in (BLOCKED, PROMOTED, BLOCKED):
        await note(fact)

    await JournalEntry.filter(chain_no=2).delete()

    with pytest.raises(BrokenChain, match="governance entry 2 is missing"):
        await journal.verify_chain()


async def test_people_can_be_erased_and_the_chain_holds(database: Settings) -> None:
    for fact in (BLOCKED, PROMOTED, BLOCKED):
        await note(fact)
    told = {"before": "member", "after": "steward", "member_id": None}

    await JournalEntry.filter(chain_no=2).update(by_member_id=None, payload=told, person_salt=None)

    assert await journal.verify_chain() == 3
    await JournalEntry.filter(chain_no=2).update(payload=told | {"after": "member"})
    with pytest.raises(BrokenChain):
        await journal.verify_chain()
