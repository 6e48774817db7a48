"""Foreign actors as rows: those read at the same time are kept in one transaction and a few statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from node.community import erasure, search_entries
from node.community.actors import findable
from node.community.foreign_actor_draft import ForeignActor, ForeignKey
from node.community.once import Columns
from node.community.tables import insert_missing, update_all
from node.database import among, atomic, execute, moment, rows
from node.errors import CommunityError, NotAllowed, Withdrawn
from node.models import Actor, ActorKey, ActorState, Host
from node.text.links import with_true_hosts
from node.text.plain import plain_name, plain_text
from node.text.sanitise import clean

MOST_FIELDS = 16
MOST_KEYS = 8
MOST_ALIASES = 20
LONGEST_DISPLAY_NAME = 120
_TAKEN_OVER = (
    *("uri", "kind", "name", "host", "url", "inbox_url", "shared_inbox_url", "outbox_url", "followers_uri"),
    *("following_uri", "featured_uri", "avatar_url", "header_url", "manually_approves", "discoverable", "indexable"),
    *("moved_to", "published_at", "document"),
)
Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Kept:
    """One actor that is kept: its columns, its keys, and its row if it had one."""

    columns: Columns
    keys: Mapping[str, ForeignKey]
    known: Row | None

    @property
    def uri(self) -> str:
        """Return the actor's id."""
        return str(self.columns["uri"])


async def keep_all(drafts: Sequence[ForeignActor], *, now: datetime) -> list[int | CommunityError]:
    """Keep foreign actors as they are now; their keys are replaced by those of the drafts.

    Args:
        drafts: read from the actors' own addresses, or proven by their signatures; of two with one id the last counts.

    Returns:
        for each the number of its row, or why it is not kept: NotAllowed or Withdrawn.
    """
    latest = {draft.uri: draft for draft in drafts}
    columns = {uri: await _columns(draft) for uri, draft in sorted(latest.items())}
    async with atomic():
        known = {str(row["uri"]): row for row in await _known(columns)}
        refused = await _refused(latest, known)
        kept = [
            _Kept(each | _dated(latest[uri], known.get(uri), now), _keys(latest[uri]), known.get(uri))
            for uri, each in columns.items()
            if uri not in refused
        ]
        numbers = await _written(kept, now=now) if kept else {}
    return [refused[draft.uri] if draft.uri in refused else numbers[draft.uri] for draft in drafts]


async def _columns(draft: ForeignActor) -> Columns:
    bio = with_true_hosts(await clean(draft.bio_html))
    profile = [
        {"name": plain_name(field.name), "value": with_true_hosts(await clean(field.value_html)).html}
        for field in draft.fields[:MOST_FIELDS]
    ]
    return {
        **{name: getattr(draft, name) for name in _TAKEN_OVER},
        "display_name": plain_name(draft.display_name, limit=LONGEST_DISPLAY_NAME) or draft.name,
        "bio_html": bio.html,
        "bio_source": plain_text(bio.html),
        "language": draft.language[:35],
        "also_known_as": list(draft.also_known_as[:MOST_ALIASES]),
        "profile_fields": profile,
    }


def _dated(draft: ForeignActor, known: Row | None, now: datetime) -> Columns:
    created = now if known is None else moment(known["created_at"])
    return {"state": _state(draft, known), "created_at": created, "updated_at": now, "fetched_at": now}


def _state(draft: ForeignActor, known: Row | None) -> ActorState:
    """Keep a suspension that we decided: only one that its own server declared ends by its own word."""
    if draft.is_suspended or (known is not None and known["suspended_at"] is not None):
        return ActorState.SUSPENDED
    if known is None or says_suspended(known["document"]):
        return ActorState.ACTIVE
    return ActorState(str(known["state"]))


def says_suspended(document: object) -> bool:
    """Tell whether an actor's document, JSON as it was read, says that the actor is suspended."""
    return bool(isinstance(document, str) and document and orjson.loads(document).get("suspended"))


def _keys(draft: ForeignActor) -> Mapping[str, ForeignKey]:
    return {key.key_id: key for key in draft.keys[:MOST_KEYS]}


