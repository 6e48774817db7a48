"""A small made-up community for pages: people, records, events, posts, and neighbours on other servers."""

import io
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from PIL import Image

from node.chance import public_id
from node.community import (
    errands,
    events,
    foreign_events,
    foreign_posts,
    foreign_practices,
    interactions,
    node_actors,
    posts,
    practices,
)
from node.community.attachments import Picture
from node.community.event_rules import EventDraft, Place
from node.community.foreign_actors import ForeignActor, remember
from node.community.foreign_events import ForeignEvent
from node.community.foreign_posts import ForeignPost
from node.community.foreign_practices import ForeignPractice
from node.community.posts import PostDraft
from node.community.practice_rules import Organization, PracticeDraft
from node.media.store import media_store
from node.models import ActorKind, EventStatus, Job, Media, Member, Visibility
from node.policy.grants import Records
from node.settings import Settings

BERTA = ForeignActor(
    uri="https://far.example/users/berta",
    kind=ActorKind.PERSON,
    name="berta",
    host="far.example",
    display_name="Berta Kim",
    bio_html="<p>Clerk of a small town</p>",
    url="https://far.example/@berta",
    inbox_url="https://far.example/users/berta/inbox",
    followers_uri="https://far.example/users/berta/followers",
    avatar_url="https://far.example/berta.png",
    document='{"id": "https://far.example/users/berta"}',
)
FAR_GROUP = replace(
    BERTA,
    uri="https://far.example/ap/g/practices",
    kind=ActorKind.GROUP,
    name="practices",
    display_name="Practices of the far node",
    url="https://far.example/@practices",
    avatar_url=None,
)
RECORD = PracticeDraft(
    title="Ward budget hearings by SMS",
    country=("TO",),
    level=("local",),
    start_date="2023-05",
    status="implemented",
    status_date="2024",
    outcome="partial",
    lead_organization=Organization("Vava\u02bbu Island Council", "local-government", "TO", "https://council.example"),
    objective=("participation", "inclusion"),
    theme=("e-participation", "public-finance"),
    sdg=("16.7", "5.5"),
    channel=("sms-ussd", "in-person"),
    evidence_level=2,
    contact="clerk@council.example",
    sections={
        "problem": "Outer wards were absent from budget hearings: the boat takes a day. Nobody had asked for years.",
        "approach": "The council takes questions by SMS in two languages and reads **every one** aloud.\n\n"
        "1. A number that costs nothing.\n2. A clerk who answers within a day.\n3. A list of all answers on the wall.",
        "results": "412 people asked something, 38 % of them women. Before it was 90 people, nearly all men.",
        "failures": "The first vendor left after three months. We had not asked for the source code.",
    },
)
WORKSHOP = EventDraft(
    title="Open budget workshop",
    teaser="Bring one page of your budget and leave with a version that your neighbour understands.",
    start_local="2026-04-18T14:00",
    end_local="2026-04-18T16:30",
    time_zone="Pacific/Tongatapu",
    text="We read each other's budgets **aloud**. No slides.\n\n- what did you not understand\n- what did nobody ask",
    place=Place("Town hall", "Main road 3", "", "Neiafu", "", "TO", -18.65, -173.98),
    online_url="https://meet.example/budget",
)


@dataclass(frozen=True)
class Village:
    """Ids for paths, by what they are."""

    post: str
    members_post: str
    warned_post: str
    record: str
    event: str
    cancelled: str
    reply_uri: str
    far_record_uri: str
    far_event_uri: str


async def move_in(settings: Settings, anna: Member, *, now: datetime) -> Village:
    """Fill the open database; `anna` wrote everything of ours.

    Args:
        now: events lie a few weeks after March 2026.
    """
    await node_actors.ensure_node_actors(settings.public_url, now=now)
    earlier = now - timedelta(hours=5)
    record = await practices.publish(RECORD, by=anna, now=earlier)
    await practices.revise(record.uri, replace(RECORD, outcome="success"), by=anna, now=now)
    event = await events.publish(WORKSHOP, by=anna, now=earlier)
    cancelled = await events.publish(
        replace(WORKSHOP, title="Training on open contracts", place=None, status=EventStatus.CANCELLED),
        by=anna,
        now=earlier,
    )
    post = await _posts(settings, anna, now=earlier)
    reply = await _answers(post, anna, now=now)
    far_record, far_event = await _far_things(now=now)
    members_post = await _post(anna, "Only we read this: the secretariat is looking for a host.", earlier, "members")
    warned = await _post(anna, "The vendor left.", earlier, "public", warning="Bad news about a project")
    # What the node would look for by itself is no concern of pages.
    await Job.filter(kind=errands.KIND).delete()
    return Village(
        post=post.rsplit("/", 1)[-1],
        members_post=members_post.rsplit("/", 1)[-1],
        warned_post=warned.rsplit("/", 1)[-1],
        record=str(record.public_id),
        event=str(event.public_id),
        cancelled=str(cancelled.public_id),
        reply_uri=reply,
        far_record_uri=far_record,
        far_event_uri=far_event,
    )


