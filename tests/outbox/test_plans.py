"""What follows from each fact, compared whole with what was written by hand."""

import base64
import hashlib
import json
from typing import Any

from node.community import events, posts, practices
from node.community.posts import PostDraft
from node.models import Event, Practice, Role, Visibility
from outbox.models import PublishedActivity
from tests.node.community.test_practices import FULL, SUMMARY
from tests.outbox.test_recipients import publish_event, say
from tests.standing import BASE, Company, Standing

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
AMINA, ESI = f"{BASE}/ap/u/amina", f"{BASE}/ap/u/esi"
NOON = "2026-03-01T12:00:00Z"
EVERYBODY: dict[str, Any] = {"to": [PUBLIC], "cc": [f"{AMINA}/followers", f"{BASE}/ap/g/posts"]}


async def told(home: Standing) -> list[dict[str, Any]]:
    """Return what is published by now, each once: without context and proof, its own id replaced by `A`."""
    await home.bridge()
    rows = await PublishedActivity.all().order_by("id")
    documents = [json.loads(row.body) for row in rows]
    await PublishedActivity.filter(id__in=[row.id for row in rows]).delete()
    return [_bare(document) for document in documents]


def _bare(document: dict[str, Any]) -> dict[str, Any]:
    assert document["@context"][0] == "https://www.w3.org/ns/activitystreams"
    assert document["id"].startswith(f"{BASE}/ap/a/")
    return {name: value for name, value in document.items() if name not in ("@context", "proof")} | {"id": "A"}


def act(kind: str, actor: str, target: object, to: list[str], cc: list[str], at: str = NOON) -> dict[str, Any]:
    return {"id": "A", "type": kind, "actor": actor, "published": at, "to": to, "cc": cc, "object": target}


def passed_on(by: str, uri: str) -> dict[str, Any]:
    return act("Announce", by, uri, [PUBLIC], [f"{by}/followers"])


def note(uri: str, page: str, html: str, **more: object) -> dict[str, Any]:
    """Return the Note of a plain public post of Amina at noon."""
    return {
        "id": uri,
        "type": "Note",
        "attributedTo": AMINA,
        **EVERYBODY,
        "audience": f"{BASE}/ap/g/posts",
        "url": page,
        "published": NOON,
        "context": f"{uri}/context",
        "sensitive": False,
        "content": html,
        "contentMap": {"en": html},
        "source": {"content": "Hello", "mediaType": "text/markdown"},
        "attachment": [],
        "tag": [],
        "replies": f"{uri}/replies",
        "likes": f"{uri}/likes",
        "shares": f"{uri}/shares",
        "interactionPolicy": {"canQuote": {"automaticApproval": [PUBLIC]}},
        **more,
    }


async def test_a_post_is_created_changed_and_deleted(company: Company) -> None:
    home = company.home
    post = await say(home)
    thing = note(post.uri, f"{BASE}/posts/{post.public_id}", "<p>Hello</p>\n")
    about = {"audience": f"{BASE}/ap/g/posts", "context": f"{post.uri}/context"}
    assert await told(home) == [
        act("Create", AMINA, thing, **EVERYBODY) | about,
        passed_on(f"{BASE}/ap/g/posts", post.uri),
        passed_on(f"{BASE}/ap/g/network", post.uri),
    ]

    home.clock.advance(60)
    await posts.edit(post.uri, PostDraft(text="Hello all", language="en"), author=home.amina.actor, now=home.now)
    later = "2026-03-01T12:01:00Z"
    changed = note(post.uri, thing["url"], "<p>Hello all</p>\n", updated=later)
    changed["source"] = {"content": "Hello all", "mediaType": "text/markdown"}
    assert await told(home) == [act("Update", AMINA, changed, **EVERYBODY, at=later) | about]

    await posts.withdraw(post.uri, by=home.amina, now=home.now)
    grave = {"id": post.uri, "type": "Tombstone", "formerType": "Note", "deleted": later}
    assert await told(home) == [act("Delete", AMINA, grave, [PUBLIC], [f"{AMINA}/followers"], later)]


async def test_what_stays_in_the_house_is_told_to_nobody(company: Company) -> None:
    for visibility in (Visibility.MEMBERS, Visibility.DRAFT):
        await say(company.home, visibility=visibility)

    assert await told(company.home) == []


async def test_a_quiet_post_and_one_for_the_network_are_addressed_as_such_and_not_passed_on(company: Company) -> None:
    await say(company.home, visibility=Visibility.QUIET)
    await say(company.home, visibility=Visibility.NETWORK)

    quiet, network = await told(company.home)
    for addressed in (quiet, quiet["object"]):
        assert (addressed["to"], addressed["cc"]) == ([f"{AMINA}/followers"], [PUBLIC])
    for addressed in (network, network["object"]):
        assert (addressed["to"], addressed["cc"]) == ([f"{BASE}/ap/partners"], [])


async def test_an_answer_names_whom_it_answers_and_is_not_passed_on(company: Company) -> None:
    home = company.home
    rosa = company.good.actor("rosa")
    theirs = company.good.note(rosa, "<p>Look</p>", tag=[{"type": "Mention", "href": AMINA, "name": "@amina"}])
    await home.post(company.good, company.good.activity("Create", rosa, theirs), rosa)
    await home.work()
    draft = PostDraft(text="Well", language="en", in_reply_to_uri=str(theirs["id"]))
    await posts.publish(draft, author=home.amina.actor, now=home.now)

    (create,) = await told(home)

    answer = create["object"]
    assert answer["inReplyTo"] == theirs["id"]
    assert answer["tag"] == [{"type": "Mention", "href": rosa.uri, "name": "@rosa@good.test"}]
    assert (create["to"], create["cc"]) == ([PUBLIC], [f"{AMINA}/followers", rosa.uri])
    assert (answer["to"], answer["cc"]) == (create["to"], create["cc"])
    assert "audience" not in answer
    assert "name" not in answer


