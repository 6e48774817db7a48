"""What the pages of members and of the administration show: requests, waiting lookups, other servers, some trouble."""

from datetime import timedelta

from inbox.models import ReceivedActivity, ReceivedState
from node.community import actors, errands, follows, hosts, links, trust
from node.community.errands import Errand
from node.community.follows import FollowRequest
from node.community.foreign_actors import ForeignActor, remember
from node.community.kinds import Mode, Role
from node.database import atomic
from node.models import ActorKind, Job, JobState, RetentionRun, Visibility
from node.policy import registry as policy
from node.policy.grants import FollowGrant
from node.policy.registry import Change
from outbox.models import Delivery, DeliveryState, PublishedActivity
from tests.web.building import Building
from web.pages.looking_up import ticket_of

MELE = ForeignActor(
    uri="https://reef.example/users/mele",
    kind=ActorKind.PERSON,
    name="mele",
    host="reef.example",
    display_name="Mele ʻOfa",
    url="https://reef.example/@mele",
    inbox_url="https://reef.example/users/mele/inbox",
)


async def keep_busy(building: Building) -> dict[str, str]:
    """Fill an open database in which `anna` is a member; return names for paths."""
    now = building.clock.now()
    await policy.start(Mode.OPEN, now=now)
    await building.registry.refresh()
    await _people(building)
    await _servers(building)
    trouble = await _trouble(building)
    await _retention(building)
    invitation = await links.invite(by=None, role=Role.EDITOR, email="lani@people.example", now=now)
    await links.invite(by=None, role=Role.MEMBER, email=None, now=now)
    job = await errands.ask(Errand.HANDLE, "@lani@islands.example", now=now)
    async with building.app.app_context():
        return {"invitation": invitation, "ticket": ticket_of(job.id), **trouble}


async def _people(building: Building) -> None:
    now = building.clock.now()
    anna = await actors.local("anna")
    mele = await remember(MELE, now=now)
    asked = FollowRequest(mele, anna, "https://reef.example/follows/1")
    await follows.request(asked, grant=FollowGrant.ASK, now=now)
    await follows.ask(anna, await actors.local("sefa"), now=now)
    await follows.ask(await actors.local("sefa"), anna, now=now)


async def _servers(building: Building) -> None:
    now = building.clock.now()
    await hosts.heard("reef.example", now=now)
    await hosts.told_software("reef.example", "mastodon", "4.5.1", is_talanoa=False, now=now)
    await hosts.seen("xn--pypal-4ve.example", now=now)
    decided = (
        Change(("far.example",), "T4", "partner-agreement", "Our oldest partner."),
        Change(trust.block_patterns("spam.example"), "T0", "spam", "Thousands of offers in a day."),
    )
    for change in decided:
        await trust.change(change, registry=building.registry, by_member_id=None, now=building.clock.advance(1))


async def _retention(building: Building) -> None:
    now = building.clock.now()
    went = {"received activities": 48_213, "foreign posts": 1_904, "foreign people": 377, "foreign pictures": 0}
    begun = now - timedelta(hours=5)
    await RetentionRun.create(key="1", counts=went, started_at=begun, ended_at=begun + timedelta(minutes=7))
    await RetentionRun.create(key="2", counts={"received activities": 12_000}, started_at=now, is_dry=True)


async def _trouble(building: Building) -> dict[str, str]:
    now = building.clock.now()
    async with atomic():
        job = await Job.create(
            kind="mail",
            key="lost",
            reason="mail server: connection refused",
            state=JobState.DEAD,
            due_at=now,
            created_at=now,
            ended_at=now,
        )
        received = await ReceivedActivity.create(
            actor_origin="https://far.example",
            activity_uri="https://far.example/a/1",
            actor_uri="https://far.example/users/berta",
            type="Create",
            signer_uri="https://far.example/users/berta",
            body=b'{"id": "https://far.example/a/1", "type": "Create", "actor": "https://far.example/users/berta"}',
            received_at=now,
            due_at=now,
            state=ReceivedState.DEAD,
            reason="the object has no author that we could read",
        )
        activity = await PublishedActivity.create(
            uri="https://home.example/ap/a/1",
            public_id="1",
            actor=await actors.local("anna"),
            type="Create",
            object_uri="https://home.example/ap/n/1",
            visibility=Visibility.PUBLIC,
            body='{"id": "https://home.example/ap/a/1", "type": "Create"}',
            created_at=now,
        )
        delivery = await Delivery.create(
            activity=activity,
            host="far.example",
            sender_id=activity.actor_id,
            ordering_key="x",
            inbox_url="https://far.example/inbox",
            state=DeliveryState.REFUSED,
            reason="answered 410",
            last_status=410,
            due_at=now,
            created_at=now,
            ended_at=now,
        )
    return {"job": str(job.id), "received": str(received.id), "delivery": str(delivery.id)}
