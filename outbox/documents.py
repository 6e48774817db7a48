"""What other servers GET: actors, objects and activities of ours as they are now."""

from dataclasses import dataclass

import orjson

from federation.signatures import add_proof
from federation.vocabulary.activities import tombstone
from federation.vocabulary.budget import fit
from federation.vocabulary.context import Json, with_context
from node.clock import Clock
from node.errors import NotFound
from node.models import Actor, Event, KeyKind, Post, Practice, Visibility
from outbox.keys import SigningKeys
from outbox.models import PublishedActivity
from outbox.render.event import event_json
from outbox.render.post import post_json
from outbox.render.practice import practice_json, record_json

OPEN = frozenset({Visibility.PUBLIC, Visibility.QUIET})


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
    """

    is_partner: bool = False

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
        if post.withdrawn_at is not None:
            return Found(with_context(tombstone(post.uri, "Note", post.withdrawn_at)), is_gone=True)
        return Found(await self._proven(await post_json(post), post.author, post.visibility), post.url)

    async def practice(self, public_id: str, reader: Reader) -> Found:
        """Return a practice record of ours. Raises NotFound."""
        practice = await self._practice(public_id, reader)
        if practice.withdrawn_at is not None:
            return Found(with_context(tombstone(practice.uri, "Article", practice.withdrawn_at)), is_gone=True)
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
        if event.withdrawn_at is not None:
            return Found(with_context(tombstone(event.uri, "Event", event.withdrawn_at)), is_gone=True)
        return Found(await self._proven(await event_json(event), event.publisher, event.visibility), event.url)

    async def activity(self, public_id: str, reader: Reader) -> Found:
        """Return an activity as it was published. Raises NotFound."""
        row = await PublishedActivity.get_or_none(public_id=public_id)
        if row is None or not reader.may_read(row.visibility):
            raise NotFound("no such activity")
        return Found(orjson.loads(row.body))

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