async def _known(uris: Iterable[str]) -> list[Row]:
    condition, values = among("uri", uris)
    return await rows(
        "SELECT id, uri, is_local, state, suspended_at, created_at, document "  # noqa: S608
        f"FROM actor WHERE {condition}",
        values,
    )


async def _refused(drafts: Mapping[str, ForeignActor], known: Mapping[str, Row]) -> dict[str, CommunityError]:
    ours = {str(row["host"]) for row in await rows("SELECT DISTINCT host FROM actor WHERE local_name IS NOT NULL")}
    gone = await erasure.gone_among(drafts)
    refused: dict[str, CommunityError] = {}
    for uri, draft in drafts.items():
        row = known.get(uri)
        if row is not None and row["is_local"]:
            refused[uri] = NotAllowed(f"{uri} is an actor of ours")
        elif draft.host in ours:
            refused[uri] = NotAllowed(f"{draft.host} is our host")
        elif uri in gone or (row is not None and row["state"] == ActorState.GONE):
            refused[uri] = Withdrawn(f"{uri} was deleted")
    return refused


async def _written(kept: Sequence[_Kept], *, now: datetime) -> dict[str, int]:
    """Write actors and what belongs to them, in the order of their ids; return the numbers of their rows."""
    new = [each for each in kept if each.known is None]
    old = [each for each in kept if each.known is not None]
    await insert_missing(Actor, [each.columns for each in new])
    await update_all(Actor, [each.columns for each in old], key="uri")
    hosts = sorted({str(each.columns["host"]) for each in new})
    await insert_missing(Host, [{"name": name, "first_seen_at": now} for name in hosts])
    condition, values = among("uri", [each.uri for each in kept])
    found = await rows(f"SELECT id, uri FROM actor WHERE {condition}", values)  # noqa: S608
    numbers = {str(row["uri"]): int(str(row["id"])) for row in found}
    await _replace_keys({numbers[each.uri]: each.keys for each in kept}, [numbers[each.uri] for each in old], now=now)
    await _make_findable(kept)
    return numbers


async def _replace_keys(wanted: Mapping[int, Mapping[str, ForeignKey]], known: Sequence[int], *, now: datetime) -> None:
    """Let each actor hold exactly these keys; an id that another actor holds stays with that actor."""
    if known:
        condition, values = among("actor_id", known)
        held = await rows(f"SELECT id, key_id, actor_id FROM actor_key WHERE {condition}", values)  # noqa: S608
        await _drop(int(str(row["id"])) for row in held if row["key_id"] not in wanted[int(str(row["actor_id"]))])
    ids = [key_id for keys in wanted.values() for key_id in keys]
    if ids:
        condition, values = among("key_id", ids)
        there = await rows(f"SELECT id, key_id, actor_id FROM actor_key WHERE {condition}", values)  # noqa: S608
        await _put_keys(wanted, {str(row["key_id"]): row for row in there}, now=now)


async def _put_keys(wanted: Mapping[int, Mapping[str, ForeignKey]], there: Mapping[str, Row], *, now: datetime) -> None:
    new: dict[str, Columns] = {}
    changed: list[Columns] = []
    for owner, keys in wanted.items():
        for key_id, key in keys.items():
            held = there.get(key_id)
            told = {"kind": key.kind, "public": key.public, "fetched_at": now, "retired_at": None}
            if held is None:
                new.setdefault(key_id, {"key_id": key_id, "actor_id": owner, "created_at": now, **told})
            elif held["actor_id"] == owner:
                changed.append({"id": held["id"], **told})
    await insert_missing(ActorKey, [new[key_id] for key_id in sorted(new)])
    await update_all(ActorKey, changed, key="id")


async def _drop(numbers: Iterable[int]) -> None:
    ids = list(numbers)
    if ids:
        condition, values = among("id", ids)
        await execute(f"DELETE FROM actor_key WHERE {condition}", values)  # noqa: S608


async def _make_findable(kept: Sequence[_Kept]) -> None:
    """Keep search in step: found is who is active and asks to be found; who is new has no entry that could go."""
    asked = [each for each in kept if each.columns["discoverable"] and each.columns["state"] is ActorState.ACTIVE]
    await search_entries.enter_all(findable(Actor(**each.columns)) for each in asked)
    hidden = [each.uri for each in kept if each.known is not None and each not in asked]
    if hidden:
        await search_entries.leave(*hidden)
