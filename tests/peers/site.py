"""The side of a made-up server that answers: documents, discovery, inboxes."""

import asyncio
import json
import ssl
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable

from aiohttp import web

from tests.peers.actors import Json, PeerActor
from tests.peers.cavage import BadSignature, Message
from tests.peers.flavours import RFC9421, SHORT_PUBLIC, Flavour
from tests.peers.values import ACTIVITY_TYPE, Received, Reply, Surroundings
from tests.peers.verifying import Verifier

ACCEPT_SIGNATURE = 'sig1=("@method" "@target-uri" "@authority" "content-digest");created;keyid'

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site(ABC):
    """A server that shows its actors and objects and takes in what is signed.

    Attributes:
        actors: by name.
        documents: what is served under a path beside the actors.
        handlers: paths answered by a function of the test.
        requests: all that came in: method and path with query.
        received: activities taken in, in order.
        lost: why activities were not taken in, whatever was answered.
        refusals: answers with which the next inbox posts are met, before any check.
        accepts_follows: a Follow of one of its actors is answered with Accept.
    """

    def __init__(self, host: str, flavour: Flavour, *, network: Surroundings) -> None:
        self.host = host
        self.flavour = flavour
        self.network = network
        self.base = f"{network.scheme}://{host}"
        self.actors: dict[str, PeerActor] = {}
        self.documents: dict[str, Json] = {}
        self.handlers: dict[str, Handler] = {}
        self.requests: list[tuple[str, str]] = []
        self.received: list[Received] = []
        self.lost: list[str] = []
        self.refusals: deque[Reply] = deque()
        self.accepts_follows = False
        self.verifier = Verifier(flavour, self)
        self._arrived = asyncio.Condition()
        self._runner: web.AppRunner | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @abstractmethod
    async def fetch(self, url: str, *, signed: bool = True) -> Reply:
        """Return the answer to a GET for an ActivityPub document."""

    @abstractmethod
    async def accept(self, entry: Received) -> None:
        """Answer a Follow with Accept."""

    async def start(self, context: ssl.SSLContext | None) -> int:
        """Listen on a free port of loopback and return it."""
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/{tail:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=context)
        await site.start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Close the port and all connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._runner is not None:
            await self._runner.cleanup()

    def actor(self, name: str, kind: str = "Person", **extra: object) -> PeerActor:
        """Make somebody; `extra` replaces members of the document."""
        made = PeerActor(name, self.base, self.flavour, kind, extra=dict(extra))
        self.actors[name] = made
        return made

    def publish(self, document: Json) -> Json:
        """Serve `document` under its id and return it."""
        self.documents[self.path_of(str(document["id"]))] = document
        return document

    async def expect_lost(self, number: int = 1, *, seconds: float = 10) -> list[str]:
        """Wait until `number` activities were dropped and return the reasons."""
        async with asyncio.timeout(seconds), self._arrived:
            await self._arrived.wait_for(lambda: len(self.lost) >= number)
        return list(self.lost)

    async def expect(self, number: int = 1, *, kind: str | None = None, seconds: float = 10) -> list[Received]:
        """Wait until `number` activities (of type `kind`) were taken in and return them all."""
        try:
            async with asyncio.timeout(seconds), self._arrived:
                await self._arrived.wait_for(lambda: len(self.of_type(kind)) >= number)
        except TimeoutError:
            got = [entry.activity.get("type") for entry in self.received]
            raise AssertionError(f"{self.host} waited for {number} of {kind}, has {got}, lost {self.lost}") from None
        return self.of_type(kind)

    def of_type(self, kind: str | None) -> list[Received]:
        """Return what was taken in, all or of one type."""
        return [entry for entry in self.received if kind is None or entry.activity.get("type") == kind]

    def path_of(self, uri: str) -> str:
        return uri.removeprefix(self.base) or "/"

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append((request.method, request.path_qs))
        if request.path in self.handlers:
            return await self.handlers[request.path](request)
        if self.flavour.needs_user_agent and "user-agent" not in request.headers:
            return web.Response(status=418)
        if request.method == "POST":
            return await self._take_in(request, await self._message(request))
        return await self._show(request)

    async def _message(self, request: web.Request) -> Message:
        headers = {name.lower(): value for name, value in request.headers.items()}
        return Message(request.method, self.base + request.path_qs, headers, await request.read())

    async def _show(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/.well-known/webfinger":
            return self._webfinger(request.query.get("resource", ""))
        if request.path.startswith(("/.well-known/nodeinfo", "/nodeinfo/")):
            return self._nodeinfo(request.path)
        for actor in self.actors.values():
            if self.path_of(actor.key_id) == request.path and "#" not in actor.key_id:
                return _activity_json(actor.stub())
        document = self._found(request.path_qs)
        if document is None:
            return web.Response(status=404)
        if self.flavour.signed_gets and not await self._is_signed(request):
            return web.Response(status=401)
        return _activity_json(document)

    def _found(self, path: str) -> Json | None:
        for actor in self.actors.values():
            if self.path_of(actor.uri) == path:
                return actor.document()
        return self.documents.get(path)

    async def _is_signed(self, request: web.Request) -> bool:
        try:
            await self.verifier.signer_of(await self._message(request), now=self.network.now())
        except BadSignature:
            return False
        return True

    def _webfinger(self, resource: str) -> web.Response:
        for actor in self.actors.values():
            if resource.lower() in (f"acct:{actor.name}@{self.host}", actor.uri):
                return web.json_response(
                    {
                        "subject": f"acct:{actor.name}@{self.host}",
                        "aliases": [actor.uri],
                        "links": [
                            {"rel": "self", "type": ACTIVITY_TYPE, "href": actor.uri},
                            {
                                "rel": "http://ostatus.org/schema/1.0/subscribe",
                                "template": f"{self.base}/authorize_interaction?uri={{uri}}",
                            },
                        ],
                    },
                    content_type="application/jrd+json",
                )
        return web.Response(status=404)

    def _nodeinfo(self, path: str) -> web.Response:
        if path == "/.well-known/nodeinfo":
            rel = "http://nodeinfo.diaspora.software/ns/schema/2.0"
            return web.json_response({"links": [{"rel": rel, "href": f"{self.base}/nodeinfo/2.0"}]})
        return web.json_response(
            {"version": "2.0", "software": {"name": self.flavour.software, "version": self.flavour.version}}
        )

    async def _take_in(self, request: web.Request, message: Message) -> web.Response:
        if self.refusals:
            reply = self.refusals.popleft()
            return web.Response(status=reply.status, headers=reply.headers, body=reply.body)
        try:
            entry = await self._received(message, request.path)
        except BadSignature as error:
            await self._note_lost(str(error))
            if self.flavour.answers_before_verifying:
                return web.Response(status=202)
            headers = {"accept-signature": ACCEPT_SIGNATURE} if RFC9421 in self.flavour.schemes else {}
            return web.Response(status=401, headers=headers, text=str(error))
        async with self._arrived:
            self.received.append(entry)
            self._arrived.notify_all()
        if self.accepts_follows and entry.activity["type"] == "Follow":
            self._tasks.append(asyncio.create_task(self.accept(entry)))
        return web.Response(status=202)

    async def _received(self, message: Message, path: str) -> Received:
        """Return the activity if it counts here; raise BadSignature with the reason if not."""
        activity = json.loads(message.body)
        signer = await self.verifier.signer_of(message, now=self.network.now())
        if activity.get("actor") != signer.actor:
            raise BadSignature(f"{signer.actor} signed for {activity.get('actor')}")
        author = signer.key_id.partition("#")[0]
        if self.flavour.delete_key_must_name_author and activity["type"] == "Delete" and author != signer.actor:
            raise BadSignature(f"{author} is not the author")
        if not self.flavour.understands_short_public and SHORT_PUBLIC in json.dumps(activity):
            raise BadSignature("addressed to nobody")
        return Received(activity, signer, path, message.headers, message.body)

    async def _note_lost(self, reason: str) -> None:
        async with self._arrived:
            self.lost.append(reason)
            self._arrived.notify_all()


def _activity_json(document: Json) -> web.Response:
    return web.Response(body=json.dumps(document).encode(), content_type=ACTIVITY_TYPE, charset="utf-8")
