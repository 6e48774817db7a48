"""From received bytes to an activity, or Malformed."""

from datetime import UTC, datetime

import orjson
import pytest

from federation.addressing import PUBLIC
from federation.errors import Malformed
from federation.vocabulary.parse import parse_activity
from federation.vocabulary.types import Activity, Reference
from tests.documents import raw

BERTA = "https://tuesday.example/users/berta"
LIKE = {"id": f"{BERTA}#likes/1", "type": "Like", "actor": BERTA, "object": "https://talanoa.example/ap/n/1"}


def _parse(**changed: object) -> Activity:
    return parse_activity(orjson.dumps({**LIKE, **changed}))


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b'{"a":NaN}', b"\xff\xfe{", b'{"a":' * 33 + b"1" + b"}" * 33]
)
def test_broken_json_is_refused(body: bytes) -> None:
    """T-23, T-24."""
    with pytest.raises(Malformed):
        parse_activity(body)


@pytest.mark.parametrize(
    "bad", [None, "", "#x", "/likes/1", "x" * 4000, "https://tuesday.example/" + "x" * 4000, 1, [], {}, True, "admin"]
)
def test_an_activity_without_an_absolute_id_is_refused(bad: object) -> None:
    """T-14, V-N01."""
    with pytest.raises(Malformed):
        _parse(id=bad)


@pytest.mark.parametrize(
    "bad",
    [None, [BERTA, BERTA + "2"], {}, [], [[BERTA]], {"type": "Person"}, 1, "1", True, "admin", "javascript:alert(1)"],
)
def test_anything_but_one_actor_is_refused(bad: object) -> None:
    """T-16, V-N01."""
    with pytest.raises(Malformed):
        _parse(actor=bad)


def test_a_meaning_given_twice_is_refused() -> None:
    """V-S05: what is verified and what is read must be the same."""
    with pytest.raises(Malformed):
        _parse(**{"https://www.w3.org/ns/activitystreams#actor": "https://evil.example/users/mallory"})
    with pytest.raises(Malformed):
        _parse(**{"as:object": "https://evil.example/n/1"})
    with pytest.raises(Malformed):
        _parse(**{"@id": "https://evil.example/n/1"})


def test_http_is_refused_unless_in_development() -> None:
    body = orjson.dumps({**LIKE, "id": "http://localhost:8081/a/1", "actor": "http://localhost:8081/actor"})

    with pytest.raises(Malformed):
        parse_activity(body)
    assert parse_activity(body, relaxed=True).actor == "http://localhost:8081/actor"


@pytest.mark.parametrize("odd", [5, None, [], {}, "", [[["x"]]]])
def test_an_odd_type_stays_readable(odd: object) -> None:
    """T-08: stored, then ignored with a reason."""
    assert _parse(type=odd).type == ""


@pytest.mark.parametrize("odd", [5, None, [], {}, "", "admin", True, [[1]]])
def test_an_odd_object_stays_readable(odd: object) -> None:
    assert _parse(object=odd).object is None


def test_a_single_embedded_actor_counts() -> None:
    assert _parse(actor={"id": BERTA, "type": "Person"}).actor == BERTA
    assert _parse(actor=[BERTA]).actor == BERTA


def test_recipients_end_at_the_cap() -> None:
    """T-25."""
    many = [f"https://tuesday.example/users/{number}" for number in range(3000)]

    activity = _parse(to=many[:900], cc=many[900:])

    assert (activity.to, activity.cc) == (tuple(many[:900]), tuple(many[900:1000]))


@pytest.mark.parametrize("public", ["as:Public", "Public", [PUBLIC], {"id": PUBLIC}, ["as:Public", "Public"]])
def test_public_has_one_spelling_after_parsing(public: object) -> None:
    assert _parse(to=public).to == (PUBLIC,)


def test_a_whole_like_is_read() -> None:
    body = orjson.dumps({**LIKE, "to": BERTA, "published": "2026-11-18T10:00:00+02:00", "content": "👍"})

    assert parse_activity(body) == Activity(
        id=f"{BERTA}#likes/1",
        type="Like",
        actor=BERTA,
        object=Reference("https://talanoa.example/ap/n/1"),
        target=None,
        to=(BERTA,),
        cc=(),
        published=datetime(2026, 11, 18, 8, 0, tzinfo=UTC),
        instrument=None,
        result=None,
        raw=body,
        document=orjson.loads(body),
        objects=(Reference("https://talanoa.example/ap/n/1"),),
        content="👍",
    )


def test_several_objects_are_all_kept() -> None:
    """GoToSocial sends both votes of a poll in one Create."""
    activity = parse_activity(raw("gotosocial_create_note"))

    assert [(each.id, each.type) for each in activity.objects] == [
        ("https://quiet.example/users/tomas/statuses/01AB", "Note"),
        ("https://quiet.example/users/tomas/statuses/01AC", "Note"),
    ]
    assert activity.object == activity.objects[0]
    assert activity.to == ("https://talanoa.example/ap/g/events",)
    assert activity.published == datetime(2026, 11, 18, 11, 0, tzinfo=UTC)


def test_a_wrapped_activity_is_a_reference_with_its_document() -> None:
    announce = parse_activity(raw("lemmy_announce_create_page"))

    assert announce.object is not None
    assert (announce.object.id, announce.object.type) == ("https://forum.example/activities/create/90", "Create")
    assert announce.object.document is not None
    assert announce.to == (PUBLIC,)


def test_of_several_types_the_first_that_can_be_read_counts() -> None:
    assert _parse(type=[{"x": 1}, "Like", "Other"]).type == "Like"
    assert _parse(type="https://www.w3.org/ns/activitystreams#Like").type == "Like"
