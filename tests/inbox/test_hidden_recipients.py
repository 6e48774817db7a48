"""Public documents hold the listed fields and nothing else: no hidden recipients, no e-mail address. T-103, A-26."""

import json
from typing import Any

from node.community import posts
from node.community.posts import PostDraft
from node.database import rows
from node.models import Member, Visibility
from tests.inbox.test_handlers import befriended, told
from tests.standing import BASE, Company

Json = dict[str, Any]
EMAIL = "amina.private@mail.example"
PUBLIC_PATHS = (
    *("/ap/u/amina", "/ap/u/amina/outbox?page=1", "/ap/u/amina/followers", "/ap/u/amina/featured", "/ap/g/posts"),
    *("/actor", "/ap/g/posts/outbox?page=1", "/.well-known/nodeinfo", "/nodeinfo/2.1", "/atom", "/@amina", "/"),
    "/.well-known/webfinger?resource=acct:amina@home.test",
)
ACTOR = frozenset(
    {"@context", "id", "type", "preferredUsername", "name", "summary", "url", "inbox", "outbox", "followers"}
    | {
        "attributedTo",
        "postingRestrictedToMods",
        "following",
        "featured",
        "endpoints",
        "publicKey",
        "assertionMethod",
        "manuallyApprovesFollowers",
        "published",
    }
    | {"discoverable", "indexable", "icon", "image", "attachment", "webfinger", "generator", "alsoKnownAs", "proof"}
    | {"attributionDomains", "implements", "featuredTags", "tag", "memorial", "updated", "interactionPolicy"}
)
NOTE = frozenset(
    {"@context", "id", "type", "attributedTo", "to", "cc", "audience", "content", "contentMap", "mediaType", "source"}
    | {"published", "updated", "url", "tag", "attachment", "inReplyTo", "context", "replies", "likes", "shares"}
    | {"sensitive", "summary", "summaryMap", "interactionPolicy", "proof", "conversation", "atomUri", "generator"}
)
"""Hand-written: a field that is not here is served by nobody's decision."""


def words_of(value: object) -> set[str]:
    """Return all names of members, at any depth."""
    if isinstance(value, dict):
        return set(value) | {word for each in value.values() for word in words_of(each)}
    return {word for each in value for word in words_of(each)} if isinstance(value, list) else set()


async def test_hidden_recipients_and_addresses_of_members_stand_nowhere_t103(company: Company) -> None:
    home = company.home
    await Member.filter(id=home.amina.id).update(email=EMAIL)
    rosa = await befriended(company)
    follow = company.good.activity("Follow", rosa, home.amina.actor.uri)
    await told(company, company.good, follow | {"bto": "https://hidden.example/a", "bcc": [EMAIL]}, rosa)
    hidden = {"bto": [home.amina.actor.uri, "https://hidden.example/b"], "bcc": "https://hidden.example/c"}
    note = company.good.note(rosa, "<p>Between us</p>") | hidden
    await told(company, company.good, company.good.activity("Create", rosa, note) | hidden, rosa)

    for visibility in (Visibility.PUBLIC, Visibility.QUIET, Visibility.NETWORK):
        draft = PostDraft("An answer", visibility=visibility, in_reply_to_uri=str(note["id"]))
        await posts.publish(draft, author=home.amina.actor, now=home.now)
    await home.work()

    paths = [*PUBLIC_PATHS, f"/thread?uri={note['id']}"]
    answers = [(path, (await home.get(path)).body + (await home.get(path, accept="text/html")).body) for path in paths]
    sent = [
        json.dumps(entry.activity).encode()
        for peer in (company.good, company.evil, company.third)
        for entry in peer.received
    ]
    kept = [str(row).encode() for row in await rows("SELECT body FROM published_activity", [])]
    kept += [str(row).encode() for row in await rows("SELECT document FROM post", [])]
    assert len(sent) > 1
    for where, text in (*answers, *(("sent", each) for each in sent), *(("kept", each) for each in kept)):
        for word in (b"bto", b"bcc", b"hidden.example", EMAIL.encode()):
            assert word not in text.replace(b"bccb", b""), (where, word)


async def test_public_documents_have_only_the_fields_that_are_listed_a26(company: Company) -> None:
    home = company.home
    await befriended(company)
    post = await posts.publish(PostDraft("Public #words"), author=home.amina.actor, now=home.now)
    await home.work()

    actors: list[Json] = [(await home.get(path)).json() for path in ("/ap/u/amina", "/ap/g/posts", "/actor")]
    note: Json = (await home.get(post.uri.removeprefix(BASE))).json()

    assert {name for actor in actors for name in actor} - ACTOR == set()
    assert set(note) - NOTE == set()
    forbidden = {"email", "password", "privateKeyPem", "secretKeyMultibase", "role", "lastLogin", "bto", "bcc"}
    assert words_of([*actors, note]) & forbidden == set()
