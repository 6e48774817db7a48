"""What other servers GET under `/ap/` and `/actor`: always ActivityPub JSON, for browsers a way to the page.

The two never share an address: a browser that opens an id is sent to the page, and nobody caches that.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from urllib.parse import parse_qs

import orjson

from federation.errors import Unauthenticated
from federation.http import Headers, Request
from federation.vocabulary.actor import reduced_actor
from inbox.reading import Readership, Reading
from outbox.documents import Archive, Found, Reader
from web.raw import Answer, Incoming, RawRoute

NODE_ACTOR = "actor"
JSON_TYPE = "application/activity+json; charset=utf-8"
MINUTES = "public, max-age=180"
VARY = ("vary", "Accept, Signature, Signature-Input")
CORS = ("access-control-allow-origin", "*")

Read = Callable[[Request], Awaitable[Reading]]


def routes(archive: Archive, read: Read) -> tuple[RawRoute, ...]:
    """Return the raw routes of actors, objects, activities and collections.

    Args:
        archive: makes the documents.
        read: tells who reads, by policy and signature.
    """
    desk = Desk(archive, read)
    found = [RawRoute("/actor", "GET", desk.actor("")), RawRoute("/actor/<part>", "GET", desk.actor_part(""))]
    for letter in ("u", "g"):
        found.append(RawRoute(f"/ap/{letter}/<name>", "GET", desk.actor(letter)))
        found.append(RawRoute(f"/ap/{letter}/<name>/<part>", "GET", desk.actor_part(letter)))
    for letter in ("n", "e", "r"):
        found.append(RawRoute(f"/ap/{letter}/<id>", "GET", desk.object(letter)))
        found.append(RawRoute(f"/ap/{letter}/<id>/<part>", "GET", desk.object_part(letter)))
    found.append(RawRoute("/ap/a/<id>", "GET", desk.activity))
    return tuple(found)


class Desk:
    """Answers GETs of other servers."""

    def __init__(self, archive: Archive, read: Read) -> None:
        self._archive = archive
        self._read = read

    def actor(self, letter: str) -> Callable[[Incoming], Awaitable[Answer]]:
        """Return what answers actors: readable for everybody in every mode, reduced for strangers of a closed node."""

        async def answer(incoming: Incoming) -> Answer:
            reading = await self._read(incoming.request)
            found = await self._archive.actor(incoming.parts.get("name", NODE_ACTOR), letter)
            if reading.needs_proof and reading.readership is Readership.ANYBODY:
                found = replace(found, document=reduced_actor(found.document))
            return _shown(found, incoming)

        return answer

    def actor_part(self, letter: str) -> Callable[[Incoming], Awaitable[Answer]]:
        """Return what answers the collections of actors; a key is readable for everybody."""

        async def answer(incoming: Incoming) -> Answer:
            name, part = incoming.parts.get("name", NODE_ACTOR), incoming.parts["part"]
            if part != "main-key":
                await self._reader(incoming.request)
            return _json(await self._archive.actor_part(name, letter, part, _cursor(incoming)))

        return answer

    def object(self, letter: str) -> Callable[[Incoming], Awaitable[Answer]]:
        """Return what answers posts, events or records."""

        async def answer(incoming: Incoming) -> Answer:
            reader = await self._reader(incoming.request)
            find = {"n": self._archive.post, "e": self._archive.event, "r": self._archive.practice}[letter]
            return _shown(await find(incoming.parts["id"], reader), incoming)

        return answer

    def object_part(self, letter: str) -> Callable[[Incoming], Awaitable[Answer]]:
        """Return what answers the collections of an object, and the record for machines."""

        async def answer(incoming: Incoming) -> Answer:
            reader = await self._reader(incoming.request)
            part, public_id = incoming.parts["part"], incoming.parts["id"]
            if letter == "r" and part == "record.json":
                return _shown(await self._archive.record(public_id, reader), incoming)
            return _json(await self._archive.object_part(letter, public_id, part, _cursor(incoming)))

        return answer

    async def activity(self, incoming: Incoming) -> Answer:
        """Answer an activity as it was published."""
        reader = await self._reader(incoming.request)
        return _shown(await self._archive.activity(incoming.parts["id"], reader), incoming)

    async def _reader(self, request: Request) -> Reader:
        """Return who reads an object or collection.

        Raises:
            Unauthenticated: the node is closed and nobody has proven to be admitted.
        """
        reading = await self._read(request)
        if reading.needs_proof:
            raise Unauthenticated("this node is closed: sign the request")
        return Reader(is_partner=reading.readership is Readership.PARTNER)


def _cursor(incoming: Incoming) -> str | None:
    query = incoming.request.url.partition("?")[2]
    return parse_qs(query).get("page", [None])[0]


def _shown(found: Found, incoming: Incoming) -> Answer:
    if found.page_url and not found.is_gone and _wants_page(incoming.request):
        return _to_page(found.page_url)
    return _json(found.document, status=410 if found.is_gone else 200)


def _wants_page(request: Request) -> bool:
    accept = ", ".join(value for name, value in request.headers if name == "accept").lower()
    return "text/html" in accept and "application/activity+json" not in accept and "application/ld+json" not in accept


def _to_page(url: str) -> Answer:
    return Answer(302, (("location", url), ("cache-control", "no-store"), VARY))


def _json(document: dict[str, object], *, status: int = 200) -> Answer:
    headers: Headers = (("content-type", JSON_TYPE), ("cache-control", MINUTES), VARY, CORS)
    return Answer(status, headers, orjson.dumps(document))
