"""Move: our people follow an account to where it went, if both accounts say so, and not for ever."""

import pytest

from inbox.handlers import move as handler
from node.community import avoidances, follows
from node.models import Actor, AvoidanceKind, Follow, Job, Notification, NotificationKind
from tests.inbox.strangers import introduce
from tests.inbox.test_door_keys import documents
from tests.inbox.test_handlers import befriended, told
from tests.peers.actors import Json, PeerActor
from tests.standing import INBOXES, Company


def moving(company: Company, who: PeerActor, to: str, **more: object) -> Json:
    return company.good.activity("Move", who, who.uri) | {"target": to} | more


def newcomer(company: Company, *aliases: str, name: str = "rosa_new", **more: object) -> PeerActor:
    """Let somebody at third.test say that they were `aliases`."""
    actor = company.third.actor(name)
    company.third.handlers[f"/users/{name}"] = documents(actor.document() | {"alsoKnownAs": list(aliases), **more})
    return actor


async def outcome(company: Company) -> tuple[str, str]:
    """Return what became of the errand."""
    job = await Job.get(kind="fetch", key__startswith="move ")
    return job.state.value, job.reason


async def followed() -> list[str]:
    rows = await Follow.all().order_by("id").select_related("target")
    return [row.target.uri for row in rows]


async def test_without_a_link_back_nobody_is_moved(company: Company) -> None:
    """T-20: fetched fresh, whatever we knew."""
    rosa = await befriended(company)
    new = newcomer(company, f"{rosa.uri}x", company.evil.base)

    await told(company, company.good, moving(company, rosa, new.uri), rosa)

    assert await outcome(company) == ("dead", f"{new.uri} does not say that it was {rosa.uri}")
    assert await followed() == [rosa.uri]
    assert (await Actor.get(uri=rosa.uri)).moved_at is None


async def test_a_chain_of_moves_moves_nobody(company: Company) -> None:
    """T-20: who takes somebody over has to stay where it is."""
    rosa = await befriended(company)
    names = [f"rosa{number}" for number in range(10)]
    uris = [company.third.actor(name).uri for name in names]
    for place, name in enumerate(names[:-1]):
        newcomer(company, rosa.uri, *uris, name=name, movedTo=uris[place + 1])

    for uri in uris[:-1]:
        await told(company, company.good, moving(company, rosa, uri), rosa)
        company.home.clock.advance(handler.PAUSE.total_seconds())
        await company.home.work()

    assert await followed() == [rosa.uri]
    assert await outcome(company) == ("dead", f"{uris[-2]} has itself moved on")


@pytest.mark.parametrize("about", ["other", "nothing", "itself"])
async def test_an_actor_moves_itself_and_to_another_one(company: Company, about: str) -> None:
    """V-G01."""
    rosa, eve = await befriended(company), await introduce(company, company.evil, "eve")
    forged = {
        "other": company.evil.activity("Move", eve, rosa.uri) | {"target": eve.uri},
        "nothing": company.evil.activity("Move", eve, eve.uri),
        "itself": company.evil.activity("Move", eve, eve.uri) | {"target": eve.uri},
    }[about]

    assert await told(company, company.evil, forged, eve) == "ignored: an actor moves itself, and to another one"
    assert await followed() == [rosa.uri]


@pytest.mark.parametrize("inbox", INBOXES)
async def test_nobody_is_moved_by_another_s_word(company: Company, inbox: str) -> None:
    rosa, eve = await befriended(company), await introduce(company, company.evil, "eve")
    new = newcomer(company, rosa.uri)

    assert (await company.home.post(company.evil, moving(company, rosa, new.uri), eve, inbox)).status == 401
    await company.home.work()

    assert await followed() == [rosa.uri]


async def test_a_move_of_somebody_nobody_follows_fetches_nothing(company: Company) -> None:
    rosa = await introduce(company, company.good, "rosa")
    new = newcomer(company, rosa.uri)

    assert (
        await told(company, company.good, moving(company, rosa, new.uri), rosa) == "ignored: nobody here follows them"
    )
    assert company.third.requests == []


async def test_our_people_go_along_once_a_week_and_are_told(company: Company) -> None:
    """T-20, T-19: a repeat changes nothing, a second Move within a week neither."""
    home = company.home
    rosa = await befriended(company)
    new, later = newcomer(company, rosa.uri), newcomer(company, rosa.uri, name="rosa_later")
    first = moving(company, rosa, new.uri)
    for _ in range(2):
        assert (await told(company, company.good, first, rosa)).startswith("done")

    assert await followed() == [new.uri]
    assert [entry.activity["type"] for entry in company.third.received] == ["Follow"]
    assert [entry.activity["type"] for entry in company.good.received] == ["Follow", "Undo"]
    note = await Notification.get(kind=NotificationKind.MOVE).select_related("actor")
    assert (note.member_id, note.actor.uri, note.object_uri) == (home.amina.id, new.uri, rosa.uri)

    await follows.ask(home.amina.actor, await Actor.get(uri=rosa.uri), now=home.now)
    again = await told(company, company.good, moving(company, rosa, later.uri), rosa)
    assert again == f"ignored: NotAllowed: {rosa.uri} has moved within the last 7 days"
    home.clock.advance(7 * 24 * 3600)
    later_move = await told(company, company.good, moving(company, rosa, later.uri), rosa)
    assert later_move.startswith("done")
    assert later.uri in await followed()


async def test_nobody_is_led_where_policy_or_a_block_forbids(company: Company) -> None:
    home = company.home
    rosa = await befriended(company)
    other = await home.member("bela_one")
    row = await Actor.get(uri=rosa.uri)
    await follows.ask(other.actor, row, now=home.now)
    await avoidances.avoid("third.test", AvoidanceKind.BLOCK, by=other, now=home.now)
    new = newcomer(company, rosa.uri)
    await told(company, company.good, moving(company, rosa, new.uri), rosa)
    assert sorted(await followed()) == sorted([rosa.uri, new.uri])

    await home.decide("T0", "third.test")
    home.clock.advance(8 * 24 * 3600)
    again = newcomer(company, rosa.uri, name="rosa_again")
    await told(company, company.good, moving(company, rosa, again.uri), rosa)
    assert (await outcome(company))[1] == "policy does not admit third.test"
