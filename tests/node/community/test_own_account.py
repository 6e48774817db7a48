"""A member leaves: what is theirs goes, the network keeps its records, the name is never free again. V-K13."""

import asyncio
from dataclasses import replace

import pytest

from node.community import events, links, members, own_account, posts, practices, sessions
from node.community.attachments import Picture
from node.community.members import NewMember
from node.community.once import Columns
from node.community.posts import PostDraft
from node.errors import Invalid, NotFound, Withdrawn
from node.models import (
    Actor,
    ActorState,
    Event,
    JournalEntry,
    LinkPurpose,
    Media,
    Member,
    MemberState,
    Notification,
    NotificationKind,
    OutgoingMail,
    Practice,
    Role,
    Session,
    Visibility,
)
from node.settings import Settings
from tests.node.community.people import BASE, LATER, MUCH_LATER, NOW, foreigner, home
from tests.node.community.test_events import WORKSHOP
from tests.node.community.test_practices import FULL

EMAIL = "anna@people.example"
PASSWORD = "a long sentence about mats"


async def joined(name: str = "anna", role: Role = Role.MEMBER, email: str = EMAIL) -> Member:
    new = NewMember(name, name.title(), email=email, password=PASSWORD, role=role)
    return await members.add(new, base=BASE, now=NOW)


async def picture(owner: Member, name: str) -> str:
    about: Columns = {"media_type": "image/webp", "bytes": 1, "width": 1, "height": 1, "created_at": NOW}
    await Media.create(public_id=name * 26, owner_id=owner.actor_id, path=f"{name}.webp", **about)
    return name * 26


async def test_the_last_steward_stays_and_keeps_everything(database: Settings) -> None:
    await home()
    anna = await joined(role=Role.STEWARD)
    post = await posts.publish(PostDraft("mine"), author=anna.actor, now=NOW)

    with pytest.raises(Invalid):
        await own_account.leave(anna, now=LATER)

    row = await Member.get(id=anna.id)
    assert (row.state, row.email, (await posts.standing(post.uri)).uri) == (MemberState.ACTIVE, EMAIL, post.uri)
    assert not await JournalEntry.filter(fact="ActorLeft").exists()


async def test_who_left_does_not_come_back_by_any_door(database: Settings) -> None:
    await home()
    anna = await joined()
    cookie = await sessions.start(anna, agent="x", now=NOW)
    link = await links.make_for(anna, LinkPurpose.SIGN_IN, now=NOW)

    await own_account.leave(anna, now=LATER)

    assert await sessions.find(cookie, now=LATER) is None
    assert await members.sign_in("anna", PASSWORD) is None
    assert (await members.by_email(EMAIL), await Session.all()) == (None, [])
    with pytest.raises((NotFound, Withdrawn)):
        await links.look(link, LinkPurpose.SIGN_IN, now=LATER)
    with pytest.raises(Invalid):
        await members.set_state(await members.by_id(anna.id), MemberState.ACTIVE, by=None, now=LATER)
    with pytest.raises((Invalid, Withdrawn)):
        await joined(email="other@people.example")


async def test_the_address_of_who_left_is_free(node_database: Settings) -> None:
    await home()
    await own_account.leave(await joined(), now=LATER)

    assert (await joined("anna_2")).email == EMAIL


async def test_drafts_notices_letters_and_pictures_go_records_stay(database: Settings) -> None:
    await home()
    anna, berta = await joined(role=Role.EDITOR), await foreigner()
    boris = await joined("boris", email="boris@people.example")
    lost, kept = await picture(anna, "a"), await picture(anna, "b")
    other = await picture(boris, "c")
    with_picture = replace(FULL, pictures=(Picture(kept, "A hall"),))
    record = await practices.publish(with_picture, by=anna, now=NOW)
    draft = await practices.publish(replace(FULL, title="Begun", visibility=Visibility.DRAFT), by=anna, now=NOW)
    theirs = await practices.publish(replace(FULL, title="Theirs", visibility=Visibility.DRAFT), by=boris, now=NOW)
    event = await events.publish_for_network(WORKSHOP, by=anna, now=NOW)
    begun = await events.publish_for_network(replace(WORKSHOP, visibility=Visibility.DRAFT), by=anna, now=NOW)
    post = PostDraft("mine", pictures=(Picture(lost, "Mine"),))
    await posts.publish(post, author=anna.actor, now=NOW)
    for member in (anna, boris):
        await Notification.create(member=member, kind=NotificationKind.FOLLOW, actor=berta, created_at=NOW)
        await OutgoingMail.create(message_id=member.email, to_address=member.email, subject="", text="", created_at=NOW)

    await own_account.leave(anna, now=LATER)
    await own_account.leave(await members.by_id(anna.id), now=MUCH_LATER)

    assert set(await Practice.all().values_list("uri", flat=True)) == {record.uri, theirs.uri}
    assert draft.uri not in {record.uri, theirs.uri}
    assert await Event.all().values_list("uri", flat=True) == [event.uri]
    assert begun.uri != event.uri
    assert set(await Media.all().values_list("public_id", flat=True)) == {kept, other}
    assert await Notification.all().values_list("member_id", flat=True) == [boris.id]
    assert await OutgoingMail.all().values_list("to_address", flat=True) == ["boris@people.example"]
    assert (await Actor.get(id=anna.actor_id)).state is ActorState.GONE


async def test_leaving_stands_in_the_audit_log_once_as_the_members_own_act(database: Settings) -> None:
    await home()
    anna = await joined()

    await own_account.leave(anna, now=LATER)
    await own_account.leave(await members.by_id(anna.id), now=MUCH_LATER)

    told = await JournalEntry.filter(fact__in=["MemberStateChanged", "ActorLeft"]).order_by("id")
    assert [(entry.fact, entry.by_member_id, entry.payload) for entry in told] == [
        ("MemberStateChanged", anna.id, {"member_id": anna.id, "before": "active", "after": "left"}),
        ("ActorLeft", anna.id, {"actor_id": anna.actor_id}),
    ]


async def test_an_address_goes_to_one_of_those_who_want_it_at_once(database: Settings) -> None:
    """A-25."""
    some = [await joined(f"person_{number}", email=f"person_{number}@people.example") for number in range(5)]

    results = await asyncio.gather(
        *(own_account.set_email(each, "wanted@people.example") for each in some), return_exceptions=True
    )

    assert sorted(type(result).__name__ for result in results) == ["Invalid"] * 4 + ["NoneType"]
    assert await Member.filter(email="wanted@people.example").count() == 1


async def test_a_link_that_was_mailed_to_the_old_address_ends_with_it(database: Settings) -> None:
    """V-M22."""
    anna = await joined()
    secret = await links.make_for(anna, LinkPurpose.SIGN_IN, now=NOW)

    await own_account.set_email(anna, "new@people.example")

    with pytest.raises(NotFound):
        await links.use(secret, LinkPurpose.SIGN_IN, now=NOW)
