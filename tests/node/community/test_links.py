"""One-time links: once, for one purpose, for a while (T-55, A-12)."""

import asyncio
from datetime import timedelta

import pytest

from node.community import links
from node.errors import Invalid, NotFound, Withdrawn
from node.models import LinkPurpose, Member, MemberState, OneTimeLink, Role
from node.settings import Settings
from tests.node.community.people import LATER, NOW, member

SIGN_IN, INVITATION, PASSWORD = LinkPurpose.SIGN_IN, LinkPurpose.INVITATION, LinkPurpose.PASSWORD
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("secret", ["", "guess", "\udcff", "x" * 10_000])
async def test_a_made_up_link_opens_nothing(node_database: Settings, secret: str) -> None:
    await links.make_for(await member(), SIGN_IN, now=NOW)

    with pytest.raises(NotFound):
        await links.use(secret, SIGN_IN, now=NOW)


async def test_the_database_holds_nothing_that_opens_a_link(database: Settings) -> None:
    secret = await links.make_for(await member(), SIGN_IN, now=NOW)

    row = await OneTimeLink.get()
    assert len(secret) >= 43 and secret not in str(vars(row))
    with pytest.raises(NotFound):
        await links.use(row.token_hash, SIGN_IN, now=NOW)


async def test_of_a_hundred_at_once_exactly_one_gets_in(database: Settings) -> None:
    """A-12."""
    anna = await member()
    secret = await links.make_for(anna, SIGN_IN, now=NOW)

    results = await asyncio.gather(*(links.use(secret, SIGN_IN, now=NOW) for _ in range(100)), return_exceptions=True)

    used = [result for result in results if isinstance(result, OneTimeLink)]
    refused = [result for result in results if isinstance(result, Withdrawn)]
    assert ([link.member_id for link in used], len(refused)) == ([anna.id], 99)


async def test_looking_uses_nothing_up_and_using_does(database: Settings) -> None:
    """T-55: mail scanners follow links."""
    anna = await member()
    secret = await links.make_for(anna, SIGN_IN, now=NOW)
    seen = [(await links.look(secret, SIGN_IN, now=NOW)).member.actor.name for _ in range(2)]

    used = await links.use(secret, SIGN_IN, now=NOW)

    assert (seen, used.member.id) == (["anna", "anna"], anna.id)
    for again in (links.look, links.use):
        with pytest.raises(Withdrawn):
            await again(secret, SIGN_IN, now=NOW)


@pytest.mark.parametrize("purpose", [INVITATION, PASSWORD])
async def test_a_link_opens_nothing_else(node_database: Settings, purpose: LinkPurpose) -> None:
    secret = await links.make_for(await member(), SIGN_IN, now=NOW)

    with pytest.raises(NotFound):
        await links.use(secret, purpose, now=NOW)

    assert (await links.use(secret, SIGN_IN, now=NOW)).purpose is SIGN_IN


@pytest.mark.parametrize(("purpose", "minutes"), [(SIGN_IN, 10), (PASSWORD, 60)])
async def test_a_link_runs_out(node_database: Settings, purpose: LinkPurpose, minutes: int) -> None:
    """T-55: ten minutes to sign in, an hour for a password."""
    secret = await links.make_for(await member(), purpose, now=NOW)
    end = NOW + timedelta(minutes=minutes)
    assert await links.look(secret, purpose, now=end - SECOND)

    with pytest.raises(Withdrawn):
        await links.use(secret, purpose, now=end)


async def test_a_newer_link_ends_the_older_of_its_kind(database: Settings) -> None:
    anna, boris = await member(), await member("boris", "Boris")
    old = await links.make_for(anna, SIGN_IN, now=NOW)
    others = await links.make_for(boris, SIGN_IN, now=NOW)
    password = await links.make_for(anna, PASSWORD, now=NOW)

    new = await links.make_for(anna, SIGN_IN, now=NOW)

    with pytest.raises(Withdrawn):
        await links.use(old, SIGN_IN, now=NOW)
    for secret, purpose, whose in ((new, SIGN_IN, anna), (others, SIGN_IN, boris), (password, PASSWORD, anna)):
        assert (await links.use(secret, purpose, now=NOW)).member_id == whose.id


