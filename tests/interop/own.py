"""One of everything that we render, for the shape rules of the peers."""

from datetime import UTC, datetime

from federation.addressing import PUBLIC
from federation.vocabulary import activities
from federation.vocabulary.actor import ActorInput, GroupExtras, actor_document
from federation.vocabulary.event import EventInput, PlaceInput, event_object
from federation.vocabulary.note import NoteInput, QuestionInput, note_object
from federation.vocabulary.pieces import Envelope, NamedActor, Picture, Relation, Topic
from federation.vocabulary.practice import PracticeInput, practice_object

Json = dict[str, object]

HOME = "https://talanoa.example"
ANNA = f"{HOME}/ap/u/anna"
EVENTS = f"{HOME}/ap/g/events"
PRACTICES = f"{HOME}/ap/g/practices"
NOW = datetime(2026, 11, 18, 9, 30, 0, 250_000, tzinfo=UTC)
HALL = Picture(f"{HOME}/media/hall.webp", "image/webp", "A hall", 1200, 675, "UBL_:rOpGG-oBUNG", (0.0, 0.5))
BUDGET = Topic("budget", f"{HOME}/tags/budget")
BERTA = NamedActor("https://tuesday.example/users/berta", "@berta@tuesday.example")


def envelope(number: int = 1, actor: str = ANNA) -> Envelope:
    """Return a public envelope."""
    return Envelope(f"{HOME}/ap/a/{number}", actor, (PUBLIC,), (f"{actor}/followers",), NOW)


def person() -> Json:
    """Return Anna with everything a profile can have."""
    return actor_document(_actor("Person", ANNA, "anna", None))


def group() -> Json:
    """Return the Group of events."""
    extras = GroupExtras(
        moderators=f"{EVENTS}/moderators", upcoming_events=f"{EVENTS}/upcoming", events=f"{EVENTS}/upcoming"
    )
    return actor_document(_actor("Group", EVENTS, "events", extras))


def application() -> Json:
    """Return the node itself."""
    return actor_document(_actor("Application", f"{HOME}/actor", "talanoa.example", None))


def _actor(kind: str, uri: str, name: str, extras: GroupExtras | None) -> ActorInput:
    return ActorInput(
        id=uri,
        type=kind,
        username=name,
        host="talanoa.example",
        name=name.title(),
        summary_html="<p>Hello.</p>",
        url=f"{HOME}/@{name}",
        shared_inbox=f"{HOME}/ap/inbox",
        published=NOW,
        rsa_pem="-----BEGIN PUBLIC KEY-----\nMIIBinvented\n-----END PUBLIC KEY-----\n",
        ed25519_multibase="z6MkInvented",
        node_name="Talanoa",
        icon=HALL,
        image=HALL,
        fields=[("Office", '<a href="https://ward.example" rel="me">ward.example</a>')],
        also_known_as=["https://old.example/users/anna"],
        group=extras,
    )


def note() -> Json:
    """Return a Note with everything a post can have."""
    return note_object(
        NoteInput(
            id=f"{HOME}/ap/n/1",
            url=f"{HOME}/posts/1",
            author=ANNA,
            to=(PUBLIC,),
            cc=(f"{ANNA}/followers", f"{HOME}/ap/g/posts", BERTA.uri),
            content_html="<p>Hello @berta</p>",
            language="en",
            published=NOW,
            in_reply_to="https://tuesday.example/users/berta/statuses/5",
            context=f"{HOME}/ap/n/1/context",
            warning="Numbers",
            group=f"{HOME}/ap/g/posts",
            pictures=[HALL],
            mentions=[BERTA],
            topics=[BUDGET],
            source_markdown="Hello @berta",
            may_quote=("https://www.w3.org/ns/activitystreams#Public",),
        )
    )


def question() -> Json:
    """Return a direct Question."""
    return note_object(
        NoteInput(
            id=f"{HOME}/ap/n/2",
            url=f"{HOME}/posts/2",
            author=EVENTS,
            to=(BERTA.uri,),
            cc=(),
            content_html="<p>Will you come?</p>",
            language="en",
            published=NOW,
            mentions=[BERTA],
            question=QuestionInput((("Yes", 0), ("No", 0)), datetime(2026, 12, 1, 17, 0, tzinfo=UTC)),
        )
    )


