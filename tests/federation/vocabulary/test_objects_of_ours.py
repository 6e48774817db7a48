"""Actors, posts and records of ours, compared whole."""

from datetime import UTC, datetime

import pytest

from federation.addressing import PUBLIC
from federation.errors import Malformed
from federation.vocabulary.actor import ActorInput, GroupExtras, actor_document, reduced_actor
from federation.vocabulary.context import without_context
from federation.vocabulary.note import NoteInput, QuestionInput, note_object
from federation.vocabulary.pieces import NamedActor, Picture, Relation, Topic
from federation.vocabulary.practice import PracticeInput, practice_object

HOME = "https://talanoa.example"
ANNA = f"{HOME}/ap/u/anna"
EVENTS = f"{HOME}/ap/g/events"
BERTA = "https://tuesday.example/users/berta"
NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
PEM = "-----BEGIN PUBLIC KEY-----\nMIIBinvented\n-----END PUBLIC KEY-----\n"


def _actor(kind: str, uri: str, **changed: object) -> dict[str, object]:
    values: dict[str, object] = {
        "id": uri,
        "type": kind,
        "username": "anna",
        "host": "talanoa.example",
        "name": "Anna",
        "summary_html": "<p>Hi</p>",
        "url": f"{HOME}/@anna",
        "shared_inbox": f"{HOME}/ap/inbox",
        "published": NOW,
        "rsa_pem": PEM,
        "ed25519_multibase": "z6MkInvented",
        "node_name": "Talanoa",
    }
    return actor_document(ActorInput(**{**values, **changed}))  # type: ignore[arg-type]


def test_a_person_is_whole() -> None:
    assert without_context(_actor("Person", ANNA, icon=Picture(f"{HOME}/media/a.webp", "image/webp", "Anna"))) == {
        "id": ANNA,
        "type": "Person",
        "preferredUsername": "anna",
        "webfinger": "anna@talanoa.example",
        "name": "Anna",
        "summary": "<p>Hi</p>",
        "url": f"{HOME}/@anna",
        "published": "2026-11-18T09:30:00Z",
        "attachment": [],
        "tag": [],
        "generator": {
            "type": "Application",
            "name": "Talanoa",
            "implements": [
                {
                    "href": "https://datatracker.ietf.org/doc/html/rfc9421",
                    "name": "RFC-9421: HTTP Message Signatures",
                }
            ],
        },
        "icon": {"type": "Image", "mediaType": "image/webp", "url": f"{HOME}/media/a.webp", "name": "Anna"},
        "inbox": f"{ANNA}/inbox",
        "outbox": f"{ANNA}/outbox",
        "followers": f"{ANNA}/followers",
        "following": f"{ANNA}/following",
        "featured": f"{ANNA}/featured",
        "endpoints": {"sharedInbox": f"{HOME}/ap/inbox"},
        "manuallyApprovesFollowers": False,
        "discoverable": True,
        "indexable": True,
        "publicKey": {"id": f"{ANNA}#main-key", "owner": ANNA, "publicKeyPem": PEM},
        "assertionMethod": [
            {
                "id": f"{ANNA}#ed25519-key",
                "type": "Multikey",
                "controller": ANNA,
                "publicKeyMultibase": "z6MkInvented",
            }
        ],
    }


def test_a_group_has_moderators_and_a_person_has_not() -> None:
    group = _actor("Group", EVENTS, group=GroupExtras(moderators=f"{EVENTS}/moderators", events=f"{EVENTS}/upcoming"))

    assert {name: group.get(name) for name in ("attributedTo", "postingRestrictedToMods", "endpoints")} == {
        "attributedTo": f"{EVENTS}/moderators",
        "postingRestrictedToMods": False,
        "endpoints": {"sharedInbox": f"{HOME}/ap/inbox", "events": f"{EVENTS}/upcoming"},
    }
    assert "attributedTo" not in _actor("Person", ANNA)


def test_suspension_and_missing_keys_are_said_only_where_true() -> None:
    actor = _actor("Person", ANNA, suspended=True, ed25519_multibase=None)

    assert actor["suspended"] is True
    assert "assertionMethod" not in actor
    assert "suspended" not in _actor("Person", ANNA)


def test_a_reduced_actor_tells_nothing_about_the_person() -> None:
    """Closed mode shows strangers no more than they need."""
    assert set(reduced_actor(_actor("Person", ANNA))) == {
        "@context",
        "id",
        "type",
        "preferredUsername",
        "inbox",
        "endpoints",
        "publicKey",
        "assertionMethod",
    }


def _note(**changed: object) -> dict[str, object]:
    values: dict[str, object] = {
        "id": f"{HOME}/ap/n/1",
        "url": f"{HOME}/posts/1",
        "author": ANNA,
        "to": (PUBLIC,),
        "cc": (f"{ANNA}/followers",),
        "content_html": "<p>Hi</p>",
        "language": "en",
        "published": NOW,
    }
    return note_object(NoteInput(**{**values, **changed}))  # type: ignore[arg-type]


def test_a_plain_note_has_nothing_superfluous() -> None:
    """A `name` would make it a vote; null breaks strict readers."""
    assert _note() == {
        "id": f"{HOME}/ap/n/1",
        "type": "Note",
        "attributedTo": ANNA,
        "to": [PUBLIC],
        "cc": [f"{ANNA}/followers"],
        "url": f"{HOME}/posts/1",
        "published": "2026-11-18T09:30:00Z",
        "sensitive": False,
        "content": "<p>Hi</p>",
        "contentMap": {"en": "<p>Hi</p>"},
        "attachment": [],
        "tag": [],
        "replies": f"{HOME}/ap/n/1/replies",
        "likes": f"{HOME}/ap/n/1/likes",
        "shares": f"{HOME}/ap/n/1/shares",
    }


