"""Before an activity is applied: what it does not carry itself, read from its origin within one budget."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from federation.client import Budget
from federation.errors import Gone
from federation.names import canonical_uri, same_origin
from federation.vocabulary.types import Activity, ParsedObject
from inbox.fetch import Fetcher
from inbox.passed_on import CHANGED, passed_on, wrapped_type
from node.models import Actor, Event, Follow, FollowState, Post, Practice

CARRIES_OBJECT = frozenset({"Create", "Update"})


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was read.

    Args:
        objects: by the URI that the activity names.
        gone_uri: the object whose origin answered 410.
    """

    objects: Mapping[str, ParsedObject] = field(default_factory=dict)
    gone_uri: str | None = None


NOTHING = Gathered()


async def gather(uri: str, fetcher: Fetcher, *, now: datetime) -> Gathered:
    """Return what stands at `uri`, its author known, or that it is gone.

    Raises:
        Unreachable: try again later.
        Malformed, Refused: it can't be had.
    """
    try:
        found, _author = await fetcher.object_and_author(uri, budget=Budget(), now=now)
    except Gone:
        return Gathered(gone_uri=uri)
    return Gathered({uri: found})


async def wanted(activity: Activity, *, refetch: bool, relaxed: bool) -> str | None:
    """Return the object that has to be read from its origin before the activity is applied, if one has."""
    if activity.type == "Announce" and not refetch:
        return await _wanted_of_announce(activity, relaxed=relaxed)
    uri = activity.object.id if activity.object else None
    if uri is None:
        return None
    if refetch:
        return uri
    if activity.type in CARRIES_OBJECT and activity.object is not None:
        foreign = not same_origin(canonical_uri(uri, relaxed=relaxed), canonical_uri(activity.actor, relaxed=relaxed))
        return uri if foreign or activity.object.document is None else None
    return None


async def _wanted_of_announce(activity: Activity, *, relaxed: bool) -> str | None:
    """Return what is passed on, if somebody here follows who does and it is new, or ours has changed."""
    uri = passed_on(activity, relaxed=relaxed)
    if uri is None:
        return None
    is_about_held = wrapped_type(activity) in CHANGED
    if await _is_held(uri) is not is_about_held:
        return None
    return uri if await _is_followed(activity.actor) else None


async def _is_held(uri: str) -> bool:
    for rows in (Post, Practice, Event):
        if await rows.exists(uri=uri):
            return True
    return False


async def _is_followed(actor_uri: str) -> bool:
    actor = await Actor.get_or_none(uri=actor_uri)
    return actor is not None and await Follow.exists(target_id=actor.id, state=FollowState.ACCEPTED)
