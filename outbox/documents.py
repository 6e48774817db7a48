"""What other servers GET: actors, objects and activities of ours as they are now."""

from dataclasses import dataclass
from datetime import datetime

import orjson

from federation.signatures import add_proof
from federation.vocabulary.activities import quote_authorization, tombstone
from federation.vocabulary.budget import fit
from federation.vocabulary.context import Json, with_context
from node.clock import Clock
from node.community import actors, apart, objects, quotes
from node.community.visibility import ANONYMOUS, PARTNER
from node.errors import NotFound, Withdrawn
from node.models import Actor, ActorKind, Event, KeyKind, Post, Practice, QuoteState, Visibility
from outbox import collections
from outbox.keys import SigningKeys
from outbox.models import PublishedActivity
from outbox.render.actor import actor_json
from outbox.render.event import event_json
from outbox.render.post import post_json
from outbox.render.practice import practice_json, record_json

OPEN = frozenset({Visibility.PUBLIC, Visibility.QUIET})
KINDS = {"u": ActorKind.PERSON, "g": ActorKind.GROUP, "": ActorKind.APPLICATION}
STUB = ("id", "type", "preferredUsername", "publicKey")
"""What GoToSocial and its kin read under `<actor>/main-key`."""


@dataclass(frozen=True, slots=True)
class Found:
    """A document, the page for people that shows the same, and whether it stands for something deleted."""

    document: Json
    page_url: str | None = None
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks.

    Args:
        is_partner: a proven partner node, who also reads what is for the network.
        uri: the actor that has proven to ask; empty for anybody.
    """

    is_partner: bool = False
    uri: str = ""

    def may_read(self, visibility: Visibility) -> bool:
        """Tell whether this reader may have something."""
        return visibility in OPEN or (self.is_partner and visibility is Visibility.NETWORK)


@dataclass(frozen=True, slots=True)
class Archive:
    """What documents are made with; built once a process. `base` is the public URL."""

    keys: SigningKeys
    clock: Clock
    base: str

    async def post(self, public_id: str, reader: Reader) -> Found:
        """Return a post of ours. Raises NotFound."""
        post = await Post.get_or_none(public_id=public_id, is_local=True).select_related("author")
        if post is None or not reader.may_read(post.visibility):
            raise NotFound("no such post")
        await _require_together(reader, post.author)
        if post.withdrawn_at is not None:
            return Found(
                with_context(tombstone(post.uri, post.wire_type, post.withdrawn_at)), is_gone=post.hidden_at is None
            )
        rendered = await post_json(post, now=self.clock.now())
        return Found(await self._proven(rendered, post.author, post.visibility), post.url)

    async def practice(self, public_id: str, reader: Reader) -> Found:
        """Return a practice record of ours. Raises NotFound."""
        practice = await self._practice(public_id, reader)
        if practice.withdrawn_at is not None:
            return Found(
                with_context(tombstone(practice.uri, "Article", practice.withdrawn_at)),
                is_gone=practice.hidden_at is None,
            )
        rendered = await practice_json(practice)
        return Found(await self._proven(rendered, practice.publisher, practice.visibility), practice.url)

    async def record(self, public_id: str, reader: Reader) -> Found:
        """Return the whole record for machines. Raises NotFound."""
        practice = await self._practice(public_id, reader)
        if practice.withdrawn_at is not None:
            raise NotFound("withdrawn")
        return Found(record_json(practice), practice.url)

    async def event(self, public_id: str, reader: Reader) -> Found:
        """Return an event of ours. Raises NotFound."""
        event = await Event.get_or_none(public_id=public_id, is_local=True).select_related("publisher")
        if event is None or event.published_at is None or not reader.may_read(event.visibility):
            raise NotFound("no such event")
        await _require_together(reader, event.publisher)
        if event.withdrawn_at is not None:
            return Found(
                with_context(tombstone(event.uri, "Event", event.withdrawn_at)), is_gone=event.hidden_at is None
            )
        return Found(await self._proven(await event_json(event), event.publisher, event.visibility), event.url)

    async def actor(self, name: str, letter: str) -> Found:
        """Return the full document of an actor of ours.

        Args:
            letter: `u` for members, `g` for Groups, empty for the node's own actor.

        Raises:
            NotFound: there never was one.
        """
        try:
            actor = await _local(name, letter)
        except Withdrawn:
            return await _farewell(name, letter)
        return Found(await actor_json(actor), actor.url)

    async def followers_at(self, name: str, letter: str, origin: str) -> Json:
        """Return who at an origin follows an actor of ours. Raises NotFound, Withdrawn."""
        return await collections.followers_at(await _local(name, letter), origin)

    async def actor_part(self, name: str, letter: str, part: str, cursor: str | None) -> Json:
        """Return a collection of an actor of ours, or the stub of its main key. Raises NotFound."""
        actor = await _local(name, letter)
        match part:
            case "main-key":
                document = await actor_json(actor)
                return with_context({name: document[name] for name in STUB})
            case "outbox":
                return await collections.outbox(actor, cursor)
            case "followers":
                return await collections.followers(actor)
            case "following":
                return await collections.following(actor)
            case "featured":
                return await collections.featured(actor)
            case "moderators":
                return await collections.moderators(actor)
        raise NotFound("no such collection")

    async def object_part(self, uri: str, part: str, cursor: str | None, reader: Reader) -> Json:
        """Return a collection of an object of ours. Raises NotFound."""
        known = await collections.readable(uri, PARTNER if reader.is_partner else ANONYMOUS)
        match part:
            case "replies":
                return await collections.replies(known, cursor)
            case "context":
                return await collections.context(known, cursor)
            case "likes":
                return await collections.likes(uri)
            case "shares":
                return await collections.shares(uri)
            case "attendees" if known.kind == "event":
                return collections.attendees(uri)
        raise NotFound("no such collection")

    async def activity(self, public_id: str, reader: Reader) -> Found:
        """Return an activity as it was published. Raises NotFound."""
        row = await PublishedActivity.get_or_none(public_id=public_id)
        if row is None or not reader.may_read(row.visibility):
            raise NotFound("no such activity")
        return Found(orjson.loads(row.body))

    async def stamp(self, public_id: str) -> Found:
        """Return the leave that one of ours gave to quote a post, gone if it was taken back. Raises NotFound."""
        quote = await quotes.by_stamp(public_id)
        quoted = await objects.find(quote.quoted_uri)
        uri = str(quote.stamp_uri)
        if quoted is None or quoted.is_withdrawn or quote.state is not QuoteState.GRANTED:
            ended = quote.decided_at or quote.created_at
            return Found(with_context(tombstone(uri, "QuoteAuthorization", ended)), is_gone=True)
        author = quoted.publisher
        told = quote_authorization(uri, author.uri, quoting=quote.quoting_uri, quoted=quote.quoted_uri)
        return Found(await self._proven(told, author, quoted.visibility))

    async def _practice(self, public_id: str, reader: Reader) -> Practice:
        practice = await Practice.get_or_none(public_id=public_id, is_local=True).select_related("publisher")
        if practice is None or practice.published_at is None or not reader.may_read(practice.visibility):
            raise NotFound("no such record")
        return practice

    async def _proven(self, thing: Json, author: Actor, visibility: Visibility) -> Json:
        """Return an object as it stands alone: with context, and with a proof if everybody may read it."""
        document = fit(with_context(thing))
        if visibility not in OPEN:
            return document
        key = await self.keys.of(author, KeyKind.ED25519)
        return add_proof(document, key, now=self.clock.now())


async def _require_together(reader: Reader, author: Actor) -> None:
    """Return if no block stands between who asks and who wrote it.

    Raises:
        NotFound: one does; nobody learns more.
    """
    asking = await actors.by_uri(reader.uri) if reader.uri else None
    if asking is not None and await apart.apart_from(asking, [author.id]):
        raise NotFound("nothing for this reader")


async def _farewell(name: str, letter: str) -> Found:
    """Return what stands for an actor who left: a tombstone that keeps its place for good."""
    actor = await Actor.get(local_name=name.lower())
    if actor.kind is not KINDS[letter]:
        raise NotFound("no such actor")
    return Found(with_context(tombstone(actor.uri, actor.kind.value, actor.updated_at)), is_gone=True)


def _gone(row: Post | Practice | Event, former_type: str, at: datetime) -> Found:
    """Return what stands in the place of something withdrawn; what a moderator hid may come back (FEP-4f05)."""
    return Found(with_context(tombstone(row.uri, former_type, at)), is_gone=row.hidden_at is None)


async def _local(name: str, letter: str) -> Actor:
    actor = await actors.local(name)
    if actor.kind is not KINDS[letter]:
        raise NotFound("no such actor")
    return actor
