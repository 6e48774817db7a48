"""Posts, records, collections and tombstones of other servers."""

from datetime import UTC, datetime

import pytest

from federation.addressing import PUBLIC
from federation.errors import Malformed
from federation.vocabulary.parse import parse_object
from federation.vocabulary.types import (
    Attachment,
    CollectionDocument,
    Emoji,
    Hashtag,
    LinkTag,
    Mention,
    NoteDocument,
    Poll,
    PollOption,
    PracticeDocument,
    Reference,
    Source,
    Tombstone,
    Unknown,
)
from tests.documents import document

MIRIAM = "https://tuesday.example/users/miriam"


def _embedded(name: str) -> dict[str, object]:
    found = document(name)["object"]
    assert isinstance(found, dict)
    return found


def _note(**changed: object) -> NoteDocument:
    found = parse_object({**_embedded("mastodon_create_note"), **changed})
    assert isinstance(found, NoteDocument)
    return found


@pytest.mark.parametrize("bad", [1, "1", True, [], {}, "admin", [5, MIRIAM], ["miriam"], {"name": "x"}])
def test_an_odd_owner_is_refused(bad: object) -> None:
    """V-N01: a number once meant the local administrator."""
    with pytest.raises(Malformed):
        _note(attributedTo=bad)


def test_an_object_without_owner_or_id_is_refused() -> None:
    with pytest.raises(Malformed):
        _note(attributedTo=None)
    with pytest.raises(Malformed):
        _note(id=None)
    with pytest.raises(Malformed):
        parse_object({"id": "https://tuesday.example/n/1"})


@pytest.mark.parametrize(
    "bad", ["javascript:alert(1)", "data:text/html,x", "//x", "\tjavascript:", "http://localhost/x", 5]
)
def test_only_http_links_reach_a_page(bad: object) -> None:
    """V-M21."""
    note = _note(
        url=bad, attachment=[{"type": "Document", "url": bad}], tag=[{"type": "Hashtag", "name": "#a", "href": bad}]
    )

    assert (note.url, note.attachments, note.hashtags) == (note.id, (), (Hashtag("a", None),))


def test_lists_and_texts_end_at_their_caps() -> None:
    """T-25, V-M27."""
    picture = {"type": "Image", "url": "https://files.tuesday.example/1.png", "name": "x" * 20_000}
    tags = [{"type": "Hashtag", "name": f"#t{number}"} for number in range(100_000)]
    note = _note(attachment=[picture] * 100, tag=tags, name="n" * 4000, content="c" * 300_000)

    sizes = (
        len(note.attachments),
        len(note.attachments[0].alt),
        len(note.hashtags),
        len(note.name),
        len(note.content_html),
    )
    assert sizes == (32, 10_000, 200, 2048, 200_000)


def test_a_note_of_mastodon_is_read_whole() -> None:
    wire = _embedded("mastodon_create_note")
    replies = wire["replies"]
    assert isinstance(replies, dict)

    assert parse_object(wire) == NoteDocument(
        id=f"{MIRIAM}/statuses/77",
        type="Note",
        attributed_to=MIRIAM,
        actor=None,
        name="",
        summary="",
        content_html=str(wire["content"]),
        media_type=None,
        language="en",
        in_reply_to="https://talanoa.example/ap/n/aaaa",
        context=None,
        conversation="tag:tuesday.example,2026-11-18:objectId=9:objectType=Conversation",
        to=(PUBLIC,),
        cc=(f"{MIRIAM}/followers", "https://talanoa.example/ap/u/anna"),
        audience=(),
        published=datetime(2026, 11, 18, 10, 15, tzinfo=UTC),
        updated=None,
        url="https://tuesday.example/@miriam/77",
        attachments=(
            Attachment(
                "Document",
                "https://files.tuesday.example/m/1.jpg",
                "image/jpeg",
                "A radio on a table",
                width=800,
                height=600,
                blurhash="UBL_:rOpGG-oBUNG",
                focal_point=(0.0, 0.5),
            ),
        ),
        image=None,
        mentions=(Mention("https://talanoa.example/ap/u/anna", "@anna@talanoa.example"),),
        hashtags=(Hashtag("Radio", "https://tuesday.example/tags/radio"),),
        emoji=(Emoji(":radio:", "https://files.tuesday.example/e/5.png", "https://tuesday.example/emojis/5"),),
        links=(),
        sensitive=False,
        source=None,
        poll=None,
        quote=None,
        quote_authorization=None,
        replies=Reference(f"{MIRIAM}/statuses/77/replies", "Collection", replies),
        document=wire,
    )


def test_a_page_of_lemmy_has_title_group_source_and_link() -> None:
    create = _embedded("lemmy_announce_create_page")
    page = create["object"]
    assert isinstance(page, dict)
    note = parse_object(page)

    assert isinstance(note, NoteDocument)
    assert (note.type, note.name, note.language, note.url) == ("Page", "Who runs a citizen assembly?", "en", note.id)
    assert (note.audience, note.to) == (("https://forum.example/c/egov",), ("https://forum.example/c/egov", PUBLIC))
    assert note.source == Source("We do.", "text/markdown")
    assert note.attachments == (Attachment("Link", "https://assembly.example/report", "text/html; charset=utf-8", ""),)
    assert note.published == datetime(2026, 11, 12, 8, 0, 0, 123456, tzinfo=UTC)


