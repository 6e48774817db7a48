"""Practices and events as pages show them, many at once in a few queries."""

from collections.abc import Sequence

from node.community import attachments
from node.community.event_values import place_line, place_of
from node.community.once import Columns
from node.community.practice_terms import SECTIONS
from node.community.reactions import hashtags_on, reactions_to
from node.community.roles import is_at_least
from node.community.shown_actors import actor_view, credited_members
from node.community.shown_posts import ANSWERABLE
from node.community.views import EventView, PracticeView, Rights
from node.community.visibility import OPEN, Viewer
from node.models import ActorKind, Admission, Event, Practice, Role, Visibility


async def show_practices(rows: Sequence[Practice], viewer: Viewer) -> list[PracticeView]:
    """Return records with everything their pages show.

    Args:
        rows: may be read by the viewer; their publishers are loaded.
    """
    beside = await _beside(rows, viewer)
    return [
        PracticeView(
            **_common(row, viewer),
            **beside[row.uri],
            record_kind=row.kind,
            stage=row.stage,
            version=row.version,
            summary=row.summary,
            status=row.status,
            outcome=row.outcome,
            license=row.license,
            countries=tuple(row.country.split()),
            facts=row.facts,
            sections=tuple((name, row.sections_html[name]) for name in SECTIONS if name in row.sections_html),
        )
        for row in rows
    ]


async def show_events(rows: Sequence[Event], viewer: Viewer) -> list[EventView]:
    """Return events with everything their pages show.

    Args:
        rows: may be read by the viewer; their publishers are loaded.
    """
    beside = await _beside(rows, viewer)
    same = ("teaser", "start_at", "end_at", "time_zone", "online_url", "status", "join_mode", "sequence")
    return [
        EventView(
            **_common(row, viewer),
            **beside[row.uri],
            **{name: getattr(row, name) for name in same},
            place=place_of(row),
            place_line=place_line(row),
            category=str(row.details.get("category", "meeting")),
        )
        for row in rows
    ]


async def _beside(rows: Sequence[Practice | Event], viewer: Viewer) -> dict[str, Columns]:
    """Return what other tables know of these rows, by URI."""
    uris = [row.uri for row in rows]
    if not uris:
        return {}
    reactions, tags, pictures = (
        await reactions_to(uris, viewer),
        await hashtags_on(uris),
        await attachments.beside(uris),
    )
    people = await credited_members(row.author_id for row in rows)
    return {
        row.uri: {
            "reactions": reactions[row.uri],
            "hashtags": tags.get(row.uri, ()),
            "pictures": pictures.get(row.uri, ()),
            "credited": people.get(row.author_id) if row.author_id is not None else None,
        }
        for row in rows
    }


def _common(row: Practice | Event, viewer: Viewer) -> Columns:
    same = ("id", "uri", "is_local", "visibility", "admission", "title", "content_html", "language")
    folder = "practices" if isinstance(row, Practice) else "events"
    return {
        **{name: getattr(row, name) for name in same},
        "public_id": row.public_id or "",
        "author": actor_view(row.publisher),
        "url": row.url or row.uri,
        "path": f"/{folder}/{row.public_id}" if row.is_local else "",
        "rights": _rights(row, viewer),
        "published_at": row.published_at or row.updated_at,
        "updated_at": row.updated_at if row.published_at != row.updated_at else None,
        "is_listed": row.visibility is Visibility.PUBLIC and row.admission is Admission.ADMITTED,
    }


def _rights(row: Practice | Event, viewer: Viewer) -> Rights:
    is_own = viewer.member_id is not None and row.author_id == viewer.member_id
    is_groups = isinstance(row, Practice) or row.publisher.kind is ActorKind.GROUP
    may_edit = row.is_local and (is_own or (is_groups and is_at_least(viewer.role, Role.EDITOR)))
    is_moderator = isinstance(row, Event) and is_at_least(viewer.role, Role.MODERATOR)
    return Rights(
        may_edit=may_edit,
        may_withdraw=may_edit or (row.is_local and is_moderator),
        may_answer=viewer.is_member and row.visibility in ANSWERABLE,
        may_boost=viewer.is_member and row.visibility in OPEN,
    )
