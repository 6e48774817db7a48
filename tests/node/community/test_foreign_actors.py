"""Actors of other servers: kept, refreshed, gone."""

from dataclasses import replace
from typing import Any

import pytest

from node.community import erasure, foreign_actors
from node.community.foreign_actors import ForeignKey, ProfileField
from node.errors import NotAllowed, Withdrawn
from node.models import Actor, ActorKey, ActorState, KeyKind
from node.settings import Settings
from tests.node.community.people import BERTA, CARLO, LATER, NOW, foreigner, home, member


@pytest.mark.parametrize(
    "changes",
    [{"uri": "https://home.example/ap/u/anna"}, {"host": "home.example"}],
)
async def test_nobody_elsewhere_can_become_one_of_ours(node_database: Settings, changes: dict[str, Any]) -> None:
    """V-L06, T-21: a local id or host from a remote document."""
    await home()
    anna = await member()

    with pytest.raises(NotAllowed):
        await foreign_actors.remember(replace(BERTA, **changes), now=LATER)

    row = await Actor.get(id=anna.actor_id)
    assert (row.display_name, row.is_local, row.host) == ("Anna Ngugi", True, "home.example")
    assert await Actor.filter(is_local=False).count() == 0


async def test_a_key_that_another_actor_holds_stays_there(node_database: Settings) -> None:
    berta = await foreigner()
    carlo = await foreigner(replace(CARLO, keys=(ForeignKey(BERTA.keys[0].key_id, KeyKind.RSA, "stolen"),)))

    assert await ActorKey.all().values_list("actor_id", "public") == [(berta.id, "PEM 1")]
    assert carlo.id != berta.id


async def test_a_suspended_actor_stays_suspended_when_it_is_read_again(node_database: Settings) -> None:
    berta = await foreigner()
    await Actor.filter(id=berta.id).update(state=ActorState.SUSPENDED)

    again = await foreign_actors.remember(BERTA, now=LATER)

    assert again.state is ActorState.SUSPENDED


async def test_a_suspension_that_its_own_server_declared_ends_by_its_word(node_database: Settings) -> None:
    declared = replace(BERTA, is_suspended=True, document='{"suspended": true}')
    assert (await foreign_actors.remember(declared, now=NOW)).state is ActorState.SUSPENDED

    assert (await foreign_actors.remember(BERTA, now=LATER)).state is ActorState.ACTIVE


async def test_a_second_reading_replaces_profile_and_keys(database: Settings) -> None:
    """T-42: bidi controls in a name are gone; the HTML is cleaned."""
    first = await foreigner()
    fresh = ForeignKey("https://far.example/users/berta#key-2", KeyKind.ED25519, "z6Mk")
    changed = replace(
        BERTA,
        display_name="Ber\u202eta\n K.",
        bio_html="<p onclick='x()'>Hello<script>x()</script></p>",
        fields=(ProfileField("Site", "<a href='javascript:x()'>x</a>"),),
        keys=(fresh,),
    )

    second = await foreign_actors.remember(changed, now=LATER)

    row = await Actor.get(uri=BERTA.uri)
    assert (second.id, row.id) == (first.id, first.id)
    assert (row.display_name, row.bio_html) == ("Berta K.", "<p>Hello</p>")
    assert row.profile_fields == [{"name": "Site", "value": "<a>x</a>"}]
    assert (row.created_at, row.updated_at, row.fetched_at) == (NOW, LATER, LATER)
    assert await ActorKey.all().values_list("key_id", "kind", "public") == [(fresh.key_id, KeyKind.ED25519, "z6Mk")]


async def test_what_is_gone_does_not_come_back(database: Settings) -> None:
    berta = await foreigner()

    await foreign_actors.mark_gone(berta, now=LATER)

    with pytest.raises(Withdrawn):
        await foreign_actors.remember(BERTA, now=LATER)
    row = await Actor.get(id=berta.id)
    assert (row.state, row.display_name, row.bio_html, row.document) == (ActorState.GONE, "", "", None)
    assert await erasure.is_gone(BERTA.uri)
    assert await ActorKey.all().count() == 0


async def test_one_of_ours_is_never_deleted_by_another_server(node_database: Settings) -> None:
    anna = await member()

    with pytest.raises(NotAllowed):
        await foreign_actors.mark_gone(anna.actor, now=LATER)

    assert (await Actor.get(id=anna.actor_id)).state is ActorState.ACTIVE
