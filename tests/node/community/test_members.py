"""Members: joining, roles, disabling; at once, and for both databases (A-13, A-25, V-M22, V-K13)."""

import asyncio

import pytest

from node.community import links, members, passwords, sessions
from node.community.facts import MemberJoined
from node.community.members import NewMember
from node.errors import Conflict, Invalid, Withdrawn
from node.models import Actor, ActorState, Member, MemberState, OneTimeLink, Role, Session
from node.settings import Settings
from tests.node.community.joining import SENTENCE, SIGN_IN, VAI, add, facts, join, steward
from tests.node.community.people import BASE, NOW, member


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewMember("Anna", "Anna"), "name"),
        (NewMember("admin", "Admin"), "name"),
        (NewMember("fr", "Français"), "name"),
        (NewMember("sdg16", "Goal"), "name"),
        (NewMember("vai_tala", "Vai", "vai@people"), "email"),
        (NewMember("vai_tala", "Vai", "vai@people.example\nbcc: x@y.example"), "email"),
        (NewMember("vai_tala", "Vai", None, "short"), "password"),
        (NewMember("vai_tala", "Vai", None, "here is vai_tala"), "password"),
    ],
)
async def test_who_cannot_be_taken_leaves_no_trace(node_database: Settings, new: NewMember, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        await add(new)

    assert list(refused.value.fields) == [field]
    assert (await Actor.all().count(), await Member.all().count(), await facts()) == (0, 0, [])


async def test_a_name_and_an_address_are_given_once(database: Settings) -> None:
    """V-K13, A-25: also to those who come at the same time."""
    results = await asyncio.gather(
        *(add(NewMember(name, "Vai", "VAI@people.example")) for name in ("vai_one", "vai_two", "vai_one")),
        return_exceptions=True,
    )

    kinds = sorted(type(result).__name__ for result in results)
    assert kinds in (["Conflict", "Conflict", "Member"], ["Conflict", "Invalid", "Member"])
    assert (await Member.all().count(), await Actor.all().count(), len(await facts())) == (1, 1, 1)


async def test_a_name_never_returns(node_database: Settings) -> None:
    """V-K13."""
    vai = await add(VAI)
    await Actor.filter(id=vai.actor_id).update(state=ActorState.GONE)

    with pytest.raises(Invalid):
        await add(NewMember("vai_tala", "Somebody else"))


async def test_a_member_is_kept_as_told(database: Settings) -> None:
    vai = await add(VAI)

    row = await members.by_name("VAI_tala")
    assert (row.id, row.email, row.role, row.state) == (vai.id, "vai@people.example", Role.MEMBER, MemberState.ACTIVE)
    assert str(row.password_hash).startswith("$argon2id$") and SENTENCE not in str(row.password_hash)
    assert (row.actor.uri, row.actor.display_name) == (f"{BASE}/ap/u/vai_tala", "Vai Tala")
    assert await facts() == [MemberJoined(vai.id)]


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("vai_tala", "another sentence"),
        ("nobody", SENTENCE),
        ("vai_tala", ""),
        ("nopass", ""),
        ("", ""),
        ("@", SENTENCE),
    ],
)
async def test_nobody_signs_in_with_less(node_database: Settings, name: str, password: str) -> None:
    await add(VAI)
    await add(NewMember("nopass", "No Password"))

    assert await members.sign_in(name, password) is None


@pytest.mark.parametrize("name", ["vai_tala", "@Vai_Tala", " vai@PEOPLE.example "])
async def test_name_or_address_and_password_sign_in(database: Settings, name: str) -> None:
    vai = await add(VAI)

    assert (await members.sign_in(name, SENTENCE)).id == vai.id
    assert (await members.by_email(" Vai@people.example ")).id == vai.id


