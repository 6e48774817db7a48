"""Reactions with a sign: an emoji, or the short code of a picture on the other server."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from node.community import notices, objects
from node.community.once import insert_once
from node.community.viewer import of_actor
from node.community.visibility import may_read
from node.database import atomic
from node.models import Actor, ActorState, Like, NotificationKind, Reaction
from node.policy.grants import Interact

LONGEST = 64
MOST_CODEPOINTS = 20
MOST_OF_ONE = 10
"""So many signs of one actor stand under one object."""
MOST_SHOWN = 30
PLAIN_LIKES = frozenset({"❤", "❤️", "♥", "♥️"})
"""What Misskey and its kin write for a plain like."""
_SHORT_CODE = re.compile(r":[A-Za-z0-9_.+-]{1,60}:")
_KEYCAP = "\N{COMBINING ENCLOSING KEYCAP}"
_PICTURES = frozenset({"So", "Sk"})
_JOINING = frozenset({"Mn", "Me", "Cf"})


@dataclass(frozen=True, slots=True)
class ForeignSign:
    """A reaction of a foreign actor.

    Args:
        actor: who was proven to do it.
        object_uri: an object that we hold.
        content: as sent; an empty one is no sign.
        activity_uri: its id.
    """

    actor: Actor
    object_uri: str
    content: str
    activity_uri: str


def sign_of(content: str) -> str:
    """Return a foreign sign as it is kept, empty if it is none: words are no reaction.

    Args:
        content: as sent; a picture of another server may be named `:code@host:`.
    """
    text = content.strip()
    if text.startswith(":"):
        code = f":{text.strip(':').partition('@')[0]}:"
        return code if len(code) <= LONGEST and _SHORT_CODE.fullmatch(code) else ""
    if not 0 < len(text) <= MOST_CODEPOINTS:
        return ""
    return text if _is_picture(text) else ""


def _is_picture(text: str) -> bool:
    if _KEYCAP in text:
        return text.replace("\N{VARIATION SELECTOR-16}", "") in {f"{key}{_KEYCAP}" for key in "0123456789#*"}
    kinds = {unicodedata.category(char) for char in text}
    is_honest = not any(unicodedata.bidirectional(char) in {"RLO", "LRO", "RLE", "LRE", "PDF"} for char in text)
    return is_honest and bool(kinds & _PICTURES) and kinds <= _PICTURES | _JOINING | {"Sm", "Po"}


async def received(given: ForeignSign, *, now: datetime, grant: Interact = Interact.YES) -> bool:
    """Keep a foreign reaction to something that we hold; tell whether it is new. Spec: FEP-c0e0."""
    sign = sign_of(given.content)
    thing = await objects.find(given.object_uri)
    if not sign or thing is None or thing.is_withdrawn or thing.publisher.state is not ActorState.ACTIVE:
        return False
    if given.actor.is_local or given.actor.state is not ActorState.ACTIVE or grant is Interact.NONE:
        return False
    if not may_read(await of_actor(given.actor), thing.readable):
        return False
    async with atomic():
        own = Reaction.filter(actor_id=given.actor.id, object_uri=thing.uri)
        if await own.count() >= MOST_OF_ONE:
            return False
        key = {"actor_id": given.actor.id, "object_uri": thing.uri, "content": sign}
        _row, is_new = await insert_once(Reaction, key, {"activity_uri": given.activity_uri, "created_at": now})
        if is_new:
            await notices.tell_owner(thing, NotificationKind.LIKE, given.actor, object_uri=thing.uri, now=now)
    return is_new


async def taken_back(actor: Actor, object_uri: str, content: str = "") -> bool:
    """Take back a foreign actor's own sign, or all of them where none is named; tell whether there was one.

    Spec: security T-19.
    """
    if actor.is_local:
        return False
    async with atomic():
        rows = Reaction.filter(actor_id=actor.id, object_uri=object_uri)
        if content:
            rows = rows.filter(content=sign_of(content))
        gone = await rows.delete()
        left = await Reaction.exists(actor_id=actor.id, object_uri=object_uri)
        if gone and not left and not await Like.exists(actor_id=actor.id, object_uri=object_uri):
            await notices.untell(NotificationKind.LIKE, actor, object_uri=object_uri)
        return bool(gone)


async def by_activity(activity_uri: str) -> Reaction | None:
    """Find the reaction that an activity made, its actor loaded."""
    return await Reaction.filter(activity_uri=activity_uri).order_by("id").select_related("actor").first()


def most_frequent(given: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return the signs under an object that pages show, the most frequent first."""
    return sorted(given, key=lambda sign: (-sign[1], sign[0]))[:MOST_SHOWN]
