"""Who may change a role or a state, and what that does at once."""

import asyncio

import pytest

from node.community import accounts, actors, journal, links, members, sessions
from node.community.facts import MemberStateChanged, RoleChanged
from node.errors import CommunityError, Invalid, NotAllowed, NotFound, Withdrawn
from node.models import Actor, ActorState, Member, MemberState, OneTimeLink, Role
from node.settings import Settings
from tests.node.community.joining import SENTENCE, SIGN_IN, VAI, add, facts, fresh, steward
from tests.node.community.people import BASE, NOW, member


@pytest.mark.parametrize("by", [Role.MEMBER, Role.EDITOR, Role.MODERATOR, Role.FEDERATION_ADMIN])
async def test_only_stewards_decide_about_roles(node_database: Settings, by: Role) -> None:
    """A-15."""
    decider, anna = await member("decider", "D", by), await member()

    for role in Role:
        with pytest.raises(NotAllowed):
            await members.set_role(anna, role, by=decider, now=NOW)

    assert ((await fresh(anna)).role, await facts()) == (Role.MEMBER, [])


async def test_a_role_is_changed_at_once_and_told(database: Settings) -> None:
    """A-16: the next request is already another's."""
    sina, anna = await steward(), await member()
    secret = await sessions.start(anna, agent="", now=NOW)
    await links.make_for(anna, SIGN_IN, now=NOW)

    await members.set_role(anna, Role.EDITOR, by=sina, now=NOW)
    await members.set_role(anna, Role.EDITOR, by=sina, now=NOW)

    assert ((await fresh(anna)).role, await sessions.find(secret, now=NOW)) == (Role.EDITOR, None)
    assert await facts() == [RoleChanged(anna.id, "member", "editor")]
    assert (await OneTimeLink.all().count(), await journal.verify_chain()) == (0, 1)


async def test_what_was_read_before_does_not_decide(database: Settings) -> None:
    """A steward who is none any more, or is disabled, decides nothing, whatever the request still holds."""
    sina, tui, anna = await steward(), await steward("tui_a"), await member()
    old_anna = await members.by_id(anna.id)
    await members.set_role(sina, Role.MEMBER, by=tui, now=NOW)
    await members.set_role(anna, Role.MODERATOR, by=tui, now=NOW)

    with pytest.raises(NotAllowed):
        await members.set_role(anna, Role.STEWARD, by=sina, now=NOW)
    with pytest.raises(NotAllowed):
        await members.set_state(old_anna, MemberState.DISABLED, by=sina, now=NOW)
    await members.set_role(old_anna, Role.EDITOR, by=tui, now=NOW)

    assert (await facts())[-1] == RoleChanged(anna.id, "moderator", "editor")


async def test_the_last_steward_stays(database: Settings) -> None:
    sina = await steward()

    for act in (
        members.set_role(sina, Role.MEMBER, by=sina, now=NOW),
        members.set_role(sina, Role.MEMBER, by=None, now=NOW),
        members.set_state(sina, MemberState.DISABLED, by=None, now=NOW),
    ):
        with pytest.raises(Invalid):
            await act

    assert ((await fresh(sina)).role, (await fresh(sina)).state) == (Role.STEWARD, MemberState.ACTIVE)


async def test_stewards_who_remove_one_another_leave_one(database: Settings) -> None:
    """A-25: locks, not a look before."""
    some = [await steward(f"steward_{number}") for number in range(2, 6)]
    pairs = zip(some, [*some[1:], some[0]], strict=True)

    results = await asyncio.gather(
        *(members.set_role(other, Role.MEMBER, by=each, now=NOW) for each, other in pairs), return_exceptions=True
    )

    left = await Member.filter(role=Role.STEWARD).count()
    assert left >= 1 and left == 4 - results.count(None)
    assert all(result is None or isinstance(result, CommunityError) for result in results)


@pytest.mark.parametrize(("by", "about"), [(Role.EDITOR, Role.MEMBER), (Role.MODERATOR, Role.STEWARD)])
async def test_nobody_disables_without_the_duty_or_upwards(node_database: Settings, by: Role, about: Role) -> None:
    decider, other = await member("decider", "D", by), await member("other", "O", about)

    with pytest.raises(NotAllowed):
        await members.set_state(other, MemberState.DISABLED, by=decider, now=NOW)

    assert (await fresh(other)).state is MemberState.ACTIVE


async def test_a_disabled_member_is_out_at_once_and_comes_back(database: Settings) -> None:
    """A-13, T-37: signed out everywhere, found nowhere."""
    sina, vai = await steward(), await add(VAI)
    secret = await sessions.start(vai, agent="", now=NOW)
    link = await links.make_for(vai, SIGN_IN, now=NOW)
    await members.set_state(vai, MemberState.DISABLED, by=sina, now=NOW)

    assert await sessions.find(secret, now=NOW) is None
    assert await members.sign_in("vai_tala", SENTENCE) is None
    assert await members.by_email("vai@people.example") is None
    for search in (
        links.use(link, SIGN_IN, now=NOW),
        actors.local("vai_tala"),
        accounts.named("vai_tala"),
        accounts.at(f"{BASE}/ap/u/vai_tala"),
    ):
        with pytest.raises(NotFound):
            await search

    await members.set_state(vai, MemberState.ACTIVE, by=sina, now=NOW)

    assert (await members.sign_in("vai_tala", SENTENCE)).id == vai.id
    assert (await accounts.named("vai_tala")).uri == f"{BASE}/ap/u/vai_tala"
    assert (await facts())[1:] == [
        MemberStateChanged(vai.id, "active", "disabled"),
        MemberStateChanged(vai.id, "disabled", "active"),
    ]


async def test_an_account_is_found_by_its_addresses(database: Settings) -> None:
    vai = await add(VAI)

    found = [await accounts.at(address) for address in (f"{BASE}/ap/u/vai_tala", f"{BASE}/@vai_tala")]

    assert found == [await accounts.named("VAI_TALA")] * 2
    await Actor.filter(id=vai.actor_id).update(state=ActorState.GONE)
    for search in (accounts.at(f"{BASE}/@vai_tala"), accounts.named("vai_tala")):
        with pytest.raises(Withdrawn):
            await search


async def test_members_are_listed_and_choose_how_to_be_spoken_to(database: Settings) -> None:
    sina, vai = await steward(), await add(VAI)

    await members.set_preferences(vai, locale="fr", time_zone="Pacific/Fiji", mail_notifications=False)
    await members.hide_welcome(vai)

    rows = await members.listing()
    assert [(row.id, row.actor.name, row.locale, row.time_zone) for row in rows] == [
        (vai.id, "vai_tala", "fr", "Pacific/Fiji"),
        (sina.id, "sina", "en", "UTC"),
    ]
    assert [(row.mail_notifications, row.welcome_hidden) for row in rows] == [(False, True), (True, False)]
    with pytest.raises(NotFound):
        await members.by_name("nobody")
    with pytest.raises(NotFound):
        await members.by_id(0)
