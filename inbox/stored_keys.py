"""Keys of others as the database knows them; those asked for at the same time are read together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from federation.keys import PublicKey, load_multibase, load_public_pem
from node.database import among, rows
from node.models import ActorState, KeyKind

MOST_TOGETHER = 64
_SELECT = (
    "SELECT k.key_id, k.kind, k.public, a.id, a.uri, a.is_local, a.state "
    "FROM actor_key k JOIN actor a ON a.id = k.actor_id WHERE k.retired_at IS NULL AND "
)


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key and the row id of the actor that owns it; `public.owner` is the actor's URI."""

    public: PublicKey
    actor_id: int


async def stored(key_ids: Sequence[str]) -> list[KnownKey | None | Exception]:
    """Return the keys with these ids (canonical), None for those nobody here holds.

    The id of an actor that has only one key names that key.
    """
    by_key = _grouped(await _read("k.key_id", key_ids), "key_id")
    missing = [key_id for key_id in key_ids if key_id not in by_key]
    by_actor = _grouped(await _read("a.uri", missing), "uri") if missing else {}
    return [_known(key_id, by_key.get(key_id) or by_actor.get(key_id, [])) for key_id in key_ids]


async def _read(column: str, wanted: Sequence[str]) -> list[Mapping[str, object]]:
    condition, values = among(column, wanted)
    return await rows(_SELECT + condition, values)


def _grouped(found: Iterable[Mapping[str, object]], column: str) -> dict[str, list[Mapping[str, object]]]:
    groups: dict[str, list[Mapping[str, object]]] = {}
    for row in found:
        groups.setdefault(str(row[column]), []).append(row)
    return groups


def _known(key_id: str, found: Sequence[Mapping[str, object]]) -> KnownKey | None:
    if len(found) != 1 or found[0]["is_local"] or found[0]["state"] == ActorState.GONE:
        return None
    row = found[0]
    load = load_public_pem if row["kind"] == KeyKind.RSA else load_multibase
    return KnownKey(load(str(row["public"]), id=key_id, owner=str(row["uri"])), int(str(row["id"])))