def event_input(**changed: object) -> EventInput:
    """Return a meeting in Graz; `changed` replaces members."""
    values: dict[str, object] = {
        "id": f"{HOME}/ap/e/1",
        "url": f"{HOME}/events/1",
        "author": EVENTS,
        "to": (PUBLIC,),
        "cc": (f"{EVENTS}/followers",),
        "name": "Open budget workshop",
        "content_html": "<p>Bring questions.</p>",
        "language": "en",
        "published": NOW,
        "starts_at": datetime(2026, 12, 1, 17, 0, tzinfo=UTC),
        "ends_at": datetime(2026, 12, 1, 19, 0, tzinfo=UTC),
        "timezone": "Europe/Vienna",
        "teaser": "How we read a budget.",
        "place": PlaceInput(
            name="Town hall",
            id=f"{HOME}/ap/e/1/place",
            street="Hauptplatz 1",
            postal_code="8010",
            locality="Graz",
            region="Steiermark",
            country="Austria",
            latitude=47,
            longitude=15.4395,
        ),
        "image": HALL,
        "topics": [BUDGET],
        "context": f"{HOME}/ap/e/1/context",
        "capacity": 40,
        "participants": 3,
    }
    return EventInput(**{**values, **changed})  # type: ignore[arg-type]


def event() -> Json:
    """Return the meeting in Graz."""
    return event_object(event_input())


def online_event() -> Json:
    """Return a meeting on the net only."""
    return event_object(event_input(place=None, online_url="https://video.example/room", image=None, capacity=None))


def practice() -> Json:
    """Return a practice record."""
    return practice_object(
        PracticeInput(
            id=f"{HOME}/ap/r/1",
            url=f"{HOME}/practices/1",
            author=PRACTICES,
            to=(PUBLIC,),
            cc=(f"{PRACTICES}/followers",),
            name="Ward budget hearings by SMS",
            summary="Kenya · local · implemented, 2024. Wards were absent → questions by SMS. Result: 4,120 people.",
            content_html="<p>Summary.</p><h2>Problem</h2><p>Wards were absent.</p>",
            language="en",
            published=NOW,
            version=3,
            kind="practice",
            license="CC-BY-4.0",
            codes={
                "country": ["KE"],
                "level": ["local"],
                "status": "implemented",
                "evidenceLevel": 0,
                "openSource": True,
            },
            contributors=["Achieng Odhiambo"],
            record=f"{HOME}/ap/r/1/record.json",
            record_digest="sha-256=:invented:",
            pictures=[HALL],
            topics=[BUDGET],
            relations=[Relation("adaptedFrom", "https://south.example/ap/r/19", "Radio budget hearings")],
        )
    )


def activities_of_ours() -> list[Json]:
    """Return one activity of each kind."""
    sent = activities.follow(envelope(2), BERTA.uri)
    return [
        *[
            activities.create(f"{HOME}/ap/a/9", thing, published=NOW)
            for thing in (note(), event(), online_event(), practice(), question())
        ],
        activities.update(f"{HOME}/ap/a/10", event(), published=NOW),
        activities.update_actor(f"{HOME}/ap/a/11", person(), published=NOW),
        activities.delete(envelope(3, EVENTS), f"{HOME}/ap/e/1", "Event"),
        activities.delete_actor(f"{HOME}/ap/a/12", ANNA, published=NOW),
        activities.announce(envelope(4), f"{HOME}/ap/n/1"),
        activities.announce_activity(envelope(5), activities.create(f"{HOME}/ap/a/13", note(), published=NOW)),
        activities.like(envelope(6), "https://tuesday.example/n/1"),
        sent,
        activities.accept(envelope(7), sent),
        activities.reject(envelope(8), sent),
        activities.ignore(envelope(9), "https://meet.example/join/1"),
        activities.undo(envelope(10), sent),
        activities.move(envelope(11), "https://new.example/ap/u/anna"),
        activities.flag(envelope(12, f"{HOME}/actor"), [BERTA.uri, "https://tuesday.example/n/1"], "Spam"),
        activities.block(envelope(13), BERTA.uri),
        activities.add(envelope(14), f"{HOME}/ap/n/1", f"{ANNA}/featured"),
        activities.remove(envelope(15), f"{HOME}/ap/n/1", f"{ANNA}/featured"),
        activities.join(envelope(16), "https://meet.example/events/1", "Two of us"),
        activities.leave(envelope(17), "https://meet.example/events/1"),
    ]
