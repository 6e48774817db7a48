"""Pull: read a foreign actor or object from its own address, through the one guarded client.

Every URL passes the gate on every hop; a document counts only under the address that answered.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol

from federation.client import ACCEPT_JRD, Budget, Document
from federation.documents import loads_object
from federation.errors import Malformed, Refused, Unauthenticated
from federation.keys import PrivateKey
from federation.names import Handle, Uri, canonical_uri, same_origin
from federation.vocabulary.parse import parse_actor, parse_object
from federation.vocabulary.types import ActorDocument, EventDocument, NoteDocument, ParsedObject, PracticeDocument
from federation.webfinger import ForeignAccount, lookup_url, parse_account, require_round_trip
from inbox.interpret.actor import actor_draft
from inbox.together import Together
from node.community import foreign_actors
from node.community.foreign_actors import ForeignActor
from node.models import Actor
from node.policy.registry import Registry

Json = dict[str, object]
Signer = Callable[[], Awaitable[PrivateKey]]
"""Gives the key of the node's own actor, which signs every fetch."""
JRD_BYTES = 64 * 1024
KEPT_TOGETHER = 16
"""Actors kept in one transaction: few enough that nobody who writes waits long behind it."""


class Client(Protocol):
    """What of the protocol client this module needs."""

    async def get_document(
        self, url: str, *, key: PrivateKey | None, admit: Callable[[str], None], budget: Budget, now: datetime
    ) -> Document:
        """GET an ActivityPub document."""
        ...

    async def get_json(
        self, url: str, *, accept: str, admit: Callable[[str], None], budget: Budget, max_bytes: int
    ) -> Document:
        """GET another JSON document."""
        ...


