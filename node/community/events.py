"""Events of our own: the network's, published by its Group, and members', published by themselves."""

from datetime import datetime

from node.chance import public_id
from node.community import actors, addresses, attachments, erasure, journal, marks, search_entries
from node.community.event_rules import CheckedEvent, EventDraft, checked
from node.community.event_values import columns_of, place_line
from node.community.facts import EventChanged, EventPublished, EventWithdrawn
from node.community.marks import Written, written
from node.community.roles import is_at_least
from node.community.search_entries import Findable
from node.database import atomic
from node.errors import Invalid, NotAllowed, NotFound, Withdrawn
from node.i18n import gettext as _
from node.models import Actor, ActorKind, Event, EventStatus, Media, Member, Role, Visibility
from node.text.allowed import Subset
from node.text.plain import plain_text

GROUP = "events"
Pictures = list[tuple[Media, str]]


async def publish(draft: EventDraft, *, by: Member, now: datetime) -> Event:
    """Publish a member's own event; the Group passes it on.

    Raises:
        Invalid: what to change, field by field.
    """
    return await _publish(draft, publisher=await Actor.get(id=by.actor_id), by=by, now=now)


async def publish_for_network(draft: EventDraft, *, by: Member, now: datetime) -> Event:
    """Publish an event of the network itself, by its Group.

    Raises:
        NotAllowed: the member is no editor.
        Invalid: what to change, field by field.
    """
    if not is_at_least(by.role, Role.EDITOR):
        raise NotAllowed("only editors publish for the network")
    return await _publish(draft, publisher=await actors.local(GROUP), by=by, now=now)


async def _publish(draft: EventDraft, *, publisher: Actor, by: Member, now: datetime) -> Event:
    ready = checked(draft)
    author = await Actor.get(id=by.actor_id)
    text = await written(ready.draft.text, author=author, subset=Subset.ARTICLE)
    pictures = await attachments.chosen(draft.pictures, owner=author)
    base, fresh = addresses.base_of(publisher), public_id(now)
    is_draft = draft.visibility is Visibility.DRAFT
    async with atomic():
        event = await Event.create(
            **columns_of(ready, content_html=text.html),
            uri=addresses.event_uri(base, fresh),
            public_id=fresh,
            publisher=publisher,
            author=by,
            is_local=True,
            url=addresses.event_page(base, fresh),
            published_at=None if is_draft else now,
            updated_at=now,
        )
        await _hang_on(event, ready, text, pictures, now=now)
        if not is_draft:
            await journal.note(EventPublished(event.id), at=now, by_member_id=by.id)
    return event


async def change(uri: str, draft: EventDraft, *, by: Member, now: datetime) -> Event:
    """Change an event of ours; calendars learn of it by the next sequence number.

    Raises:
        NotFound, Withdrawn: no such event of ours.
        NotAllowed: somebody else's; editors may change those of the network.
        Invalid: what to change; a published event doesn't become a draft again.
    """
    before = await standing(uri)
    _require_may_change(before, by)
    if before.published_at is not None and draft.visibility is Visibility.DRAFT:
        raise Invalid({"visibility": _("It is published already. Cancel or withdraw it.")})
    ready, author = checked(draft), await Actor.get(id=by.actor_id)
    text = await written(ready.draft.text, author=author, subset=Subset.ARTICLE)
    pictures = await attachments.chosen(draft.pictures, owner=author, already_at=uri)
    async with atomic():
        event = await Event.select_for_update().get(id=before.id)
        event.update_from_dict(columns_of(ready, content_html=text.html))
        event.updated_at = now
        was_published = event.published_at is not None
        if was_published:
            event.sequence += 1
        elif event.visibility is not Visibility.DRAFT:
            event.published_at = now
        await event.save()
        await _hang_on(event, ready, text, pictures, now=now)
        if was_published:
            await journal.note(EventChanged(event.id, event.sequence), at=now, by_member_id=by.id)
        elif event.published_at is not None:
            await journal.note(EventPublished(event.id), at=now, by_member_id=by.id)
    return event


async def cancel(uri: str, *, by: Member, now: datetime) -> Event:
    """Say that an event of ours doesn't take place; everybody who got it is told. Raises like `change`."""
    before = await standing(uri)
    _require_may_change(before, by)
    if before.status is EventStatus.CANCELLED:
        return before
    async with atomic():
        event = await Event.select_for_update().get(id=before.id)
        event.status, event.updated_at = EventStatus.CANCELLED, now
        event.sequence += 1
        await event.save()
        if event.published_at is not None:
            await journal.note(EventChanged(event.id, event.sequence), at=now, by_member_id=by.id)
    return event


async def withdraw(uri: str, *, by: Member, now: datetime) -> Event:
    """Delete an event of ours; its address answers "deleted" from now on. A second time changes nothing.

    Raises:
        NotFound: no such event of ours.
        NotAllowed: somebody else's, and not a moderator.
    """
    event = await Event.get_or_none(uri=uri, is_local=True).select_related("publisher")
    if event is None:
        raise NotFound(f"no event {uri[:200]} of ours")
    if not is_at_least(by.role, Role.MODERATOR):
        _require_may_change(event, by)
    if event.withdrawn_at is not None:
        return event
    async with atomic():
        event.withdrawn_at = now
        event.sequence += 1
        event.source = event.content_html = event.teaser = ""
        event.place, event.online_url = {}, None
        await event.save()
        await erasure.erase_around([uri])
        if event.published_at is not None:
            await journal.note(EventWithdrawn(event.id), at=now, by_member_id=by.id)
    return event


async def standing(uri: str) -> Event:
    """Find an event that was not withdrawn, ours or foreign.

    Raises:
        NotFound: never seen here.
        Withdrawn: deleted.
    """
    return _standing(await Event.get_or_none(uri=uri).select_related("publisher"), uri)


async def by_public_id(public: str) -> Event:
    """Find an event of ours by the last part of its address; raises like `standing`."""
    return _standing(await Event.get_or_none(public_id=public).select_related("publisher"), public)


def may_change(event: Event, by: Member) -> bool:
    """Tell whether a member may change an event; its publisher must be loaded."""
    if not event.is_local:
        return False
    is_networks = event.publisher.kind is ActorKind.GROUP
    return event.author_id == by.id or (is_networks and is_at_least(by.role, Role.EDITOR))


def _standing(event: Event | None, name: str) -> Event:
    if event is None:
        raise NotFound(f"no event {name[:200]}")
    if event.withdrawn_at is not None:
        raise Withdrawn(f"{name[:200]} was deleted")
    return event


def _require_may_change(event: Event, by: Member) -> None:
    if not may_change(event, by):
        raise NotAllowed(f"{event.uri} is somebody else's")


async def _hang_on(event: Event, ready: CheckedEvent, text: Written, pictures: Pictures, *, now: datetime) -> None:
    await marks.set_hashtags(event.uri, text.hashtags)
    await marks.set_mentions(event.uri, text.actor_ids)
    await attachments.attach(event.uri, pictures, base=event.uri.partition("/ap/")[0])
    draft = ready.draft
    words = " ".join([draft.title, draft.teaser, place_line(event), plain_text(text.html)])
    at = event.published_at or now
    await search_entries.enter(Findable(event.uri, "event", draft.title, words, draft.language, draft.visibility, at))