async def test_a_record_is_published_by_its_group_and_its_digest_is_that_of_the_bytes_we_serve(
    company: Company,
) -> None:
    home = company.home
    esi = await home.member("esi")
    await practices.publish(FULL, by=esi, now=home.now)
    row = await Practice.get()
    group = f"{BASE}/ap/g/practices"

    create, announce = await told(home)

    assert announce == passed_on(f"{BASE}/ap/g/network", row.uri)
    thing = create.pop("object")
    assert create == {
        "id": "A",
        "type": "Create",
        "actor": group,
        "published": NOON,
        "to": [PUBLIC],
        "cc": [f"{group}/followers"],
        "context": f"{row.uri}/context",
    }
    record = await home.get(row.uri.removeprefix(BASE) + "/record.json")
    digest = base64.b64encode(hashlib.sha256(record.body).digest()).decode()
    assert thing["practice"] == {
        "country": ["KE"],
        "level": ["local"],
        "startDate": "2023-05",
        "statusDate": "2024",
        "leadOrganization": "County of X",
        "leadOrganizationType": "local-government",
        "leadOrganizationCountry": "KE",
        "objective": ["participation", "inclusion"],
        "theme": ["e-participation"],
        "sdg": ["16.7", "5.5"],
        "channel": ["sms-ussd", "in-person"],
        "evidenceLevel": 2,
        "status": "implemented",
        "outcome": "success",
        "stage": "described",
        "schemaVersion": 1,
        "version": 1,
        "kind": "practice",
        "language": "en",
        "license": "CC-BY-4.0",
        "contributors": ["Esi"],
        "record": f"{row.uri}/record.json",
        "recordDigest": f"sha-256=:{digest}:",
    }
    names = ("id", "type", "actor", "attributedTo", "name", "summary", "to", "cc", "published", "updated", "url")
    assert {name: thing[name] for name in names} == {
        "id": row.uri,
        "type": "Article",
        "actor": group,
        "attributedTo": group,
        "name": "Ward budget hearings by SMS",
        "summary": SUMMARY,
        "to": [PUBLIC],
        "cc": [f"{group}/followers"],
        "published": NOON,
        "updated": NOON,
        "url": f"{BASE}/practices/{row.public_id}",
    }
    assert [tag["name"] for tag in thing["tag"]] == ["#sdg16", "#sdg5", "#eparticipation", "#kenya"]
    assert "Esi" in thing["content"]

    home.clock.advance(60)
    await practices.withdraw(row.uri, by=esi, now=home.now)
    (delete,) = await told(home)
    assert (delete["actor"], delete["object"]["formerType"]) == (group, "Article")


async def test_a_member_s_event_is_their_own_and_passed_on_by_three(company: Company) -> None:
    home = company.home
    esi = await home.member("esi")
    await publish_event(home, esi)
    row = await Event.get()

    create, *announces = await told(home)

    assert announces == [
        passed_on(f"{BASE}/ap/g/events", row.uri),
        passed_on(f"{BASE}/ap/g/network", row.uri),
        passed_on(f"{BASE}/actor", row.uri),
    ]
    thing = create["object"]
    expected = {
        "id": row.uri,
        "type": "Event",
        "actor": ESI,
        "attributedTo": ESI,
        "to": [PUBLIC],
        "cc": [f"{ESI}/followers", f"{BASE}/ap/g/events"],
        "audience": f"{BASE}/ap/g/events",
        "name": "Open budget evening",
        "content": "<p>Bring your questions.</p>\n",
        "startTime": "2026-04-02T18:00:00+03:00",
        "endTime": "2026-04-02T20:00:00+03:00",
        "timezone": "Africa/Nairobi",
        "status": "CONFIRMED",
        "eventStatus": "EventScheduled",
        "isOnline": True,
        "joinMode": "external",
        "location": {"type": "VirtualLocation", "name": "Online", "url": "https://meet.example/budget"},
    }
    assert {name: thing[name] for name in expected} == expected
    attendees = await home.get(thing["attendees"]["id"].removeprefix(BASE))
    assert (attendees.status, attendees.json()["totalItems"]) == (200, 0)

    home.clock.advance(60)
    await events.cancel(row.uri, by=esi, now=home.now)
    (update,) = await told(home)
    assert (update["type"], update["object"]["status"], update["object"]["eventStatus"]) == (
        "Update",
        "CANCELLED",
        "EventCancelled",
    )
    await events.withdraw(row.uri, by=esi, now=home.now)
    (delete,) = await told(home)
    assert (delete["type"], delete["object"]["formerType"]) == ("Delete", "Event")


async def test_the_network_s_own_event_is_published_by_its_group(company: Company) -> None:
    home = company.home
    editor = await home.member("esi", Role.EDITOR)
    await publish_event(home, editor, for_network=True)
    row = await Event.get()

    create, *announces = await told(home)

    group = f"{BASE}/ap/g/events"
    assert (create["actor"], create["object"]["attributedTo"], create["cc"]) == (group, group, [f"{group}/followers"])
    assert announces == [passed_on(f"{BASE}/ap/g/network", row.uri), passed_on(f"{BASE}/actor", row.uri)]