async def test_an_invitation_is_taken_once_however_many_come(database: Settings) -> None:
    """A-12, A-25."""
    secret = await links.invite(by=None, role=Role.EDITOR, email=None, now=NOW)
    people = [NewMember(f"person_{number}", "Person") for number in range(20)]

    results = await asyncio.gather(*(join(secret, each) for each in people), return_exceptions=True)

    joined = [result for result in results if isinstance(result, Member)]
    assert sorted({type(result).__name__ for result in results}) == ["Member", "Spent"]
    assert ([each.role for each in joined], await Member.all().count(), await Actor.all().count()) == (
        [Role.EDITOR],
        1,
        1,
    )


async def test_an_invitation_that_was_answered_badly_still_stands(database: Settings) -> None:
    await add(NewMember("taken", "Taken", "taken@people.example"))
    secret = await links.invite(by=None, role=Role.MEMBER, email=None, now=NOW)
    for new, error in (
        (NewMember("taken", "Vai"), Invalid),
        (NewMember("vai_tala", "Vai", "taken@people.example"), Conflict),
        (NewMember("vai_tala", "Vai", None, "weak"), Invalid),
    ):
        with pytest.raises(error):
            await join(secret, new)

    assert (await join(secret)).email == "vai@people.example"


async def test_an_invitation_decides_about_role_and_address(database: Settings) -> None:
    inviter = await steward()
    secret = await links.invite(by=inviter, role=Role.MODERATOR, email="meant@people.example", now=NOW)

    vai = await join(secret, NewMember("vai_tala", "Vai", "other@people.example", SENTENCE, Role.STEWARD))

    assert (vai.role, vai.email, vai.invited_by_id) == (Role.MODERATOR, "meant@people.example", inviter.id)


@pytest.mark.parametrize("change", [{"role": Role.EDITOR}, {"state": MemberState.DISABLED}])
async def test_an_invitation_grants_no_more_than_its_maker_may_now(
    database: Settings, change: dict[str, object]
) -> None:
    inviter = await steward()
    secret = await links.invite(by=inviter, role=Role.MODERATOR, email=None, now=NOW)
    await Member.filter(id=inviter.id).update(**change)

    with pytest.raises(Withdrawn):
        await join(secret)

    assert (await Member.all().count(), (await OneTimeLink.get()).used_at) == (1, None)


async def test_a_password_is_hashed_before_anything_is_locked(
    node_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hash takes its time; nobody else's writing may wait for it."""
    secret = await links.invite(by=None, role=Role.MEMBER, email=None, now=NOW)

    async def hash_of(_: str) -> str:
        await add(NewMember("meanwhile", "Somebody who writes"))
        return "hash"

    monkeypatch.setattr(passwords, "hash_of", hash_of)

    assert (await join(secret)).password_hash == "hash"


async def test_a_new_password_ends_what_the_old_one_opened(database: Settings) -> None:
    """V-M22: no session and no link is left, but the session at hand if it is kept."""
    vai, other = await add(VAI), await member()
    kept, _, _ = [await sessions.start(vai, agent="", now=NOW) for _ in range(3)]
    await sessions.start(other, agent="", now=NOW)
    await links.make_for(vai, SIGN_IN, now=NOW)
    at_hand = (await sessions.find(kept, now=NOW)).session_id

    vai = await members.by_id(vai.id)
    with pytest.raises(Invalid):
        await members.set_password(vai, "weak", keep_session=at_hand)
    before = await Session.filter(member_id=vai.id).count()
    await members.set_password(vai, "quite another sentence", keep_session=at_hand)
    after = (await Session.filter(member_id=vai.id).values_list("id", flat=True), await OneTimeLink.all().count())
    await members.set_password(vai, "and yet another sentence", keep_session=None)

    assert (before, after) == (3, ([at_hand], 0))
    assert await Session.all().values_list("member_id", flat=True) == [other.id]
    assert [
        await members.sign_in("vai_tala", tried) is not None
        for tried in (SENTENCE, "quite another sentence", "and yet another sentence")
    ] == [False, False, True]
