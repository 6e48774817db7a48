"""Actors of other servers that are read at the same time are kept together, each as if it came alone."""

from dataclasses import replace

from node.community import foreign_actors
from node.community.foreign_actors import ForeignKey
from node.errors import NotAllowed, Withdrawn
from node.models import Actor, ActorKey, ActorState, Host, KeyKind, SearchEntry
from node.settings import Settings
from tests.node.community.people import BERTA, CARLO, LATER, NOW, foreigner, home, member

DORA = replace(BERTA, uri="https://new.example/users/dora", name="dora", host="new.example", keys=())


def key_of(uri: str) -> ForeignKey:
    return ForeignKey(f"{uri}#main-key", KeyKind.RSA, f"PEM of {uri}")


async def test_one_who_may_not_be_kept_harms_nobody_who_is_kept_with_it(database: Settings) -> None:
    """V-L06, T-21."""
    await home()
    anna = await member()
    gone = await foreigner(CARLO)
    await foreign_actors.mark_gone(gone, now=NOW)
    false_anna = replace(DORA, uri=anna.actor.uri)

    ours, withdrawn, dora = await foreign_actors.keep_all([false_anna, CARLO, DORA], now=LATER)

    assert (type(ours), type(withdrawn)) == (NotAllowed, Withdrawn)
    assert dora == (await Actor.get(uri=DORA.uri)).id
    assert (await Actor.get(id=anna.actor_id)).is_local


async def test_new_and_known_actors_are_kept_with_their_keys_hosts_and_search_entries(database: Settings) -> None:
    berta = await foreigner(replace(BERTA, discoverable=True))
    hidden = replace(BERTA, discoverable=False, display_name="Hidden", keys=(key_of(BERTA.uri),))
    dora = replace(DORA, discoverable=True, keys=(key_of(DORA.uri),))
    theft = replace(DORA, uri="https://new.example/users/eve", name="eve", keys=(key_of(BERTA.uri),))

    numbers = await foreign_actors.keep_all([dora, hidden, theft, dora], now=LATER)

    rows = {row.uri: row for row in await Actor.all()}
    assert numbers == [rows[uri].id for uri in (dora.uri, BERTA.uri, theft.uri, dora.uri)]
    assert numbers[1] == berta.id
    assert [(rows[uri].display_name, rows[uri].created_at) for uri in (BERTA.uri, dora.uri)] == [
        ("Hidden", NOW),
        (rows[dora.uri].display_name, LATER),
    ]
    assert {row.state for row in rows.values()} == {ActorState.ACTIVE}
    assert sorted(await ActorKey.all().values_list("actor_id", "public")) == sorted(
        [(numbers[0], f"PEM of {dora.uri}"), (numbers[1], f"PEM of {BERTA.uri}")]
    )
    assert await Host.filter(name="new.example").count() == 1
    assert await SearchEntry.all().values_list("object_uri", flat=True) == [dora.uri]
