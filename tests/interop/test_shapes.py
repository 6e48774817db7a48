"""What we render passes the shape rules of each peer, and the rules can say no."""

import copy

import orjson
import pytest

from federation.vocabulary import activities
from federation.vocabulary.budget import TARGET_BYTES, depth_of, fit
from federation.vocabulary.parse import parse_activity, parse_object
from tests.interop import own, shapes
from tests.interop.shapes import JsonObject

EVENT_RULES = [
    shapes.fits_mastodon_create,
    shapes.fits_mobilizon_event,
    shapes.fits_gancio_event,
    shapes.fits_lemmy_page,
    shapes.fits_akkoma_create,
    shapes.fits_friendica_event,
]
SPOILED = [
    (shapes.fits_mobilizon_event, "location", [{"type": "Place"}]),
    (shapes.fits_mobilizon_event, "status", None),
    (shapes.fits_mobilizon_event, "joinMode", "none"),
    (shapes.fits_mobilizon_event, "location", {"type": "Place", "name": "X", "latitude": 47, "longitude": 15.0}),
    (shapes.fits_gancio_event, "attachment", [{"type": "PropertyValue", "name": "x"}]),
    (shapes.fits_gancio_event, "tag", [{"type": "Hashtag", "name": "budget"}]),
    (shapes.fits_lemmy_page, "attachment", [{"type": "Video", "url": "https://x.example/1"}]),
    (shapes.fits_lemmy_page, "cc", "https://x.example/1"),
    (shapes.fits_akkoma_create, "to", []),
    (shapes.fits_akkoma_create, "actor", "https://talanoa.example/ap/u/other"),
    (shapes.fits_mastodon_create, "summary", ""),
    (shapes.fits_friendica_event, "endTime", "2026-12-01T18:00:00"),
]


def _create(thing: JsonObject) -> JsonObject:
    return activities.create(f"{own.HOME}/ap/a/1", thing, published=own.NOW)


@pytest.mark.parametrize(("fits", "member", "bad"), SPOILED)
def test_each_rule_notices_a_spoiled_event(fits: object, member: str, bad: object) -> None:
    assert callable(fits)
    create = copy.deepcopy(_create(own.event()))
    inner = create["object"]
    assert isinstance(inner, dict)
    inner[member] = bad

    assert fits(create) != []


def test_the_shared_profile_notices_null_lists_and_naive_times() -> None:
    spoiled: JsonObject = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": "http://talanoa.example/1",
        "type": ["Note"],
        "to": "x",
        "summary": None,
        "published": "2026-11-18T09:30:00",
    }

    assert len(shapes.fits_everybody(spoiled)) == 6


@pytest.mark.parametrize("fits", EVENT_RULES)
@pytest.mark.parametrize("thing", [own.event, own.online_event])
def test_our_events_fit_every_calendar(fits: object, thing: object) -> None:
    assert callable(fits)
    assert callable(thing)
    assert fits(_create(thing())) == []


@pytest.mark.parametrize("fits", [shapes.fits_mastodon_create, shapes.fits_lemmy_page, shapes.fits_akkoma_create])
@pytest.mark.parametrize("thing", [own.note, own.practice])
def test_our_posts_and_records_fit_every_reader(fits: object, thing: object) -> None:
    assert callable(fits)
    assert callable(thing)
    assert fits(_create(thing())) == []


@pytest.mark.parametrize("actor", [own.person, own.group, own.application])
def test_our_actors_fit_mastodon(actor: object) -> None:
    assert callable(actor)
    assert shapes.fits_mastodon_actor(actor()) == []
    assert shapes.fits_everybody(actor()) == []


def test_our_group_fits_lemmy_and_mobilizon() -> None:
    assert shapes.fits_lemmy_group(own.group()) == []
    assert shapes.fits_mobilizon_group(own.group()) == []


def test_a_deleted_event_leaves_gancio_too() -> None:
    assert (
        shapes.fits_gancio_delete(activities.delete(own.envelope(3, own.EVENTS), f"{own.HOME}/ap/e/1", "Event")) == []
    )


@pytest.mark.parametrize("activity", own.activities_of_ours(), ids=lambda each: str(each["type"]))
def test_every_activity_of_ours_keeps_the_profile_and_is_read_back(activity: JsonObject) -> None:
    read = parse_activity(orjson.dumps(activity))

    assert shapes.fits_everybody(activity) == []
    assert (read.id, read.type, read.actor) == (activity["id"], activity["type"], activity["actor"])
    assert {"id", "type", "actor", "object", "to", "cc", "published"} <= set(activity)
    assert depth_of({name: value for name, value in activity.items() if name != "@context"}, 7) <= 7
    assert fit(activity) == activity
    assert len(orjson.dumps(activity)) < TARGET_BYTES // 4


@pytest.mark.parametrize("thing", [own.note, own.question, own.event, own.practice])
def test_what_we_say_is_what_we_would_read(thing: object) -> None:
    assert callable(thing)
    wire = thing()
    read = parse_object(wire)

    note = getattr(read, "note", read)
    assert (note.id, note.attributed_to, note.to, note.cc) == (
        wire["id"],
        wire["attributedTo"],
        tuple(wire["to"]),
        tuple(wire["cc"]),
    )
    assert (note.content_html, note.language, note.url) == (wire["content"], "en", wire["url"])
