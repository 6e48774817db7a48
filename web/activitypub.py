"""What other servers GET under `/ap/` and `/actor`: always ActivityPub JSON, for browsers a way to the page.

The two never share an address: a browser that opens an id is sent to the page, and nobody caches that.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from urllib.parse import parse_qs

import orjson

from federation.errors import Refused, Unauthenticated
from federation.http import Headers, Request
from federation.vocabulary.actor import reduced_actor
from inbox.reading import Readership, Reading
from node.policy.registry import Registry
from outbox.documents import Archive, Found, Reader
from web.raw import Answer, Incoming, RawRoute

NODE_ACTOR = "actor"
JSON_TYPE = "application/activity+json; charset=utf-8"
MINUTES = "public, max-age=180"
VARY = ("vary", "Accept, Signature, Signature-Input")
CORS = ("access-control-allow-origin", "*")

OURS_ALONE = "private, no-store"
PROVEN = Reading(Readership.ADMITTED, needs_proof=False)
STRANGER = Reading(Readership.ANYBODY, needs_proof=True)

Read = Callable[[Request], Awaitable[Reading]]
Prove = Callable[[Request], Awaitable[str]]
"""Return the origin of the server that signed; raise Unauthenticated or Refused."""
SYNCHRONIZATION = "followers_synchronization"


def routes(archive: Archive, read: Read, registry: Registry, prove: Prove) -> tuple[RawRoute, ...]:
    """Return the raw routes of actors, objects, activities and collections.

    Args:
        archive: makes the documents.
        read: tells who reads, by policy and signature.
        registry: tells whether the node is closed.
        prove: tells which server signed a request.
    """
    desk = Desk(archive, read, registry, prove)
    found = [RawRoute("/actor", "GET", desk.actor("")), RawRoute("/actor/<part>", "GET", desk.actor_part(""))]
    for letter in ("u", "g"):
        found.append(RawRoute(f"/ap/{letter}/<name>", "GET", desk.actor(letter)))
        found.append(RawRoute(f"/ap/{letter}/<name>/<part>", "GET", desk.actor_part(letter)))
    for letter in ("n", "e", "r"):
        found.append(RawRoute(f"/ap/{letter}/<id>", "GET", desk.object(letter)))
        found.append(RawRoute(f"/ap/{letter}/<id>/<part>", "GET", desk.object_part(letter)))
    found.append(RawRoute("/ap/a/<id>", "GET", desk.activity))
    found.append(RawRoute("/ap/q/<id>", "GET", desk.stamp))
    return tuple(found)


class Desk:
    """Answers GETs of other servers."""

    def __init__(self, archive: Archive, read: Read, registry: Registry, prove: Prove) -> None:
        self._prove = prove
        self._archive = archive
        self._read = read
        self._registry = registry

    def actor(self, letter: str) -> Callable[[Incoming], Awaitable[Answer]]:
        """Return what answers actors: readable for everybody in every mode, reduced for strangers of a closed node."""

        async def answer(incoming: Incoming) -> Answer:
            reading = await self._reading_actor(incoming.request)
            found = await self._archive.actor(incoming.parts.get("name", NODE_ACTOR), letter)
            if reading.needs_proof:
                found = replace(found, document=reduced_actor(found.document))
            return _shown(found, incoming, reading)

        return answer

    def actor_part(self, letter: str) -> Callable[[Incoming], Awaitable[Answer]]:
        """Return what answers the collections of actors; a key is readable for everybody."""

        async def answer(incoming: Incoming) -> Answer:
            name, part = incoming.parts.get("name", NODE_ACTOR), incoming.parts["part"]
            if part == SYNCHRONIZATION:
                origin = await self._prove(incoming.request)
                return _json(await self._archive.followers_at(name, letter, origin), PROVEN)
            reading = await (self._reading_actor if part == "main-key" else self._read)(incoming.request)
            if part != "main-key":
                _require_proof(reading)
            return _json(await self._archive.actor_part(name, letter, part, _cursor(incoming)), reading)

        return answer

    def object(self, letter: str) -> Callable[[Incoming], Awaitable[Answer]]:
        """Return what answers posts, events or records."""
        find = {"n": self._archive.post, "e": self._archive.event, "r": self._archive.practice}[letter]

        async def answer(incoming: Incoming) -> Answer:
            reading = await self._reading(incoming.request)
            found = await find(incoming.parts["id"], _reader(reading))
            return _shown(found, incoming, _proven_unless_page(found, incoming, reading))

        return answer

    def object_part(self, letter: str) -> Callable[[Incoming], Awaitable[Answer]]:
        """Return what answers the collections of an object, and the record for machines."""

        async def answer(incoming: Incoming) -> Answer:
            reading = await self._read(incoming.request)
            _require_proof(reading)
            part, public_id = incoming.parts["part"], incoming.parts["id"]
            if letter == "r" and part == "record.json":
                return _shown(await self._archive.record(public_id, _reader(reading)), incoming, reading)
            uri = f"{self._archive.base}/ap/{letter}/{public_id}"
            found = await self._archive.object_part(uri, part, _cursor(incoming), _reader(reading))
            return _json(found, reading)

        return answer

    async def stamp(self, incoming: Incoming) -> Answer:
        """Answer the leave to quote a post of ours."""
        reading = await self._read(incoming.request)
        _require_proof(reading)
        return _shown(await self._archive.stamp(incoming.parts["id"]), incoming, reading)

    async def activity(self, incoming: Incoming) -> Answer:
        """Answer an activity as it was published."""
        reading = await self._read(incoming.request)
        _require_proof(reading)
        return _shown(await self._archive.activity(incoming.parts["id"], _reader(reading)), incoming, reading)

    async def _reading(self, request: Request) -> Reading:
        """Return who reads an object.

        Raises:
            Unauthenticated: the node is closed and nobody has proven to be admitted, and it's no browser, which may
                be sent to the page.
        """
        reading = await self._read(request)
        return reading if _wants_page(request) else _require_proof(reading)

    async def _reading_actor(self, request: Request) -> Reading:
        """Return who reads an actor or a key; of a closed node everybody may, so that we can be found and proven.

        Raises:
            Refused: an open node does not admit the host that the signature names.
        """
        try:
            return await self._read(request)
        except Refused:
            if not self._registry.is_closed:
                raise
            return STRANGER


def _reader(reading: Reading) -> Reader:
    return Reader(is_partner=reading.readership is Readership.PARTNER, uri=reading.reader_uri)


def _require_proof(reading: Reading) -> Reading:
    if reading.needs_proof:
        raise Unauthenticated("this node is closed: sign the request")
    return reading


def _proven_unless_page(found: Found, incoming: Incoming, reading: Reading) -> Reading:
    return reading if _leads_to_page(found, incoming) else _require_proof(reading)


def _cursor(incoming: Incoming) -> str | None:
    query = incoming.request.url.partition("?")[2]
    return parse_qs(query).get("page", [None])[0]


def _shown(found: Found, incoming: Incoming, reading: Reading) -> Answer:
    if _leads_to_page(found, incoming):
        return _to_page(str(found.page_url))
    return _json(found.document, reading, status=410 if found.is_gone else 200)


def _leads_to_page(found: Found, incoming: Incoming) -> bool:
    return bool(found.page_url) and not found.is_gone and _wants_page(incoming.request)


def _wants_page(request: Request) -> bool:
    accept = ", ".join(value for name, value in request.headers if name == "accept").lower()
    return "text/html" in accept and "application/activity+json" not in accept and "application/ld+json" not in accept


def _to_page(url: str) -> Answer:
    return Answer(302, (("location", url), ("cache-control", "no-store"), VARY))


def _json(document: dict[str, object], reading: Reading, *, status: int = 200) -> Answer:
    is_for_all = reading.readership is Readership.ANYBODY
    cache = MINUTES if is_for_all else OURS_ALONE
    headers: Headers = (("content-type", JSON_TYPE), ("cache-control", cache), VARY, CORS)
    return Answer(status, headers, orjson.dumps(document), keep=is_for_all and status == 200)