class Fetcher:
    """Reads what other servers publish, on behalf of the node's own actor."""

    def __init__(self, *, client: Client, signer: Signer, registry: Registry, relaxed: bool) -> None:
        self.client = client
        self._signer = signer
        self._registry = registry
        self._relaxed = relaxed
        self._kept: Together[tuple[ForeignActor, datetime], int] = Together(_keep_all, most=KEPT_TOGETHER)

    async def object(self, uri: str, *, budget: Budget, now: datetime) -> ParsedObject:
        """Return the object that stands at `uri`.

        Raises:
            Malformed, Refused, Gone, Unreachable: it can't be had, or another thing stands there.
        """
        document, _ = await self._document(uri, budget=budget, now=now)
        return parse_object(document, relaxed=self._relaxed)

    async def object_and_author(self, uri: str, *, budget: Budget, now: datetime) -> tuple[ParsedObject, Actor | None]:
        """Return the object that stands at `uri` and its author, read if unknown; None for what has no author.

        Raises:
            as `object`; Malformed: it claims an author on another origin, who never said that it is theirs.

        Spec: FEP-fe34; security V-S06.
        """
        found = await self.object(uri, budget=budget, now=now)
        if not isinstance(found, NoteDocument | EventDocument | PracticeDocument):
            return found, None
        author = canonical_uri(found.attributed_to, relaxed=self._relaxed)
        if not same_origin(author, canonical_uri(found.id, relaxed=self._relaxed)):
            raise Malformed(f"{found.id} claims an author on another origin")
        return found, await self.known_or_fetched_actor(found.attributed_to, budget=budget, now=now)

    async def actor(self, uri: str, *, budget: Budget, now: datetime) -> Actor:
        """Read an actor anew and remember it; return its row.

        Raises:
            Malformed, Refused, Gone, Unreachable: it can't be had, or it is no actor.
        """
        document, _ = await self._document(uri, budget=budget, now=now)
        return await self._remember(parse_actor(document, relaxed=self._relaxed), now=now)

    async def known_or_fetched_actor(self, uri: str, *, budget: Budget, now: datetime) -> Actor:
        """Return the actor we know under `uri`, or read it."""
        known = await Actor.get_or_none(uri=uri)
        return known if known is not None else await self.actor(uri, budget=budget, now=now)

    async def owner_of_key(self, key_id: str, *, budget: Budget, now: datetime) -> str:
        """Return the id of the actor that owns the key `key_id`, read from its origin and remembered.

        The document at the key's address is the actor, or a key or stub that names the actor; only the
        actor's own document, read from the actor's own address, is believed, and it must list the key.

        Raises:
            Unauthenticated: nobody there owns such a key.
            Gone, Refused, Unreachable: as `object`.

        Spec: FEP-fe34; ActivityPub and HTTP Signatures §key discovery.
        """
        uri = canonical_uri(key_id, relaxed=self._relaxed)
        document, answered = await self._raw(uri.without_fragment, budget=budget, now=now)
        claimed = self._owner_named_by(document)
        if not same_origin(claimed, uri):
            raise Unauthenticated(f"{key_id} names an owner on another origin")
        if claimed.text != answered:
            document, _ = await self._document(claimed.text, budget=budget, now=now)
        actor = parse_actor(document, relaxed=self._relaxed)
        if actor.id != claimed.text:
            raise Unauthenticated(f"{claimed} answered with the actor {actor.id}")
        draft = actor_draft(actor, relaxed=self._relaxed)
        _require_listed(draft, uri)
        await self._kept.ask((draft, now))
        return draft.uri

    async def handle(self, handle: Handle, *, budget: Budget, now: datetime) -> Actor:
        """Find an actor by its address and remember it.

        The round trip must close: the actor that WebFinger names has that name on that host, or its own
        host's WebFinger says so.

        Raises:
            Malformed, Refused, Gone, Unreachable: there is no such actor, or the round trip does not close.

        Spec: RFC 7033 §4; FEP-2c59.
        """
        account = await self._account(handle, budget=budget, now=now)
        if account.handle.acct != handle.acct:
            account = require_round_trip(
                await self._account(account.handle, budget=budget, now=now), asked=account.handle
            )
        actor = await self.actor(account.actor.text, budget=budget, now=now)
        at_home = Handle(actor.name, actor.host)
        if at_home.acct != account.handle.acct:
            back = await self._account(at_home, budget=budget, now=now)
            if (back.handle.acct, back.actor.text) != (account.handle.acct, actor.uri):
                raise Refused(f"{handle} names {actor.uri}, which does not know that address")
        return actor

    async def _account(self, handle: Handle, *, budget: Budget, now: datetime) -> ForeignAccount:
        url = lookup_url(handle, scheme="http" if self._relaxed else "https")
        answer = await self.client.get_json(
            url, accept=ACCEPT_JRD, admit=self.admitting(now), budget=budget, max_bytes=JRD_BYTES
        )
        return parse_account(answer.raw, relaxed=self._relaxed)

    def admitting(self, now: datetime) -> Callable[[str], None]:
        """Return the question that the client asks before it contacts a host."""

        def admit(host: str) -> None:
            if host == self._registry.book.own_host:
                raise Refused("this node does not fetch from itself")
            if not self._registry.decide(host, now=now).is_admitted:
                raise Refused(f"policy does not admit {host}")

        return admit

    def _owner_named_by(self, document: Json) -> Uri:
        for named in (document.get("owner"), document.get("controller"), _publickey_owner(document)):
            if isinstance(named, str):
                return canonical_uri(named, relaxed=self._relaxed)
        return canonical_uri(document.get("id"), relaxed=self._relaxed)

    async def _document(self, uri: str, *, budget: Budget, now: datetime) -> tuple[Json, str]:
        document, answered = await self._raw(uri, budget=budget, now=now)
        claimed = canonical_uri(document.get("id"), relaxed=self._relaxed)
        if claimed.without_fragment == answered:
            return document, answered
        if not same_origin(claimed, canonical_uri(answered, relaxed=self._relaxed)):
            raise Refused(f"{answered} answered with an id on another origin")
        document, answered = await self._raw(claimed.text, budget=budget, now=now)
        if document.get("id") != answered:
            raise Refused(f"{answered} answered with another id again")
        return document, answered

    async def _raw(self, uri: str, *, budget: Budget, now: datetime) -> tuple[Json, str]:
        found = await self.client.get_document(
            uri, key=await self._signer(), admit=self.admitting(now), budget=budget, now=now
        )
        return dict(loads_object(found.raw)), found.url

    async def _remember(self, actor: ActorDocument, *, now: datetime) -> Actor:
        return await Actor.get(id=await self._kept.ask((actor_draft(actor, relaxed=self._relaxed), now)))


async def _keep_all(drafts: Sequence[tuple[ForeignActor, datetime]]) -> Sequence[int | Exception]:
    return await foreign_actors.keep_all([draft for draft, _ in drafts], now=max(now for _, now in drafts))


def _require_listed(actor: ForeignActor, key: Uri) -> None:
    listed = {each.key_id for each in actor.keys}
    if key.text in listed or (key.text == actor.uri and len(listed) == 1):
        return
    raise Unauthenticated(f"{actor.uri} does not list the key {key}")


def _publickey_owner(document: Json) -> object:
    key = document.get("publicKey")
    return key.get("owner") if isinstance(key, dict) else None
