"""Like, EmojiReact and Announce: the speaker likes something, reacts to it with a sign, or passes it on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from federation.vocabulary.types import (
    Activity,
    Document,
    EventDocument,
    NoteDocument,
    PracticeDocument,
)
from inbox.interpret.keep import keep_object
from inbox.passed_on import BROUGHT, CHANGED, is_wrapped, passed_on, wrapped_type
from inbox.scene import APPLIED, Footprint, Given, Outcome, Scene, ignored, require_object_uri
from node.community import interactions, signs, thread_search
from node.community.interactions import ForeignReaction
from node.community.signs import ForeignSign
from node.models import Actor, Post
from node.policy.grants import Interact

NOT_ADMITTED = "policy does not let this server interact"
NOT_BOOSTED = "we do not hold what is passed on, or it was passed on before"


class Receive(Protocol):
    """A verb of the community that keeps reactions and tells which of them are new."""

    async def __call__(self, given: Sequence[ForeignReaction], *, now: datetime) -> list[bool]:
        """Keep them in this order."""


async def like(activity: Activity, scene: Scene) -> Outcome:
    """Count a Like of something we hold; once an actor. One with a sign in it is a reaction.

    Spec: ActivityPub §7.10; FEP-c0e0.
    """
    if sign_in(activity.document) not in signs.PLAIN_LIKES | {""}:
        return await react(activity, scene)
    require_object_uri(activity.object.id if activity.object else None)
    return (await like_all([Given(activity, scene)]))[0]


def like_footprint(given: Given) -> Footprint | None:
    """Return what a plain Like touches; None for one with a sign, or if it does not say what is liked."""
    return _footprint(given) if sign_in(given.activity.document) in signs.PLAIN_LIKES | {""} else None


async def like_all(given: Sequence[Given]) -> list[Outcome]:
    """Count Likes as `like` does, many at once."""
    return await _all(given, interactions.received_likes, "we do not hold what is liked, or it was liked before")


async def react(activity: Activity, scene: Scene) -> Outcome:
    """Keep a reaction with a sign; each sign once an actor.

    Spec: FEP-c0e0.
    """
    uri = require_object_uri(activity.object.id if activity.object else None)
    grant = scene.decision.grants.interact
    given = ForeignSign(scene.speaker, uri, sign_in(activity.document), activity.id)
    is_new = await signs.received(given, grant=grant, now=scene.now)
    return APPLIED if is_new else ignored("no sign that is kept, of nothing that we hold, or given before")


def sign_in(document: Document) -> str:
    """Return the sign that an activity carries, empty if none; Misskey has a name of its own for it."""
    found = (document.get(name) for name in ("content", "_misskey_reaction"))
    return next((value.strip() for value in found if isinstance(value, str) and value.strip()), "")


async def announce(activity: Activity, scene: Scene) -> Outcome:
    """Note that something was passed on; what we do not hold was read from its origin beforehand.

    Spec: ActivityPub §7.11; FEP-1b12.
    """
    if scene.decision.grants.interact is Interact.NONE:
        return ignored(NOT_ADMITTED)
    uri = require_object_uri(passed_on(activity, relaxed=scene.relaxed))
    read = scene.fetched.get(uri)
    if isinstance(read, NoteDocument | EventDocument | PracticeDocument):
        author = await Actor.get_or_none(uri=read.attributed_to)
        if author is None:
            return ignored("the author of what is passed on could not be read")
        kept = await keep_object(read, author=author, scene=scene.of(author), is_solicited=True)
        if wrapped_type(activity) in CHANGED or (is_wrapped(activity) and _is_answer(read)):
            return kept
        uri = read.id
        if kept.applied:
            await thread_search.look_around_later(uri, now=scene.now)
    elif is_wrapped(activity) and (wrapped_type(activity) not in BROUGHT or await _is_held_answer(uri)):
        return ignored("an activity of somebody else that changes nothing here")
    given = ForeignReaction(scene.speaker, uri, activity.id)
    known = await interactions.received_boosts([given], now=scene.now)
    return APPLIED if known[0] else ignored(NOT_BOOSTED)


def announce_footprint(given: Given) -> Footprint | None:
    """Return what an Announce touches; None if its object was read for it and is kept first, or it is an activity."""
    about = given.activity.object
    is_alone = is_wrapped(given.activity) or (about is not None and about.id in given.scene.fetched)
    return None if is_alone else _footprint(given)


async def _is_held_answer(uri: str) -> bool:
    return await Post.exists(uri=uri, in_reply_to_uri__isnull=False)


def _is_answer(read: NoteDocument | EventDocument | PracticeDocument) -> bool:
    """Tell whether something is an answer: a forum passes these on so that they are known, not to recommend them."""
    return isinstance(read, NoteDocument) and read.in_reply_to is not None


async def announce_all(given: Sequence[Given]) -> list[Outcome]:
    """Note what was passed on as `announce` does, many at once."""
    return await _all(given, interactions.received_boosts, NOT_BOOSTED)


def _footprint(given: Given) -> Footprint | None:
    """Return that a reaction depends on its object and its speaker; the same one again finds it there."""
    uri = given.activity.object.id if given.activity.object else None
    if uri is None:
        return None
    return Footprint(reads=frozenset({uri, given.scene.speaker.uri}), changes=frozenset())


async def _all(given: Sequence[Given], receive: Receive, otherwise: str) -> list[Outcome]:
    admitted = [each for each in given if each.scene.decision.grants.interact is not Interact.NONE]
    new = dict(zip(map(id, admitted), await _received(admitted, receive), strict=True))
    outcomes = {True: APPLIED, False: ignored(otherwise), None: ignored(NOT_ADMITTED)}
    return [outcomes[new.get(id(each))] for each in given]


async def _received(given: Sequence[Given], receive: Receive) -> list[bool]:
    reactions = [
        ForeignReaction(each.scene.speaker, each.activity.object.id, each.activity.id)
        for each in given
        if each.activity.object is not None and each.activity.object.id is not None
    ]
    return await receive(reactions, now=given[0].scene.now) if reactions else []
