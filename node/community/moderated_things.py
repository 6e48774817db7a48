"""What moderators do to a thing: mark it, withdraw it from view, bring it back, erase it for good.

Called in the transaction of the act; other servers are told by the journal.
"""

from datetime import datetime

from node.community import erasure, journal
from node.community.desk_facts import EventRestored, PostRestored, PracticeRestored
from node.community.fact import Fact
from node.community.facts import EventWithdrawn, PostEdited, PostWithdrawn, PracticeWithdrawn
from node.community.practices import is_told
from node.errors import Conflict, Invalid
from node.i18n import gettext as _
from node.models import Event, Post, Practice, PracticeVersion, SearchEntry, Visibility

Row = Post | Practice | Event
_MODELS: dict[str, type[Post] | type[Practice] | type[Event]] = {"post": Post, "practice": Practice, "event": Event}


async def row_of(uri: str, kind: str) -> Row:
    """Return the row of a thing, locked.

    Raises:
        Conflict: it is not here any more.
    """
    row = await _MODELS[kind].filter(uri=uri).select_for_update().first()
    if row is None:
        raise Conflict(f"{uri} is not here any more")
    return row


async def mark(row: Row, warning: str, *, by_member_id: int, now: datetime) -> dict[str, object]:
    """Put a content warning on a post; return what undoing has to know.

    Raises:
        Invalid: no post, or no warning.
    """
    if not isinstance(row, Post):
        raise Invalid({"kind": _("Only posts can carry a warning.")})
    if not warning:
        raise Invalid({"warning": _("Write what readers are to see first.")})
    before: dict[str, object] = {"warning": row.warning, "sensitive": row.sensitive}
    row.warning = row.imposed_warning = warning
    row.sensitive = True
    await _save_mark(row, by_member_id=by_member_id, now=now)
    return before


async def unmark(row: Row, before: dict[str, object], *, by_member_id: int, now: datetime) -> None:
    """Take a moderator's warning off a post; what its author has written since stays."""
    if not isinstance(row, Post) or not row.imposed_warning:
        return
    if row.warning == row.imposed_warning:
        row.warning, row.sensitive = str(before.get("warning", "")), bool(before.get("sensitive"))
    row.imposed_warning = ""
    await _save_mark(row, by_member_id=by_member_id, now=now)


async def take_away(row: Row, *, is_kept: bool, by_member_id: int, now: datetime) -> None:
    """Withdraw something from view everywhere; its words stay until they are erased.

    Args:
        is_kept: hidden for as long as it takes, rather than deleted.

    Raises:
        Conflict: it is withdrawn already.
    """
    if row.withdrawn_at is not None:
        raise Conflict(f"{row.uri} is withdrawn already")
    await _MODELS[_kind(row)].filter(id=row.id).update(withdrawn_at=now, hidden_at=now if is_kept else None)
    await SearchEntry.filter(object_uri=row.uri).update(visibility=Visibility.DRAFT)
    fact = _withdrawn(row)
    if fact is not None:
        await journal.note(fact, at=now, by_member_id=by_member_id)


async def bring_back(row: Row, *, by_member_id: int, now: datetime) -> None:
    """Let something that a moderator withdrew be seen again.

    Raises:
        Conflict: it stands, or its words are gone.
    """
    if row.withdrawn_at is None or _is_empty(row):
        raise Conflict(f"{row.uri} can't come back")
    await _MODELS[_kind(row)].filter(id=row.id).update(withdrawn_at=None, hidden_at=None)
    await SearchEntry.filter(object_uri=row.uri).update(visibility=row.visibility)
    fact = _restored(row) if _withdrawn(row) is not None else None
    if fact is not None:
        await journal.note(fact, at=now, by_member_id=by_member_id)


async def erase(uri: str, kind: str, *, now: datetime) -> None:
    """Erase something for good: ours leaves its address, of another server's nothing but the id stays."""
    row = await _MODELS[kind].filter(uri=uri).first()
    if row is None or row.withdrawn_at is None:
        return
    if not row.is_local:
        actor_uri = await _publisher_uri(row)
        await erasure.erase_traces([uri])
        await _MODELS[kind].filter(id=row.id).delete()
        await erasure.remember_gone(uri, actor_uri, now=now)
        return
    await erasure.erase_around([uri])
    if isinstance(row, Post):
        await Post.filter(id=row.id).update(source="", content_html="", warning="", title="", imposed_warning="")
    elif isinstance(row, Event):
        await Event.filter(id=row.id).update(source="", content_html="", teaser="", place={}, online_url=None)
    else:
        await Practice.filter(id=row.id).update(summary="", facts={}, sections={}, sections_html={}, content_html="")
        await PracticeVersion.filter(practice_id=row.id).delete()


async def _save_mark(row: Post, *, by_member_id: int, now: datetime) -> None:
    columns = {"warning": row.warning, "imposed_warning": row.imposed_warning, "sensitive": row.sensitive}
    is_told_of = row.is_local and row.visibility is not Visibility.DRAFT and row.withdrawn_at is None
    await Post.filter(id=row.id).update(**columns, **({"updated_at": now} if is_told_of else {}))
    if is_told_of:
        await journal.note(PostEdited(row.id), at=now, by_member_id=by_member_id)


def _kind(row: Row) -> str:
    return next(kind for kind, model in _MODELS.items() if isinstance(row, model))


def _withdrawn(row: Row) -> Fact | None:
    """Return what other servers are told, None if they never heard of it."""
    if not row.is_local:
        return None
    if isinstance(row, Post):
        return PostWithdrawn(row.id) if row.visibility is not Visibility.DRAFT else None
    if isinstance(row, Practice):
        return PracticeWithdrawn(row.id) if is_told(row) else None
    return EventWithdrawn(row.id) if row.published_at is not None else None


def _restored(row: Row) -> Fact:
    if isinstance(row, Post):
        return PostRestored(row.id)
    return PracticeRestored(row.id) if isinstance(row, Practice) else EventRestored(row.id)


def _is_empty(row: Row) -> bool:
    """Tell whether its words were erased meanwhile, by its author's leaving for instance."""
    if isinstance(row, Practice):
        return not (row.summary or row.sections or row.content_html)
    return not (row.content_html or row.title)


async def _publisher_uri(row: Row) -> str:
    publisher = await (row.author if isinstance(row, Post) else row.publisher)
    return publisher.uri