async def _posts(settings: Settings, anna: Member, *, now: datetime) -> str:
    await _post(
        anna,
        "\u0627\u0644\u0634\u0641\u0627\u0641\u064a\u0629 \u062a\u0628\u062f\u0623 \u0645\u0646 "
        "\u0627\u0644\u0645\u062c\u0644\u0633 \u0627\u0644\u0645\u062d\u0644\u064a #SDG16",
        now,
        "public",
        language="ar",
    )
    picture = await _picture(settings, anna, now=now)
    draft = PostDraft(
        text="We counted the questions of one year by hand. Which **one** would you have answered first? #OpenBudget",
        language="en",
        pictures=(Picture(picture, "A wall full of handwritten questions, sorted by island"),),
    )
    return (await posts.publish(draft, author=anna.actor, now=now, by_member_id=anna.id)).uri


async def _post(anna: Member, text: str, now: datetime, seen: str, *, warning: str = "", language: str = "en") -> str:
    draft = PostDraft(text=text, visibility=Visibility(seen), warning=warning, language=language)
    return (await posts.publish(draft, author=anna.actor, now=now, by_member_id=anna.id)).uri


async def _picture(settings: Settings, anna: Member, *, now: datetime) -> str:
    """Keep a drawn picture as an upload would."""
    drawn = io.BytesIO()
    Image.linear_gradient("L").resize((640, 360)).save(drawn, "WEBP")
    store = media_store(settings.data_dir, settings.public_url, settings.media_url)
    fresh = public_id(now)
    path = await store.keep(drawn.getvalue(), name=fresh)
    await Media.create(
        public_id=fresh,
        owner_id=anna.actor_id,
        path=path,
        thumbnail_path=path,
        media_type="image/webp",
        bytes=len(drawn.getvalue()),
        width=640,
        height=360,
        created_at=now,
    )
    return fresh


async def _answers(post: str, anna: Member, *, now: datetime) -> str:
    berta = await remember(BERTA, now=now)
    reply = ForeignPost(
        uri="https://far.example/users/berta/statuses/1",
        author_uri=BERTA.uri,
        wire_type="Note",
        visibility=Visibility.PUBLIC,
        content_html='<p>The one about the <a href="https://far.example/tags/water">#water</a> pipe.</p>',
        language="en",
        url="https://far.example/@berta/1",
        in_reply_to_uri=post,
        published_at=now - timedelta(hours=2),
        is_solicited=True,
    )
    await foreign_posts.receive(reply, now=now)
    thanks = PostDraft(text="Thank you! We did.", language="en", in_reply_to_uri=reply.uri)
    await posts.publish(thanks, author=anna.actor, now=now, by_member_id=anna.id)
    await interactions.received_like(interactions.ForeignReaction(berta, post, "https://far.example/likes/1"), now=now)
    return reply.uri


async def _far_things(*, now: datetime) -> tuple[str, str]:
    await remember(FAR_GROUP, now=now)
    record = ForeignPractice(
        uri="https://far.example/ap/r/1",
        publisher_uri=FAR_GROUP.uri,
        title="One-stop shop on a ferry",
        summary="Peru \u00b7 local \u00b7 pilot. One door for eleven offices.",
        content_html="<h2>Problem</h2><p>Queues.</p>",
        language="en",
        codes={"country": ("PE",), "status": ("pilot",), "outcome": ("too-early",)},
        url="https://far.example/practices/1",
        published_at=now,
    )
    event = ForeignEvent(
        uri="https://far.example/ap/e/1",
        publisher_uri=FAR_GROUP.uri,
        title="Call on land registers",
        starts_at=now + timedelta(days=12),
        time_zone="America/Lima",
        teaser="Two hours, two cases.",
        content_html="<p>Two cases.</p>",
        url="https://far.example/events/1",
        published_at=now,
    )
    await foreign_practices.receive(record, grant=Records.ADMIT, now=now)
    await foreign_events.receive(event, grant=Records.ADMIT, now=now)
    return record.uri, event.uri
