"""Any object by its URI: what answers, likes, boosts and threads need to know of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from node.community.visibility import Readable
from node.database import marks, rows
from node.models import Actor, ActorState, Admission, Event, Mention, Post, Practice, Visibility

AT_ONCE = 200
_TABLES = ("post", "practice", "event")
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
    wanted = list(dict.fromkeys(uris))
    if not wanted:
        return {}
    kinds = await _kinds(wanted)
    posts = await Post.filter(uri__in=kinds["post"]) if kinds["post"] else []
    practices = await Practice.filter(uri__in=kinds["practice"]) if kinds["practice"] else []
    events = await Event.filter(uri__in=kinds["event"]) if kinds["event"] else []
    await _load_publishers(posts, [*practices, *events])
    named = await _mentioned(row.uri for row in posts) if posts else {}
    found = {row.uri: of_post(row, named.get(row.uri, frozenset())) for row in posts}
    found |= {row.uri: of_record(row) for row in practices}
    return found | {row.uri: of_record(row) for row in events}


async def _kinds(wanted: Sequence[str]) -> dict[str, list[str]]:
    """Return which of the addresses are in which table: one short statement, since most are in one or in none."""
    found: dict[str, list[str]] = {name: [] for name in _TABLES}
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        parts = [f"SELECT '{name}' AS kind, uri FROM {name} WHERE uri IN ({marks(len(some))})" for name in _TABLES]  # noqa: S608
        for row in await rows(" UNION ALL ".join(parts), [*some] * len(_TABLES)):
            found[str(row["kind"])].append(str(row["uri"]))
    return found


async def _load_publishers(posts: Sequence[Post], records: Sequence[Practice | Event]) -> None:
    """Give each row its publisher; a join would build a statement of all columns of both tables each time."""
    ids = {row.author_id for row in posts} | {row.publisher_id for row in records}
    if not ids:
        return
    actors = {actor.id: actor for actor in await Actor.filter(id__in=list(ids))}
    for post in posts:
        post.author = actors[post.author_id]
    for record in records:
        record.publisher = actors[record.publisher_id]


async def _mentioned(uris: Iterable[str]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for row in await Mention.filter(object_uri__in=list(uris)):
        found.setdefault(row.object_uri, set()).add(row.actor_id)
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
