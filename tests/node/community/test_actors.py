"""Actors of ours: names, the node's own actors, finding."""

import pytest

from node.community import actors, node_actors
from node.errors import Invalid, NotFound, Withdrawn
from node.models import Actor, ActorKind, ActorState, Post, SearchEntry, Visibility
from node.settings import Settings
from tests.node.community.people import BASE, BERTA, LATER, NOW, foreigner, home, member


@pytest.mark.parametrize(
    "name", ["practices", "actor", "admin", "sdg16", "fr", "ke", "practices_fr", "Anna", "an", "a-b", "", "x" * 31]
)
async def test_a_reserved_or_misspelt_name_is_refused_with_an_example(node_database: Settings, name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await actors.create_person(name, "Anna", base=BASE, now=NOW)

    assert set(refusal.value.fields) == {"name"}
    assert "example `" in refusal.value.fields["name"]
    assert await Actor.all().count() == 0


async def test_a_name_that_was_used_once_never_returns(database: Settings) -> None:
    """V-K13: whoever takes a deleted name could read what was meant for another."""
    await actors.create_person("anna", "Anna", base=BASE, now=NOW)
    await Actor.filter(local_name="anna").update(state=ActorState.GONE)

    with pytest.raises(Invalid):
        await actors.create_person("anna", "Another Anna", base=BASE, now=LATER)
    with pytest.raises(Withdrawn):
        await actors.local("anna")

    assert await Actor.filter(local_name="anna").values_list("display_name", flat=True) == ["Anna"]


async def test_a_person_has_all_addresses_and_is_found(database: Settings) -> None:
    made = await actors.create_person("anna", "Anna \u202eNgugi", base=BASE, now=NOW)

    found = await actors.local("Anna")
    assert (found.id, found.uri, found.kind, found.host) == (
        made.id,
        "https://home.example/ap/u/anna",
        ActorKind.PERSON,
        "home.example",
    )
    assert found.display_name == "Anna Ngugi"
    assert (found.inbox_url, found.shared_inbox_url) == (
        "https://home.example/ap/u/anna/inbox",
        "https://home.example/ap/inbox",
    )
    assert actors.handle_of(found) == "@anna@home.example"
    assert await actors.by_handle("ANNA", "home.example") == found
    assert await actors.by_uri(found.uri) == found
    assert await SearchEntry.all().values_list("kind", "title", "visibility") == [
        ("actor", "Anna Ngugi", Visibility.PUBLIC)
    ]


async def test_an_unknown_name_is_not_found(node_database: Settings) -> None:
    with pytest.raises(NotFound):
        await actors.local("nobody")


async def test_the_node_s_own_actors_are_made_once(database: Settings) -> None:
    first = await home()
    second = await node_actors.ensure_node_actors(BASE, now=LATER)

    assert {name: row.id for name, row in first.items()} == {name: row.id for name, row in second.items()}
    assert {name: (row.kind, row.uri, row.name) for name, row in second.items()} == {
        "actor": (ActorKind.APPLICATION, "https://home.example/actor", "home.example"),
        "network": (ActorKind.GROUP, "https://home.example/ap/g/network", "network"),
        "posts": (ActorKind.GROUP, "https://home.example/ap/g/posts", "posts"),
        "events": (ActorKind.GROUP, "https://home.example/ap/g/events", "events"),
        "practices": (ActorKind.GROUP, "https://home.example/ap/g/practices", "practices"),
    }
    assert first["actor"].inbox_url == "https://home.example/actor/inbox"
    assert await Post.all().count() == 4


async def test_each_group_has_a_pinned_note_that_says_how_to_use_it(node_database: Settings) -> None:
    made = await home()

    guide = await node_actors.guide_of(made["network"])

    assert guide is not None
    assert (guide.author_id, guide.is_guide, guide.visibility) == (made["network"].id, True, Visibility.PUBLIC)
    assert 'href="https://home.example/@practices"' in guide.content_html
    assert await node_actors.guide_of(made["actor"]) is None


async def test_a_foreign_actor_does_not_answer_to_a_local_name(node_database: Settings) -> None:
    await member()
    await foreigner(BERTA)

    with pytest.raises(NotFound):
        await actors.local("berta")
    assert (await actors.by_handle("berta", "far.example")) is not None
