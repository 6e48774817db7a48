"""A made-up server that federates over real HTTP: the side that acts."""

import json
from collections.abc import Sequence
from itertools import count

from tests.peers import cavage, rfc9421
from tests.peers.actors import CONTEXT, Json, PeerActor
from tests.peers.cavage import Message
from tests.peers.flavours import CAVAGE, Flavour
from tests.peers.site import Site
from tests.peers.values import ACTIVITY_TYPE, Received, Reply, Surroundings
from tests.peers.verifying import ACTIVITY_TYPES

ACCEPT = 'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"'


class Peer(Site):
    """A server whose actors write, follow and read; see Site for what it shows and records.

    Attributes:
        instance: the actor that signs fetches.
        known_schemes: which signature scheme a host understood.
    """

    def __init__(self, host: str, flavour: Flavour, *, network: Surroundings) -> None:
        super().__init__(host, flavour, network=network)
        self.known_schemes: dict[str, str] = {}
        self._numbers = count(1)
        alone = flavour.actor_path == ""
        self.instance = self.actor("me") if alone else self.actor("instance", "Application")

    def new_uri(self, actor: PeerActor) -> str:
        """Return an unused id for something of `actor`."""
        path = self.flavour.object_path.format(name=actor.name, id=next(self._numbers))
        return self.base + path

    def note(
        self, actor: PeerActor, content: str, *, to: Sequence[str] = (), cc: Sequence[str] = (), **extra: object
    ) -> Json:
        """Publish a Note as this software writes it and return it; public unless `to` says otherwise."""
        note: Json = {
            "@context": CONTEXT,
            "id": self.new_uri(actor),
            "type": "Note",
            "attributedTo": actor.uri,
            "content": content,
            "published": self._timestamp(),
            "to": actor.recipients(list(to) or [self.flavour.public]),
            "cc": actor.recipients(list(cc) or [f"{actor.uri.rstrip('/')}/followers"]),
        }
        return self.publish(note | extra)

    def activity(self, kind: str, actor: PeerActor, target: object, **extra: object) -> Json:
        """Return an activity; recipients are those of its object, if that has some."""
        made: Json = {
            "@context": CONTEXT,
            "id": f"{self.base}/activities/{next(self._numbers)}",
            "type": kind,
            "actor": actor.uri,
            "object": target,
        }
        if isinstance(target, dict):
            made |= {name: target[name] for name in ("to", "cc") if name in target}
        return made | extra

    def sign(self, message: Message, *, actor: PeerActor, scheme: str = CAVAGE) -> Message:
        """Return `message` signed by `actor`; Fedify uses its Ed25519 key for the newer scheme."""
        named = Message(message.method, message.url, self._agent() | dict(message.headers), message.body)
        now = self.network.now()
        if scheme == CAVAGE:
            style = self.flavour.style
            return cavage.signed(named, actor.rsa, key_id=actor.key_id, when=now, style=style)
        if self.flavour.software == "fedify":
            return rfc9421.signed(named, actor.ed25519, key_id=actor.ed25519_id, when=now)
        return rfc9421.signed(named, actor.rsa, key_id=actor.key_id, when=now)

    async def send(self, message: Message) -> Reply:
        """Send a request as it stands."""
        return await self.network.send(message)

    async def post_activity(self, url: str, activity: Json, *, actor: PeerActor, scheme: str | None = None) -> Reply:
        """Deliver `activity` to the inbox `url`, signed by `actor`.

        Args:
            scheme: None lets the software knock as it does: its first scheme, on a refusal its second one.
        """
        message = Message("POST", url, {"content-type": ACTIVITY_TYPE}, json.dumps(activity).encode())
        if scheme is not None:
            return await self.send(self.sign(message, actor=actor, scheme=scheme))
        reply = Reply(0)
        for tried in self._order_for(url):
            reply = await self.send(self.sign(message, actor=actor, scheme=tried))
            if reply.status not in (400, 401):
                self.known_schemes[message.authority] = tried
                return reply
        return reply

    async def fetch(self, url: str, *, signed: bool = True, actor: PeerActor | None = None) -> Reply:
        """Return the answer to a GET for an ActivityPub document, signed by `actor` or the instance."""
        message = Message("GET", url, self._agent() | {"accept": ACCEPT})
        if signed:
            message = self.sign(message, actor=actor or self.instance)
        return await self.send(message)

    async def look_up(self, handle: str, *, scheme: str | None = None) -> Json:
        """Return the actor behind `name@host` by WebFinger, as strictly as Mastodon does it."""
        name, _, host = handle.removeprefix("@").partition("@")
        url = f"{scheme or self.network.scheme}://{host}/.well-known/webfinger?resource=acct:{name}@{host}"
        headers = self._agent() | {"accept": "application/jrd+json, application/json"}
        found = await self.send(Message("GET", url, headers))
        assert found.status == 200, f"WebFinger answered {found.status}"
        assert found.headers["content-type"].split(";")[0] == "application/jrd+json"
        jrd = found.json()
        assert str(jrd["subject"]).lower() == f"acct:{name}@{host}".lower()
        links = [link for link in jrd["links"] if link["rel"] == "self" and link["type"] in ACTIVITY_TYPES]  # type: ignore[attr-defined]
        actor = await self.fetch(links[0]["href"])
        assert actor.status == 200, f"the actor answered {actor.status}"
        assert actor.headers["content-type"] in ACTIVITY_TYPES
        assert actor.json()["id"] == links[0]["href"]
        return actor.json()

    async def accept(self, entry: Received) -> None:
        """Answer a Follow with an Accept that embeds it."""
        followed = next(actor for actor in self.actors.values() if actor.uri == entry.activity["object"])
        follower = (await self.fetch(entry.signer.actor)).json()
        await self.post_activity(
            str(follower["inbox"]), self.activity("Accept", followed, entry.activity), actor=followed
        )

    def _agent(self) -> dict[str, str]:
        return {"user-agent": f"{self.flavour.software}/{self.flavour.version} (+{self.base}/)"}

    def _order_for(self, url: str) -> tuple[str, ...]:
        known = self.known_schemes.get(url.split("/", 3)[2])
        return (known,) if known else self.flavour.schemes

    def _timestamp(self) -> str:
        return self.network.now().strftime("%Y-%m-%dT%H:%M:%SZ")
