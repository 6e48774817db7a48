"""Keys of our actors."""

import pytest

from federation.keys import load_multibase, load_public_pem
from node.community import actor_keys
from node.errors import NotFound
from node.models import ActorKey, KeyKind
from node.secrets import WrongSecret
from node.settings import Settings
from tests.node.community.people import LATER, NOW, foreigner, member

SECRET = "a secret that only the tests know"


async def test_a_key_does_not_open_with_another_secret(node_database: Settings) -> None:
    anna = (await member()).actor
    with pytest.raises(NotFound):
        await actor_keys.private_key(anna, KeyKind.RSA, secret_key=SECRET)
    await actor_keys.add_keys(anna, secret_key=SECRET, now=NOW)

    with pytest.raises(WrongSecret):
        await actor_keys.private_key(anna, KeyKind.ED25519, secret_key="another")

    stored = await ActorKey.all().values_list("private_wrapped", flat=True)
    assert all("PRIVATE" not in text for text in stored)


async def test_an_actor_gets_two_keys_once_and_they_fit_their_public_halves(database: Settings) -> None:
    anna = (await member()).actor
    await foreigner()
    assert [row.id for row in await actor_keys.actors_without_keys()] == [anna.id]

    await actor_keys.add_keys(anna, secret_key=SECRET, now=NOW)
    await actor_keys.add_keys(anna, secret_key=SECRET, now=LATER)

    assert await actor_keys.actors_without_keys() == []
    shown = await actor_keys.public_keys(anna)
    assert {kind: row.key_id for kind, row in shown.items()} == {
        KeyKind.RSA: "https://home.example/ap/u/anna#main-key",
        KeyKind.ED25519: "https://home.example/ap/u/anna#ed25519-key",
    }
    rsa = await actor_keys.private_key(anna, KeyKind.RSA, secret_key=SECRET)
    edwards = await actor_keys.private_key(anna, KeyKind.ED25519, secret_key=SECRET)
    load_public_pem(shown[KeyKind.RSA].public, id=rsa.id, owner=anna.uri).verify(rsa.sign(b"x"), b"x")
    load_multibase(shown[KeyKind.ED25519].public, id=edwards.id, owner=anna.uri).verify(edwards.sign(b"x"), b"x")