def test_a_rich_note_carries_its_parts() -> None:
    picture = Picture(f"{HOME}/media/1.webp", "image/webp", "A hall", 800, 600, None, (0.0, 0.5))
    note = _note(
        warning="Numbers",
        pictures=[picture],
        mentions=[NamedActor(BERTA, "@berta@tuesday.example")],
        topics=[Topic("#budget", f"{HOME}/tags/budget")],
        may_quote=("https://www.w3.org/ns/activitystreams#Public",),
        updated=datetime(2026, 11, 18, 10, 0, tzinfo=UTC),
    )

    parts = ("summary", "sensitive", "updated", "attachment", "tag", "interactionPolicy")
    assert {name: note[name] for name in parts} == {
        "summary": "Numbers",
        "sensitive": True,
        "updated": "2026-11-18T10:00:00Z",
        "attachment": [
            {
                "type": "Document",
                "mediaType": "image/webp",
                "url": f"{HOME}/media/1.webp",
                "name": "A hall",
                "width": 800,
                "height": 600,
                "focalPoint": [0.0, 0.5],
            }
        ],
        "tag": [
            {"type": "Mention", "href": BERTA, "name": "@berta@tuesday.example"},
            {"type": "Hashtag", "href": f"{HOME}/tags/budget", "name": "#budget"},
        ],
        "interactionPolicy": {"canQuote": {"automaticApproval": [PUBLIC]}},
    }


def test_two_edits_within_a_second_differ() -> None:
    """Mastodon ignores an Update whose `updated` has not grown."""
    first, second = (_note(updated=datetime(2026, 11, 18, 10, 0, 0, part, tzinfo=UTC)) for part in (1000, 2000))

    assert (first["updated"], second["updated"]) == ("2026-11-18T10:00:00.001000Z", "2026-11-18T10:00:00.002000Z")


def test_a_question_lists_its_answers() -> None:
    question = _note(question=QuestionInput((("Yes", 2), ("No", 0)), datetime(2026, 12, 1, tzinfo=UTC), voters=2))

    assert {name: question[name] for name in ("type", "oneOf", "endTime", "votersCount")} == {
        "type": "Question",
        "oneOf": [
            {"type": "Note", "name": "Yes", "replies": {"type": "Collection", "totalItems": 2}},
            {"type": "Note", "name": "No", "replies": {"type": "Collection", "totalItems": 0}},
        ],
        "endTime": "2026-12-01T00:00:00Z",
        "votersCount": 2,
    }
    assert "closed" not in question


def _practice(**changed: object) -> dict[str, object]:
    values: dict[str, object] = {
        "id": f"{HOME}/ap/r/1",
        "url": f"{HOME}/practices/1",
        "author": f"{HOME}/ap/g/practices",
        "to": (PUBLIC,),
        "cc": (f"{HOME}/ap/g/practices/followers",),
        "name": "Hearings by SMS",
        "summary": "Kenya · local.",
        "content_html": "<p>Kenya.</p>",
        "language": "en",
        "published": NOW,
        "version": 3,
        "kind": "practice",
        "license": "CC-BY-4.0",
    }
    return practice_object(PracticeInput(**{**values, **changed}))  # type: ignore[arg-type]


def test_a_code_without_term_is_refused() -> None:
    with pytest.raises(Malformed, match="shoeSize"):
        _practice(codes={"shoeSize": "42"})


def test_a_record_is_an_article_with_one_nested_object() -> None:
    record = _practice(
        codes={"country": ("KE",), "evidenceLevel": 0, "openSource": False, "level": ()},
        contributors=["Achieng Odhiambo"],
        record=f"{HOME}/ap/r/1/record.json",
        record_digest="sha-256=:invented:",
        relations=[Relation("adaptedFrom", "https://south.example/ap/r/19", "Radio hearings")],
    )

    assert record == {
        "id": f"{HOME}/ap/r/1",
        "type": "Article",
        "actor": f"{HOME}/ap/g/practices",
        "attributedTo": f"{HOME}/ap/g/practices",
        "to": [PUBLIC],
        "cc": [f"{HOME}/ap/g/practices/followers"],
        "url": f"{HOME}/practices/1",
        "name": "Hearings by SMS",
        "summary": "Kenya · local.",
        "content": "<p>Kenya.</p>",
        "contentMap": {"en": "<p>Kenya.</p>"},
        "mediaType": "text/html",
        "inLanguage": "en",
        "published": "2026-11-18T09:30:00Z",
        "attachment": [],
        "tag": [
            {
                "type": "Link",
                "rel": "adaptedFrom",
                "href": "https://south.example/ap/r/19",
                "mediaType": 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
                "name": "Radio hearings",
            }
        ],
        "replies": f"{HOME}/ap/r/1/replies",
        "likes": f"{HOME}/ap/r/1/likes",
        "shares": f"{HOME}/ap/r/1/shares",
        "practice": {
            "country": ["KE"],
            "evidenceLevel": 0,
            "openSource": False,
            "schemaVersion": 1,
            "version": 3,
            "kind": "practice",
            "language": "en",
            "license": "CC-BY-4.0",
            "contributors": ["Achieng Odhiambo"],
            "record": f"{HOME}/ap/r/1/record.json",
            "recordDigest": "sha-256=:invented:",
        },
    }
