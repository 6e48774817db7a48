"""What an Announce passes on: an object, or a whole activity of somebody else, which is never believed. Pure.

A forum sends its followers every activity of its people inside an Announce. Whoever passes it on has signed it, its
actor has not: what the activity is about is read from its own origin, and nothing else of it counts.
"""

from federation.errors import Malformed
from federation.names import canonical_uri
from federation.vocabulary.types import Activity

BROUGHT = frozenset({"Create"})
"""Brings something new; followers of the forum meet it."""
CHANGED = frozenset({"Update", "Delete"})
"""Concerns only what we hold already."""
ACTIVITIES = frozenset(
    {"Accept", "Add", "Announce", "Block", "Dislike", "EmojiReact", "Flag", "Follow", "Join", "Leave", "Like", "Lock"}
    | {"Move", "Reject", "Remove", "Undo"}
    | BROUGHT
    | CHANGED
)


def is_wrapped(activity: Activity) -> bool:
    """Tell whether an Announce passes on an activity and not an object. Spec: FEP-1b12."""
    return activity.object is not None and activity.object.type in ACTIVITIES


def wrapped_type(activity: Activity) -> str:
    """Return the type of the activity that is passed on, empty where an object is."""
    return str(activity.object.type) if activity.object is not None and is_wrapped(activity) else ""


def passed_on(activity: Activity, *, relaxed: bool) -> str | None:
    """Return the URI of what is passed on, None if there is none to be read."""
    about = activity.object
    if about is None or not is_wrapped(activity):
        return about.id if about is not None else None
    if about.type not in BROUGHT | CHANGED or about.document is None:
        return None
    inner = about.document.get("object")
    inner = inner.get("id") if isinstance(inner, dict) else inner
    try:
        return canonical_uri(inner, relaxed=relaxed).text
    except Malformed:
        return None
