"""Activities of ours, compared whole."""

from datetime import UTC, datetime

import pytest

from federation.addressing import PUBLIC
from federation.vocabulary import activities
from federation.vocabulary.context import without_context
from federation.vocabulary.pieces import Envelope

HOME = "https://talanoa.example"
ANNA = f"{HOME}/ap/u/anna"
BERTA = "https://tuesday.example/users/berta"
NOW = datetime(2026, 11, 18, 9, 30, 0, 999_999, tzinfo=UTC)
ENVELOPE = Envelope(f"{HOME}/ap/a/1", ANNA, (PUBLIC,), (f"{ANNA}/followers",), NOW)
PUBLIC_MEMBERS = {
    "id": f"{HOME}/ap/a/1",
    "actor": ANNA,
    "published": "2026-11-18T09:30:00Z",
    "to": [PUBLIC],
    "cc": [f"{ANNA}/followers"],
}
NOTE: dict[str, object] = {
    "@context": "https://www.w3.org/ns/activitystreams",
    "id": f"{HOME}/ap/n/1",
    "type": "Note",
    "attributedTo": ANNA,
    "to": [BERTA],
    "cc": [],
    "context": f"{HOME}/ap/n/1/context",
    "audience": f"{HOME}/ap/g/posts",
    "content": "<p>Hi</p>",
}


def test_create_takes_actor_addresses_and_context_from_its_object() -> None:
    """Akkoma refuses a Create whose addressing differs from its object's."""
    sent = activities.create(f"{HOME}/ap/a/1", NOTE, published=NOW)

    assert without_context(sent) == {
        "id": f"{HOME}/ap/a/1",
        "type": "Create",
        "actor": ANNA,
        "published": "2026-11-18T09:30:00Z",
        "to": [BERTA],
        "cc": [],
        "audience": f"{HOME}/ap/g/posts",
        "context": f"{HOME}/ap/n/1/context",
        "object": without_context(NOTE),
    }
    assert list(sent)[0] == "@context"


def test_update_is_like_create() -> None:
    assert activities.update("x", NOTE, published=NOW) == {
        **activities.create("x", NOTE, published=NOW),
        "type": "Update",
    }


def test_an_actor_is_updated_for_everybody() -> None:
    actor = {"@context": [], "id": ANNA, "type": "Person", "followers": f"{ANNA}/followers"}

    assert without_context(activities.update_actor(f"{HOME}/ap/a/1", actor, published=NOW)) == {
        **PUBLIC_MEMBERS,
        "type": "Update",
        "object": without_context(actor),
    }


def test_a_deleted_object_leaves_its_former_type() -> None:
    assert without_context(activities.delete(ENVELOPE, f"{HOME}/ap/e/1", "Event")) == {
        **PUBLIC_MEMBERS,
        "type": "Delete",
        "object": {
            "id": f"{HOME}/ap/e/1",
            "type": "Tombstone",
            "formerType": "Event",
            "deleted": "2026-11-18T09:30:00Z",
        },
    }


def test_a_deleted_actor_is_its_own_object() -> None:
    assert without_context(activities.delete_actor(f"{HOME}/ap/a/1", ANNA, published=NOW)) == {
        **PUBLIC_MEMBERS,
        "type": "Delete",
        "cc": [],
        "object": ANNA,
    }


@pytest.mark.parametrize(
    ("sent", "kind", "members"),
    [
        (activities.announce(ENVELOPE, BERTA), "Announce", {"object": BERTA}),
        (activities.like(ENVELOPE, BERTA), "Like", {"object": BERTA}),
        (activities.follow(ENVELOPE, BERTA), "Follow", {"object": BERTA}),
        (activities.block(ENVELOPE, BERTA), "Block", {"object": BERTA}),
        (activities.ignore(ENVELOPE, BERTA), "Ignore", {"object": BERTA}),
        (activities.leave(ENVELOPE, BERTA), "Leave", {"object": BERTA}),
        (activities.join(ENVELOPE, BERTA), "Join", {"object": BERTA}),
        (activities.join(ENVELOPE, BERTA, "Two of us"), "Join", {"object": BERTA, "participationMessage": "Two of us"}),
        (activities.move(ENVELOPE, BERTA), "Move", {"object": ANNA, "target": BERTA}),
        (activities.add(ENVELOPE, BERTA, "x"), "Add", {"object": BERTA, "target": "x"}),
        (activities.remove(ENVELOPE, BERTA, "x"), "Remove", {"object": BERTA, "target": "x"}),
        (activities.flag(ENVELOPE, [BERTA], "r" * 6000), "Flag", {"object": [BERTA], "content": "r" * 5000}),
        (activities.announce_activity(ENVELOPE, NOTE), "Announce", {"object": without_context(NOTE)}),
    ],
)
def test_each_simple_activity_is_envelope_and_object(
    sent: dict[str, object], kind: str, members: dict[str, object]
) -> None:
    assert without_context(sent) == {**PUBLIC_MEMBERS, "type": kind, **members}


def test_an_answer_embeds_what_it_answers_and_nothing_else() -> None:
    """Servers match by the embedded members; foreign extras never go out under our name."""
    original = {
        "@context": ["https://www.w3.org/ns/activitystreams", {"x": "https://evil.example/ns#"}],
        "id": f"{BERTA}#follows/1",
        "type": "Follow",
        "actor": BERTA,
        "object": [{"id": ANNA, "type": "Person", "name": "x"}],
        "x": "y",
    }
    core = {"id": f"{BERTA}#follows/1", "type": "Follow", "actor": BERTA, "object": ANNA}

    assert without_context(activities.accept(ENVELOPE, original)) == {
        **PUBLIC_MEMBERS,
        "type": "Accept",
        "object": core,
    }
    assert without_context(activities.reject(ENVELOPE, original)) == {
        **PUBLIC_MEMBERS,
        "type": "Reject",
        "object": core,
    }
    assert without_context(activities.undo(ENVELOPE, original)) == {**PUBLIC_MEMBERS, "type": "Undo", "object": core}


def test_an_accept_may_carry_its_result() -> None:
    sent = activities.accept(ENVELOPE, {"id": "x", "type": "QuoteRequest"}, result="https://talanoa.example/stamp")

    assert sent["result"] == "https://talanoa.example/stamp"
