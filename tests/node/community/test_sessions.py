"""Sessions: how long they last, who they let in, and that looking writes nothing (T-51, A-13)."""

from datetime import datetime, timedelta

import pytest
from tortoise.exceptions import OperationalError

from node.community import sessions
from node.errors import Unavailable
from node.models import Member, MemberState, Role, Session
from node.settings import Settings
from tests.node.community.people import NOW, member

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)


async def start(who: Member, now: datetime = NOW, agent: str = "Firefox") -> str:
    return await sessions.start(who, agent=agent, now=now)


async def used_all_along(secret: str, until: datetime) -> None:
    found = await sessions.find(secret, now=NOW)
    await sessions.touch([found.session_id], now=until)


@pytest.mark.parametrize("secret", ["", "guess", "\udcff", "x" * 10_000])
async def test_nobody_is_let_in_by_a_made_up_token(node_database: Settings, secret: str) -> None:
    await start(await member())

    assert await sessions.find(secret, now=NOW) is None


async def test_the_database_holds_nothing_that_opens_a_session(database: Settings) -> None:
    """T-51: a leak of the table is of no use."""
    secret = await start(await member())

    row = await Session.get()
    assert len(secret) >= 43 and secret not in str(vars(row))
    assert row.token_hash == sessions.hashed(secret)
    assert await sessions.find(row.token_hash, now=NOW) is None


async def test_a_session_is_found_as_it_was_begun(database: Settings) -> None:
    anna = await member()
    secret = await start(anna, agent="a" * 500)

    found = await sessions.find(secret, now=NOW)

    row = await Session.get()
    assert (found.session_id, found.member.id, found.member.actor.name) == (row.id, anna.id, "anna")
    assert (found.csrf_token, found.proven_at, row.agent) == (row.csrf_token, NOW, "a" * 200)
    assert len({secret, found.csrf_token, await start(anna)}) == 3


@pytest.mark.parametrize(
    ("role", "lasts"),
    [
        (Role.MEMBER, 90 * DAY),
        (Role.EDITOR, 90 * DAY),
        (Role.MODERATOR, 12 * HOUR),
        (Role.FEDERATION_ADMIN, 12 * HOUR),
        (Role.STEWARD, 12 * HOUR),
    ],
)
async def test_a_session_ends_however_much_it_is_used(node_database: Settings, role: Role, lasts: timedelta) -> None:
    """T-51: 90 days, for those with duties 12 hours."""
    secret = await start(await member(role=role))
    await used_all_along(secret, NOW + lasts - SECOND)

    found = [await sessions.find(secret, now=NOW + lasts + away) is not None for away in (-SECOND, 0 * SECOND)]

    assert found == [True, False]


async def test_a_session_ends_after_two_weeks_unused(database: Settings) -> None:
    """T-51: idle 14 days."""
    anna = await member()
    left, kept = await start(anna), await start(anna)
    await sessions.touch([(await sessions.find(kept, now=NOW)).session_id], now=NOW + DAY)

    late = NOW + 14 * DAY
    found = [await sessions.find(secret, now=late) is not None for secret in (left, kept)]

    assert await sessions.find(left, now=late - SECOND) is not None
    assert (found, len(await sessions.of(anna, now=late))) == ([False, True], 1)
    assert (await sessions.sweep(now=late), await Session.all().count()) == (1, 1)
    assert (await sessions.sweep(now=late + 90 * DAY), await Session.all().count()) == (1, 0)


@pytest.mark.parametrize("state", [MemberState.DISABLED, MemberState.LEFT])
async def test_who_is_not_active_is_let_in_nowhere(database: Settings, state: MemberState) -> None:
    """T-51: on the next request."""
    anna = await member()
    secret = await start(anna)

    await Member.filter(id=anna.id).update(state=state)

    assert await sessions.find(secret, now=NOW) is None


async def test_looking_writes_nothing(node_database: Settings) -> None:
    secret = await start(await member())
    before = await Session.all().values()

    await sessions.find(secret, now=NOW + DAY)

    assert await Session.all().values() == before


async def test_one_ends_only_sessions_of_ones_own(database: Settings) -> None:
    """V-M25."""
    anna, boris = await member(), await member("boris", "Boris")
    secret = await start(anna)
    number = (await sessions.find(secret, now=NOW)).session_id

    await sessions.end(number, member=boris)
    still = await sessions.find(secret, now=NOW) is not None
    await sessions.end(number, member=anna)

    assert (still, await sessions.find(secret, now=NOW)) == (True, None)


async def test_all_sessions_of_a_member_end_but_the_one_at_hand(database: Settings) -> None:
    anna, boris = await member(), await member("boris", "Boris")
    first, second, third, other = [await start(who) for who in (anna, anna, anna, boris)]
    at_hand = (await sessions.find(second, now=NOW)).session_id

    ended = await sessions.end_all(anna.id, but=at_hand)

    found = [await sessions.find(secret, now=NOW) is not None for secret in (first, second, third, other)]
    assert (ended, found) == (2, [False, True, False, True])
    assert (await sessions.end_all(anna.id), await Session.all().count()) == (1, 1)


async def test_a_proof_is_fresh_for_a_quarter_of_an_hour(node_database: Settings) -> None:
    """T-58."""
    secret = await start(await member())
    later = NOW + HOUR
    number = (await sessions.find(secret, now=NOW)).session_id
    stale = (await sessions.find(secret, now=later)).is_fresh(later)

    await sessions.prove(number, now=later)

    found = await sessions.find(secret, now=later)
    quarter = later + timedelta(minutes=15)
    assert (stale, found.is_fresh(quarter), found.is_fresh(quarter + SECOND)) == (False, True, False)


async def test_an_outage_while_noting_is_told_as_one(node_database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever notes the use of sessions goes on a minute later; anything else is a fault of ours."""

    class Away:
        def __init__(self, error: Exception) -> None:
            self.error = error

        def filter(self, **_: object) -> None:
            raise self.error

    for raised, told in (
        (OperationalError("database is locked"), Unavailable),
        (OperationalError("no such column: usd_at"), OperationalError),
    ):
        monkeypatch.setattr(sessions, "Session", Away(raised))
        with pytest.raises(told):
            await sessions.touch([1], now=NOW)
