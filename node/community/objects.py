"""Any object by its URI: what answers, likes, boosts and threads need to know of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from node.community.visibility import OPEN, Readable
from node.database import few_sizes, marks, rows
from node.models import Actor, ActorState, Admission, Event, Post, Practice, Visibility

AT_ONCE = 200
_RECORD = (
    "publisher_id, author_id AS owner_member_id, uri AS thread_uri, CAST(NULL AS VARCHAR) AS context_uri, admission"
)
_COLUMNS = {
    "post": (
        "author_id AS publisher_id, CAST(NULL AS BIGINT) AS owner_member_id, thread_uri, context_uri, '' AS admission"
    ),
    "practice": _RECORD,
    "event": _RECORD,
}
"""What each table tells of its rows; a new part of `Known` is read here."""
OUTSIDE = frozenset({Admission.HELD, Admission.REFUSED})
"""What stands outside our library: no editor has let it in, or one has kept it out."""


@dataclass(frozen=True, slots=True)
class Known:
    """A post, practice or event that we hold.

    Args:
        kind: post, practice or event.
        publisher: its author on the wire.
        owner_member_id: the member behind a record or event that a Group published.
        thread_uri: the top of its thread.
    """

    uri: str
    kind: str
    publisher: Actor
    owner_member_id: int | None
    is_local: bool
    visibility: Visibility
    thread_uri: str
    context_uri: str | None
    is_withdrawn: bool
    mentioned: frozenset[int] = frozenset()
    is_held: bool = False

    @property
    def readable(self) -> Readable:
        """What the rule of visibility needs."""
        return Readable(
            self.visibility,
            self.publisher.id,
            self.publisher.host,
            self.owner_member_id,
            self.mentioned,
            is_withdrawn=self.is_withdrawn,
            is_held=self.is_held,
            is_silenced=self.publisher.state is not ActorState.ACTIVE,
        )


async def find(uri: str) -> Known | None:
    """Find what we hold under `uri`, withdrawn or not."""
    return (await find_all([uri])).get(uri)


async def find_all(uris: Iterable[str]) -> dict[str, Known]:
    """Find several objects at once, by URI."""
    found = await _rows(list(dict.fromkeys(uris)))
    if not found:
        return {}
    actors = {actor.id: actor for actor in await Actor.filter(id__in=list({row["publisher_id"] for row in found}))}
    named = await _mentioned(str(row["uri"]) for row in found if row["kind"] == "post")
    return {str(row["uri"]): _known(row, actors, named) for row in found}


async def kinds_of(uris: Iterable[str]) -> dict[str, str]:
    """Return whether each that we hold, withdrawn or not, is a post, practice or event, by URI."""
    wanted = few_sizes(uris)
    if not wanted:
        return {}
    parts = [f"SELECT '{kind}' AS kind, uri FROM {kind} WHERE uri IN ({marks(len(wanted))})" for kind in _COLUMNS]  # noqa: S608
    found = await rows(" UNION ALL ".join(parts), wanted * len(parts))
    return {str(row["uri"]): str(row["kind"]) for row in found}


async def of_posts(found: Iterable[Post]) -> list[tuple[Post, Known]]:
    """Describe posts; their authors must be loaded."""
    posts = list(found)
    named = await _mentioned(post.uri for post in posts if post.visibility not in OPEN)
    return [(post, of_post(post, named.get(post.uri, frozenset()))) for post in posts]


async def held_among(uris: Iterable[str]) -> frozenset[str]:
    """Return those of the URIs under which we hold something, withdrawn or not."""
    wanted = few_sizes(uris)
    if not wanted:
        return frozenset()
    parts = [f"SELECT uri FROM {kind} WHERE uri IN ({marks(len(wanted))})" for kind in _COLUMNS]  # noqa: S608
    return frozenset(str(row["uri"]) for row in await rows(" UNION ALL ".join(parts), wanted * len(parts)))


async def _rows(wanted: Sequence[str]) -> list[Mapping[str, object]]:
    """Read what all kinds have in common: one short statement, since most addresses are in one table or in none."""
    found: list[Mapping[str, object]] = []
    for start in range(0, len(wanted), AT_ONCE):
        some = few_sizes(wanted[start : start + AT_ONCE])
        parts = [
            f"SELECT '{kind}' AS kind, uri, is_local, visibility, withdrawn_at, {columns} "  # noqa: S608
            f"FROM {kind} WHERE uri IN ({marks(len(some))})"
            for kind, columns in _COLUMNS.items()
        ]
        found += await rows(" UNION ALL ".join(parts), some * len(parts))
    return found


def _known(row: Mapping[str, object], actors: Mapping[int, Actor], named: Mapping[str, frozenset[int]]) -> Known:
    uri, context = str(row["uri"]), row["context_uri"]
    return Known(
        uri=uri,
        kind=str(row["kind"]),
        publisher=actors[cast(int, row["publisher_id"])],
        owner_member_id=cast("int | None", row["owner_member_id"]),
        is_local=bool(row["is_local"]),
        visibility=Visibility(str(row["visibility"])),
        thread_uri=str(row["thread_uri"]),
        context_uri=None if context is None else str(context),
        is_withdrawn=row["withdrawn_at"] is not None,
        mentioned=named.get(uri, frozenset()),
        is_held=row["admission"] in OUTSIDE,
    )


async def _mentioned(uris: Iterable[str]) -> dict[str, frozenset[int]]:
    wanted = few_sizes(uris)
    if not wanted:
        return {}
    found: dict[str, set[int]] = {}
    sql = f"SELECT object_uri, actor_id FROM mention WHERE object_uri IN ({marks(len(wanted))})"  # noqa: S608
    for row in await rows(sql, wanted):
        found.setdefault(str(row["object_uri"]), set()).add(cast(int, row["actor_id"]))
    return {uri: frozenset(ids) for uri, ids in found.items()}


def of_post(row: Post, mentioned: frozenset[int] = frozenset()) -> Known:
    """Describe a post; its author must be loaded."""
    return Known(
        uri=row.uri,
        kind="post",
        publisher=row.author,
        owner_member_id=None,
        is_local=row.is_local,
        visibility=row.visibility,
        thread_uri=row.thread_uri,
        context_uri=row.context_uri,
        is_withdrawn=row.withdrawn_at is not None,
        mentioned=mentioned,
    )


def of_record(row: Practice | Event) -> Known:
    """Describe a practice or event; its publisher must be loaded."""
    return Known(
        uri=row.uri,
        kind="practice" if isinstance(row, Practice) else "event",
        publisher=row.publisher,
        owner_member_id=row.author_id,
        is_local=row.is_local,
        visibility=row.visibility,
        thread_uri=row.uri,
        context_uri=None,
        is_withdrawn=row.withdrawn_at is not None,
        is_held=row.admission in OUTSIDE,
    )
