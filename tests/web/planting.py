"""A full node with words of foreign people in it, each with a mark of its own that must show only where it may."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from node.community import foreign_deletions, foreign_events, foreign_posts, foreign_practices, members, moves, trust
from node.community.foreign_actors import ForeignActor, remember
from node.community.foreign_events import ForeignEvent
from node.community.foreign_posts import ForeignPost
from node.community.foreign_practices import ForeignPractice
from node.community.kinds import Role
from node.community.members import NewMember
from node.models import Actor, ActorKind, Follow, FollowState, Job, Member, Visibility
from node.policy.grants import Interact, Records
from node.policy.registry import Change
from node.settings import Settings
from outbox.models import PublishedActivity
from tests.clock import START, FakeClock
from tests.web.discovery import BASE, House, house
from tests.web.planted_desk import DESK_MARKS, busy_desk, equip, tickets
from tests.web.village import BERTA, Village, move_in
from tests.web.visitor import Visitor

PASSWORD = "a long sentence about mats"
CARLA = replace(
    BERTA, uri="https://far.example/users/carla", name="carla", display_name="Carla", indexable=True, avatar_url=None
)
BLOCKED = replace(
    BERTA,
    uri="https://blocked.example/users/dora",
    host="blocked.example",
    name="dora",
    display_name="markblockedname",
    avatar_url="https://blocked.example/markblocked.png",
    url="https://blocked.example/@dora",
)
GONE = replace(BERTA, uri="https://far.example/users/gone", name="gone", display_name="markgonename")
EARLIER = replace(BERTA, uri="https://old.example/users/eti", host="old.example", name="eti", display_name="Eti")
LATER = replace(EARLIER, uri="https://new.example/users/eti", host="new.example", also_known_as=(EARLIER.uri,))
MARKS = (
    "markanswer",
    "markquiet",
    "markfollowers",
    "markdirect",
    "markdeleted",
    "markgone",
    "markblocked",
    "markheldrecord",
    "markheldevent",
    "markindexable",
    "markfirstwords",
    "markmoved",
    "markaftermove",
    *DESK_MARKS,
)
TAKEN_BACK = ("markdeleted", "markgone", "markblocked")
"""What shows until `take_back`."""


ACTOR_PARTS = ("main-key", "outbox", "outbox?page=first", "followers", "following", "featured", "moderators")
THING_PARTS = ("replies", "replies?page=first", "context", "context?page=first", "likes", "shares")
PARTS_OF_ONE = {"r": ("record.json",), "e": ("attendees",)}


@dataclass(frozen=True)
class Planted:
    """The node, what is in it, and where the marks were planted."""

    house: House
    village: Village
    uris: tuple[str, ...]
    desk: Mapping[str, list[str]] = field(default_factory=dict)

    async def visitor(self, role: Role | None) -> Visitor:
        """Return somebody at a browser who has just signed in with a role, or nobody in particular."""
        visitor = Visitor(self.house.app, origin=BASE)
        if role is None:
            return visitor
        name = f"{role.value.replace('_', '')}x"
        await members.add(NewMember(name, name, password=PASSWORD, role=role), base=BASE, now=START)
        page = await visitor.send(await visitor.get("/sign-in"), "/sign-in", name=name, password=PASSWORD)
        assert page.status == 303, page.text
        return visitor


async def plant(database: Settings, clock: FakeClock) -> Planted:
    """Let foreign people say things to a full node, and take back what can be taken back."""
    planted = await speak(database, clock)
    await take_back(planted, clock)
    return planted


async def speak(database: Settings, clock: FakeClock) -> Planted:
    """Found a node, move a village in, and let foreign people say things to it."""
    home = await house(database, clock, PAGE_BURST="100000")
    settings = replace(database, public_url=BASE)
    village = await move_in(settings, await _anna(), now=clock.now())
    post = f"{BASE}/ap/n/{village.post}"
    for who in (CARLA, BLOCKED, GONE, EARLIER, LATER):
        await remember(who, now=START)
    anna = (await _anna()).actor
    for uri in (BERTA.uri, EARLIER.uri):
        target = await Actor.get(uri=uri)
        await Follow.create(follower=anna, target=target, state=FollowState.ACCEPTED, created_at=START)
    said = [
        await say(BERTA, "markanswer", post),
        await say(BERTA, "markquiet", post, visibility=Visibility.QUIET),
        await say(BERTA, "markfollowers", None, visibility=Visibility.FOLLOWERS),
        await say(BERTA, "markdirect", post, visibility=Visibility.DIRECT, mentioned_uris=(home.anna.actor.uri,)),
        await say(BERTA, "markdeleted", post),
        await say(GONE, "markgone", post),
        await say(BLOCKED, "markblocked", post),
        await say(CARLA, "markindexable", post),
        await say(EARLIER, "markmoved", None),
    ]
    said += [*await _held(clock), await _first_words(post)]
    sefa = await members.add(NewMember("sefa", "Sefa", role=Role.STEWARD), base=BASE, now=START)
    desk = await busy_desk(post, await Actor.get(uri=BERTA.uri), sefa, now=clock.now())
    await equip(settings, now=clock.now())
    uris = (*said, *(each.uri for each in (BERTA, CARLA, BLOCKED, GONE, EARLIER, LATER)))
    return Planted(home, village, uris, desk)


async def take_back(planted: Planted, clock: FakeClock) -> None:
    """Let one post be deleted, one account close, one account move, and one server be blocked."""
    now, registry = clock.now(), planted.house.registry
    berta, gone, earlier, later = [await Actor.get(uri=each.uri) for each in (BERTA, GONE, EARLIER, LATER)]
    await foreign_deletions.receive_deletion(f"{BERTA.uri}/statuses/markdeleted", by=berta, now=now)
    await foreign_deletions.receive_deletion(GONE.uri, by=gone, now=now)
    await moves.carry(earlier, later, may_follow=True, now=now)
    await say(EARLIER, "markaftermove", None)
    await trust.change(Change(("blocked.example",), "T0"), registry=registry, by_member_id=None, now=now)


async def _first_words(post: str) -> str:
    """Let somebody of a server whose first words are held say something."""
    who = replace(BERTA, uri="https://first.example/users/x", host="first.example", name="x")
    await remember(who, now=START)
    return await say(who, "markfirstwords", post, grant=Interact.HOLD)


async def _anna() -> Member:
    return await Member.get(actor__local_name="anna").select_related("actor")


async def say(
    who: ForeignActor, mark: str, parent: str | None, *, grant: Interact = Interact.YES, **changes: Any
) -> str:
    """Let somebody say something with a mark; return its id."""
    uri = f"{who.uri}/statuses/{mark}"
    draft = ForeignPost(
        uri=uri,
        author_uri=who.uri,
        visibility=Visibility.PUBLIC,
        content_html=f"<p>Here is {mark} with words</p>",
        language="en",
        url=f"https://{who.host}/@{who.name}/{mark}",
        in_reply_to_uri=parent,
        hashtags=("openbudget",),
        published_at=START - timedelta(hours=1),
    )
    await foreign_posts.receive(replace(draft, **changes), now=START, grant=grant)
    return uri


async def _held(clock: FakeClock) -> list[str]:
    group = replace(BERTA, uri="https://far.example/ap/g/x", kind=ActorKind.GROUP, name="x", avatar_url=None)
    await remember(group, now=START)
    record = ForeignPractice(
        uri="https://far.example/ap/r/markheldrecord",
        publisher_uri=group.uri,
        title="markheldrecord",
        language="en",
        published_at=clock.now(),
    )
    event = ForeignEvent(
        uri="https://far.example/ap/e/markheldevent",
        publisher_uri=group.uri,
        title="markheldevent",
        starts_at=clock.now() + timedelta(days=3),
        time_zone="UTC",
        published_at=clock.now(),
    )
    await foreign_practices.receive(record, grant=Records.HOLD, now=clock.now())
    await foreign_events.receive(event, grant=Records.HOLD, now=clock.now())
    return [record.uri, event.uri]


async def fillings(planted: Planted) -> dict[str, list[str]]:
    """Return for every GET route with a part that varies the paths that what is in the database makes of it."""
    village = planted.village
    ours = [actor for actor in await Actor.filter(is_local=True) if actor.local_name]
    names = [str(actor.local_name) for actor in ours]
    people = [f"@{actor.name}@{actor.host}" for actor in await Actor.filter(is_local=False)]
    objects = {
        "n": [village.post, village.members_post, village.warned_post],
        "e": [village.event, village.cancelled],
        "r": [village.record],
    }
    found = {
        "/nodeinfo/<version>": ["/nodeinfo/2.0", "/nodeinfo/2.1"],
        "/actor/<part>": [f"/actor/{part}" for part in ACTOR_PARTS],
        "/ap/a/<id>": [f"/ap/a/{row.public_id}" for row in await PublishedActivity.all()],
        "/static/<name>": ["/static/nothing"],
        "/sign-in/link/<token>": ["/sign-in/link/nothing"],
        "/media/<folder>/<name>": ["/media/aa/nothing"],
        "/media/elsewhere/<signature>/<kind>/<host>/<code>": ["/media/elsewhere/a/face/far.example/b"],
        "/tags/<name>": ["/tags/openbudget", "/tags/water"],
        "/posts/<public_id>": [f"/posts/{each}" for each in objects["n"]],
        "/@<handle>": [f"/@{name}" for name in names] + [f"/{each}" for each in people],
        "/@<name>.atom": [f"/@{name}.atom" for name in names],
        "/practices/<public_id>": [f"/practices/{village.record}"],
        "/practices/<public_id>/v/<int:number>": [f"/practices/{village.record}/v/{n}" for n in (1, 2)],
        "/events/<public_id>": [f"/events/{each}" for each in objects["e"]],
        "/join/<token>": ["/join/nothing"],
        "/posts/<public_id>/edit": [f"/posts/{village.post}/edit"],
        "/posts/<public_id>/delete": [f"/posts/{village.post}/delete"],
        "/practices/<public_id>/edit": [f"/practices/{village.record}/edit"],
        "/practices/<public_id>/withdraw": [f"/practices/{village.record}/withdraw"],
        "/events/<public_id>/edit": [f"/events/{village.event}/edit"],
        "/events/<public_id>/end": [f"/events/{village.event}/end"],
        "/admin/servers/<host>": [f"/admin/servers/{host}" for host in ("far.example", "blocked.example")],
        "/admin/groups/<name>": ["/admin/groups/posts"],
        "/admin/jobs/<job_id>": [f"/admin/jobs/{row.id}" for row in await Job.all()],
    }
    found["/looking-up/<ticket>"] = [f"/looking-up/{each}" for each in await tickets(planted.house.app)]
    found |= {rule: [rule[: rule.index("<")] + part for part in parts] for rule, parts in planted.desk.items()}
    for kind, many in objects.items():
        found[f"/ap/{kind}/<id>"] = [f"/ap/{kind}/{each}" for each in many]
        found[f"/ap/{kind}/<id>/<part>"] = [
            f"/ap/{kind}/{each}/{part}" for each in many for part in (*THING_PARTS, *PARTS_OF_ONE.get(kind, ()))
        ]
    for kind, whose in (("u", ActorKind.PERSON), ("g", ActorKind.GROUP)):
        names = [str(actor.local_name) for actor in ours if actor.kind is whose]
        found[f"/ap/{kind}/<name>"] = [f"/ap/{kind}/{name}" for name in names]
        found[f"/ap/{kind}/<name>/<part>"] = [f"/ap/{kind}/{name}/{part}" for name in names for part in ACTOR_PARTS]
    found["/thread"] = [f"/thread?uri={quote(uri, safe='')}" for uri in planted.uris]
    found["/search"] = [f"/search?q={mark}" for mark in MARKS]
    return found
