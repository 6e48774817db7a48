"""The ledger driver: people on made-up servers who write to the node until they are answered 2xx, and note it down."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

import aiohttp

from tests.faults.runs.accounts import FOLLOW, REPLY, Ledger
from tests.faults.runs.waiting import PAUSE_SECONDS
from tests.peers.actors import Json, PeerActor
from tests.peers.peer import Peer
from tests.peers.values import Reply
from tests.world import HOME

BASE = f"http://{HOME}"
SHARED_INBOX = f"{BASE}/ap/inbox"
GROUP = f"{BASE}/ap/g/practices"
MEMBER = f"{BASE}/ap/u/amina"
FAILED = Reply(0)


@dataclass
class Writer:
    """Somebody who writes to the node; what is not answered 2xx is repeated, byte for byte the same activity.

    Args:
        answered: the post of the node's member that the replies answer.
        statuses: how often the node gave each answer; 0 stands for none.
    """

    peer: Peer
    actor: PeerActor
    ledger: Ledger
    answered: str
    statuses: Counter[int] = field(default_factory=Counter)
    numbers: "count[int]" = field(default_factory=count)
    waiting: tuple[str, Json] | None = None

    async def say(self) -> bool:
        """Post the next activity, or the last one again; return whether it was acknowledged."""
        kind, activity = self.waiting or self._next()
        self.waiting = kind, activity
        reply = await self.post(activity)
        self.statuses[reply.status] += 1
        if reply.status != 202:
            return False
        self.ledger.acknowledge(kind, str(activity["id"]))
        self.waiting = None
        return True

    async def post(self, activity: Json) -> Reply:
        """Deliver an activity once; status 0 if the node is not there or dies meanwhile."""
        try:
            return await self.peer.post_activity(SHARED_INBOX, activity, actor=self.actor, scheme="cavage")
        except (aiohttp.ClientError, OSError, TimeoutError):
            return FAILED

    def reply(self) -> Json:
        """Return a Create of an answer to the member's post."""
        extra: Json = {"inReplyTo": self.answered, "tag": [{"type": "Mention", "href": MEMBER, "name": "@amina"}]}
        text = f"<p>Answer {next(self.numbers)}</p>"
        note = self.peer.note(self.actor, text, cc=[MEMBER], **extra)  # type: ignore[arg-type]
        return self.peer.activity("Create", self.actor, note, id=f"{note['id']}/activity")

    def follow(self) -> Json:
        """Return a Follow of the Group of practice records."""
        return self.peer.activity("Follow", self.actor, GROUP)

    def _next(self) -> tuple[str, Json]:
        is_follow = next(self.numbers) % 4 == 3
        return (FOLLOW, self.follow()) if is_follow else (REPLY, self.reply())


async def write_on(writers: Sequence[Writer], stop: asyncio.Event, *, pause: float = 0.02) -> None:
    """Let all write at once until `stop` is set."""

    async def write(writer: Writer) -> None:
        while not stop.is_set():
            await writer.say()
            await asyncio.sleep(pause)

    await asyncio.gather(*(write(writer) for writer in writers))


async def finish(writers: Sequence[Writer], *, seconds: float = 30.0) -> None:
    """Let everybody repeat what has no answer yet; each has so many seconds."""
    for writer in writers:
        async with asyncio.timeout(seconds):
            while writer.waiting is not None:
                await writer.say()
                await asyncio.sleep(PAUSE_SECONDS)


async def befriend(people: Sequence[tuple[Peer, PeerActor]]) -> None:
    """Let each of them follow the member of the running node, and return when all were accepted."""

    async def follow(peer: Peer, actor: PeerActor) -> None:
        activity = peer.activity("Follow", actor, MEMBER)
        reply = await peer.post_activity(f"{MEMBER}/inbox", activity, actor=actor, scheme="cavage")
        assert reply.status == 202, reply

    await asyncio.gather(*(follow(peer, actor) for peer, actor in people))
    numbers = Counter(peer.host for peer, _ in people)
    for peer in {peer.host: peer for peer, _ in people}.values():
        await peer.expect(numbers[peer.host], kind="Accept", seconds=60)
