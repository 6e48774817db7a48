"""Actors as other servers describe them."""

from datetime import UTC, datetime

import pytest

from federation.errors import Malformed
from federation.vocabulary.parse import parse_actor, parse_key
from federation.vocabulary.types import ActorDocument, KeyDocument, ProfileField
from tests.documents import document

MIRIAM = "https://tuesday.example/users/miriam"
PEM = "-----BEGIN PUBLIC KEY-----\nMIIBinvented\n-----END PUBLIC KEY-----\n"


def _changed(**members: object) -> ActorDocument:
    return parse_actor({**document("mastodon_person"), **members})


@pytest.mark.parametrize("bad", [None, 1, "admin", [], "http://tuesday.example/users/miriam"])
def test_an_actor_without_https_id_is_refused(bad: object) -> None:
    with pytest.raises(Malformed):
        _changed(id=bad)


@pytest.mark.parametrize("bad", [None, "Note", 5, []])
def test_what_is_no_actor_is_refused(bad: object) -> None:
    with pytest.raises(Malformed):
        _changed(type=bad)


@pytest.mark.parametrize(
    "bad",
    [
        "javascript:x",
        [],
        {},
        "http://[",
        "mailto:a@b.example",
        None,
        7,
        "https://victim.example/inbox",
        "//x/inbox",
        "inbox",
    ],
)
def test_a_bad_inbox_is_left_out(bad: object) -> None:
    """V-M19, T-100: nobody can point our deliveries at a third party."""
    actor = _changed(inbox=bad, endpoints={"sharedInbox": bad}, outbox=bad, followers=bad)

    assert (actor.inbox, actor.shared_inbox, actor.outbox, actor.followers) == (None, None, None, None)


@pytest.mark.parametrize(
    "bad", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "//x", "\tjavascript:", 5, {}]
)
def test_a_bad_link_falls_back_to_the_id(bad: object) -> None:
    """V-M21."""
    actor = _changed(url=bad, icon={"type": "Image", "url": bad}, image=bad)

    assert (actor.url, actor.icon_url, actor.image_url) == (MIRIAM, None, None)


@pytest.mark.parametrize(
    "key",
    [
        {"id": "https://evil.example/k", "owner": MIRIAM, "publicKeyPem": PEM},
        {"id": f"{MIRIAM}#k", "owner": "https://tuesday.example/users/other", "publicKeyPem": PEM},
        {"id": f"{MIRIAM}#k", "owner": [MIRIAM], "publicKeyPem": PEM},
        {"id": f"{MIRIAM}#k", "owner": MIRIAM, "publicKeyPem": 5},
        {"id": "acct:miriam@tuesday.example", "owner": MIRIAM, "publicKeyPem": PEM},
        f"{MIRIAM}#k",
        None,
    ],
)
def test_a_key_that_is_not_the_actors_own_is_left_out(key: object) -> None:
    """T-03."""
    assert _changed(publicKey=key).keys == ()
    assert _changed(publicKey=[key]).keys == ()


def test_limits_hold_for_every_text_and_list() -> None:
    """V-M27."""
    row = {"type": "PropertyValue", "name": "n" * 3000, "value": "v" * 3000}
    actor = _changed(
        preferredUsername="u" * 5000,
        name="n" * 5000,
        summary="s" * 50_000,
        attachment=[row] * 80,
        alsoKnownAs=[f"https://old.example/{number}" for number in range(400)],
    )

    sizes = (len(actor.preferred_username), len(actor.name), len(actor.summary_html), len(actor.fields))
    assert sizes == (128, 2048, 20_000, 50)
    assert (len(actor.fields[0].name), len(actor.fields[0].value_html), len(actor.also_known_as)) == (2047, 2047, 256)


def test_a_person_of_mastodon_is_read_whole() -> None:
    wire = document("mastodon_person")

    assert parse_actor(wire) == ActorDocument(
        id=MIRIAM,
        type="Person",
        preferred_username="miriam",
        name="Miriam Okello",
        summary_html="<p>Budget hearings in small wards.</p>",
        language=None,
        inbox=f"{MIRIAM}/inbox",
        shared_inbox="https://tuesday.example/inbox",
        outbox=f"{MIRIAM}/outbox",
        followers=f"{MIRIAM}/followers",
        following=f"{MIRIAM}/following",
        featured=f"{MIRIAM}/collections/featured",
        url="https://tuesday.example/@miriam",
        icon_url="https://files.tuesday.example/a/miriam.png",
        icon_alt="",
        image_url="https://files.tuesday.example/h/miriam.jpg",
        manually_approves=True,
        discoverable=True,
        indexable=False,
        suspended=False,
        keys=(KeyDocument(f"{MIRIAM}#main-key", MIRIAM, "rsa", pem=PEM),),
        also_known_as=(),
        moved_to=None,
        published=datetime(2024, 3, 2, tzinfo=UTC),
        fields=(ProfileField("Office", '<a href="https://ward.example" rel="me">ward.example</a>'),),
        webfinger=None,
        generator=None,
        implements=(),
        moderators=None,
        events=None,
        upcoming_events=None,
        document=wire,
    )


def test_an_id_that_ends_in_a_slash_keeps_it() -> None:
    actor = parse_actor(document("takahe_person"))

    assert actor.id == "https://leaf.example/@ana@leaf.example/"
    assert [key.owner for key in actor.keys] == [actor.id]


def test_a_bare_origin_is_an_actor() -> None:
    actor = _changed(id="https://pub.example", inbox="https://pub.example/inbox", publicKey=None)

    assert (actor.id, actor.inbox) == ("https://pub.example", "https://pub.example/inbox")


def test_a_group_has_moderators_and_a_list_of_icons() -> None:
    group = parse_actor(document("lemmy_group"))

    assert (group.type, group.moderators, group.icon_url, group.language) == (
        "Group",
        "https://forum.example/c/egov/moderators",
        "https://forum.example/pictrs/i.png",
        None,
    )


def test_both_kinds_of_key_are_read() -> None:
    multikey = {
        "id": f"{MIRIAM}#ed25519-key",
        "type": "Multikey",
        "controller": MIRIAM,
        "publicKeyMultibase": "z6MkInvented",
    }

    assert _changed(assertionMethod=[multikey]).keys == (
        KeyDocument(f"{MIRIAM}#main-key", MIRIAM, "rsa", pem=PEM),
        KeyDocument(f"{MIRIAM}#ed25519-key", MIRIAM, "multikey", multibase="z6MkInvented"),
    )


def test_a_key_document_of_its_own_needs_an_owner_on_its_origin() -> None:
    alone = {"id": f"{MIRIAM}/main-key", "owner": MIRIAM, "publicKeyPem": PEM}

    for bad in ({"owner": "https://evil.example/u"}, {"owner": None}, {"publicKeyPem": ""}, {"id": "x"}):
        with pytest.raises(Malformed):
            parse_key({**alone, **bad})
    assert parse_key(alone) == KeyDocument(f"{MIRIAM}/main-key", MIRIAM, "rsa", pem=PEM)