def test_a_video_of_peertube_belongs_to_its_first_owner() -> None:
    note = parse_object(document("peertube_video"))

    assert isinstance(note, NoteDocument)
    assert (note.attributed_to, note.url, note.language, note.hashtags) == (
        "https://tube.example/accounts/sol",
        "https://tube.example/w/9a",
        "es",
        (Hashtag("ward", None),),
    )


def test_a_question_has_its_options() -> None:
    note = parse_object(document("mastodon_question"))

    assert isinstance(note, NoteDocument)
    assert note.poll == Poll(
        (PollOption("SMS", 3), PollOption("Radio", 2)), False, datetime(2026, 11, 19, 11, 0, tzinfo=UTC), None, 5
    )


def test_texts_are_found_in_maps_and_the_first_language_counts() -> None:
    note = _note(content=None, contentMap={"sw": "<p>Redio.</p>", "en": "<p>Radio.</p>"}, nameMap={"en": "Title"})

    assert (note.content_html, note.language, note.name) == ("<p>Redio.</p>", "sw", "Title")


@pytest.mark.parametrize("odd", [{}, [], 5, "en", {"not a tag!": "x"}, {"en": None}, {"und": 5}])
def test_an_odd_map_is_no_text(odd: object) -> None:
    note = _note(content=None, contentMap=odd)

    assert note.content_html in {"", "x"}


def test_nul_never_leaves_the_parser() -> None:
    """PostgreSQL refuses it."""
    assert _note(content="a\x00b\ud800c").content_html == "abc"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-01-01T10:00:00", datetime(2025, 1, 1, 10, 0, tzinfo=UTC)),
        ("2025-01-01T10:00:00.123456789Z", datetime(2025, 1, 1, 10, 0, 0, 123456, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("0000-01-01T00:00:00Z", None),
        ("yesterday, at noon", None),
        (5, None),
        (None, None),
    ],
)
def test_times_are_aware_or_absent(text: object, expected: datetime | None) -> None:
    assert _note(published=text).published == expected


def test_a_practice_record_of_our_kind_is_read() -> None:
    record = parse_object(document("talanoa_practice"))

    assert isinstance(record, PracticeDocument)
    assert (record.id, record.attributed_to) == (
        "https://north.example/ap/r/7f3c",
        "https://north.example/ap/g/practices",
    )
    assert (record.schema_version, record.version, record.kind, record.language, record.license) == (
        1,
        3,
        "practice",
        "en",
        "CC-BY-4.0",
    )
    assert record.codes == {
        "country": ("KE",),
        "level": ("local",),
        "status": ("implemented",),
        "statusDate": ("2024",),
        "outcome": ("success",),
        "evidenceLevel": ("2",),
        "openSource": ("true",),
    }
    assert (record.contributors, record.record, record.record_digest) == (
        ("Achieng Odhiambo",),
        "https://north.example/ap/r/7f3c/record.json",
        "sha-256=:invented:",
    )
    assert record.note.links == (
        LinkTag(
            "https://south.example/ap/r/19",
            "adaptedFrom",
            "Radio budget hearings",
            'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
        ),
    )


def test_an_article_with_an_odd_practice_member_is_an_article() -> None:
    odd: object
    for odd in (None, 5, "x", []):
        assert isinstance(parse_object({**document("talanoa_practice"), "practice": odd}), NoteDocument)


def test_a_collection_ends_at_the_cap() -> None:
    items = [f"https://tuesday.example/n/{number}" for number in range(900)]
    wire: dict[str, object] = {
        "type": "OrderedCollectionPage",
        "orderedItems": items,
        "totalItems": 900,
        "next": "https://tuesday.example/p/2",
    }

    page = parse_object(wire)

    assert isinstance(page, CollectionDocument)
    assert page == CollectionDocument(
        id=None,
        type="OrderedCollectionPage",
        attributed_to=None,
        total_items=900,
        first=None,
        next="https://tuesday.example/p/2",
        part_of=None,
        items=tuple(Reference(item) for item in items[:500]),
        document=wire,
    )
    assert page.is_page


def test_a_tombstone_and_an_unknown_thing_are_what_they_are() -> None:
    gone: dict[str, object] = {
        "id": "https://tuesday.example/n/1",
        "type": "Tombstone",
        "formerType": "Note",
        "deleted": "2026-11-01T00:00:00Z",
    }
    review: dict[str, object] = {"id": "https://books.example/r/1", "type": "Review"}

    assert parse_object(gone) == Tombstone(
        "https://tuesday.example/n/1", "Note", datetime(2026, 11, 1, tzinfo=UTC), gone
    )
    assert parse_object(review) == Unknown("https://books.example/r/1", "Review", review)