async def test_a_disabled_member_gets_in_by_no_link(database: Settings) -> None:
    """A-13."""
    anna = await member()
    secret = await links.make_for(anna, SIGN_IN, now=NOW)
    await Member.filter(id=anna.id).update(state=MemberState.DISABLED)

    with pytest.raises(NotFound):
        await links.use(secret, SIGN_IN, now=NOW)


async def test_what_would_sign_a_member_in_can_be_ended(database: Settings) -> None:
    """V-M22: what was used says so, the rest is gone."""
    anna, boris = await member(role=Role.STEWARD), await member("boris", "Boris")
    used, ready, others = [await links.make_for(who, SIGN_IN, now=NOW) for who in (anna, anna, boris)]
    invitation = await links.invite(by=anna, role=Role.MEMBER, email=None, now=NOW)

    ended = await links.end_all(anna.id)

    with pytest.raises(Withdrawn):
        await links.use(used, SIGN_IN, now=NOW)
    with pytest.raises(NotFound):
        await links.use(ready, SIGN_IN, now=NOW)
    assert (ended, (await links.use(others, SIGN_IN, now=NOW)).member_id) == (1, boris.id)
    assert (await links.use(invitation, INVITATION, now=NOW)).role is Role.MEMBER


async def test_old_links_are_swept_after_a_month(database: Settings) -> None:
    await links.make_for(await member(), SIGN_IN, now=NOW)
    end = NOW + timedelta(minutes=10) + timedelta(days=30)

    assert [await links.sweep(now=moment) for moment in (end - SECOND, end, end)] == [0, 1, 0]


@pytest.mark.parametrize("role", [Role.EDITOR, Role.STEWARD])
async def test_nobody_invites_above_themselves(node_database: Settings, role: Role) -> None:
    anna = await member()

    with pytest.raises(Invalid) as refused:
        await links.invite(by=anna, role=role, email=None, now=NOW)

    assert (list(refused.value.fields), await OneTimeLink.all().count()) == (["role"], 0)


async def test_an_invitation_to_no_address_is_refused(node_database: Settings) -> None:
    """T-91."""
    with pytest.raises(Invalid) as refused:
        await links.invite(by=None, role=Role.MEMBER, email="a@b.example, c@d.example", now=NOW)

    assert list(refused.value.fields) == ["email"]


async def test_open_invitations_are_listed_until_taken_withdrawn_or_over(database: Settings) -> None:
    anna = await member(role=Role.STEWARD)
    first = await links.invite(by=anna, role=Role.EDITOR, email="Vai@People.example", now=NOW)
    second = await links.invite(by=None, role=Role.MEMBER, email=None, now=LATER)
    third = await links.invite(by=anna, role=Role.MEMBER, email=None, now=LATER)
    await links.make_for(anna, SIGN_IN, now=LATER)
    rows = await links.open_invitations(now=LATER)
    shown = [(row.role, row.email, row.made_by_id) for row in rows]

    await links.use(third, INVITATION, now=LATER)
    await links.withdraw_invitation(rows[1].id, now=LATER)

    assert shown == [
        (Role.MEMBER, None, anna.id),
        (Role.MEMBER, None, None),
        (Role.EDITOR, "vai@people.example", anna.id),
    ]
    assert [row.role for row in await links.open_invitations(now=LATER)] == [Role.EDITOR]
    assert await links.open_invitations(now=NOW + timedelta(days=14)) == []
    for secret in (second, third):
        with pytest.raises(Withdrawn):
            await links.use(secret, INVITATION, now=LATER)
    assert (await links.use(first, INVITATION, now=LATER)).email == "vai@people.example"
