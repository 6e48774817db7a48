"""What was given up, one by one: read, tried once more, discarded; activities by id; accounts, hosts. V-M36, V-M25."""

import pytest

from inbox.models import ReceivedActivity, ReceivedState
from node.community import hosts, moderation, purging
from node.community.foreign_actors import remember
from node.community.kinds import Role
from node.community.moderation import Act
from node.models import ActKind, Actor, ActorState, Concern, FailedLookup, Host, Job, JobState, Member, Post
from outbox.models import Delivery, DeliveryState
from tests.web.building import Building
from tests.web.errands_of_staff import MELE, keep_busy
from tests.web.visitor import Visitor

FAR_ID = "https://far.example/a/1"


@pytest.fixture
async def admin(building: Building) -> Visitor:
    """Return a signed-in federation admin on a node with some trouble."""
    await building.member("anna")
    await building.member("sefa", Role.STEWARD)
    visitor = await building.signed_in("fia", Role.FEDERATION_ADMIN)
    await keep_busy(building)
    return visitor


async def token(visitor: Visitor) -> str:
    return (await visitor.get("/admin/queues")).form("/admin/queues/discard")["form_token"]


async def test_a_moderator_reads_no_raw_bodies_v_m36(building: Building, admin: Visitor) -> None:
    moderator = await building.signed_in("mona", Role.MODERATOR)
    row = await ReceivedActivity.get()

    pages = [await moderator.get(f"/admin/received/{row.id}"), await moderator.get("/admin/received")]

    assert [page.status for page in pages] == [403, 403]
    assert not any("far.example" in page.text for page in pages)


@pytest.mark.parametrize("path", ["received/999", "received/x", "deliveries/999", "jobs/999", "jobs/-1"])
async def test_what_is_not_there_is_not_found_v_m25(admin: Visitor, path: str) -> None:
    assert (await admin.get(f"/admin/{path}")).status == 404


async def test_what_became_of_an_activity_is_found_by_its_id(admin: Visitor) -> None:
    row = await ReceivedActivity.get()

    nothing = await admin.get("/admin/received?uri=https://far.example/a/2")
    found = await admin.get(f"/admin/received?uri={FAR_ID}")
    page = await admin.get(f"/admin/received/{row.id}")

    assert "Nothing under this id" in nothing.shown()
    assert f'href="/admin/received/{row.id}"' in found.text
    assert all(part in page.shown() for part in ("no author that we could read", FAR_ID, '"type": "Create"'))


async def test_what_is_discarded_keeps_its_reason_and_is_counted(admin: Visitor) -> None:
    """R-19: nothing disappears uncounted."""
    row, job, delivery = await ReceivedActivity.get(), await Job.get(kind="mail"), await Delivery.get()
    fields = {"form_token": await token(admin), "received": str(row.id), "job": str(job.id)}

    answer = await admin.post("/admin/queues/discard", fields | {"delivery": str(delivery.id)})

    row, job, delivery = await ReceivedActivity.get(), await Job.get(kind="mail"), await Delivery.get()
    assert answer.status == 303
    assert (row.state, job.state, delivery.state) == (
        ReceivedState.IGNORED,
        JobState.DONE,
        DeliveryState.CANCELLED,
    )
    assert row.reason.endswith("the object has no author that we could read")
    assert job.reason.endswith("mail server: connection refused")
    assert delivery.reason.endswith("answered 410")


async def test_a_delivery_that_was_refused_is_tried_once_more(building: Building, admin: Visitor) -> None:
    delivery = await Delivery.get()
    path = f"/admin/queues/lost/{delivery.id}/retry"

    page = await admin.get(f"/admin/deliveries/{delivery.id}")
    answers = [(await admin.send(page, path)).status, (await admin.send(page, path)).status]

    delivery = await Delivery.get()
    assert '"type": "Create"' in page.shown()
    assert answers == [303, 404]
    assert (delivery.state, delivery.due_at, delivery.attempts) == (DeliveryState.PENDING, building.clock.now(), 0)


async def test_an_account_is_read_anew_and_purged_once_it_is_suspended(building: Building, admin: Visitor) -> None:
    now, mele = building.clock.now(), await Actor.get(uri=MELE.uri)
    await Post.bulk_create(
        [Post(uri=f"{mele.uri}/{n}", author=mele, thread_uri=f"{mele.uri}/{n}", published_at=now) for n in range(450)]
    )
    handle = "/admin/actors?handle=@mele@reef.example"

    page = await admin.get(handle)
    fields = {"form_token": await token(admin), "handle": mele.uri}
    refused = await admin.post("/admin/actors/purge", fields)
    await admin.post("/admin/actors/refresh", fields)
    fia = await Member.get(actor__local_name="fia").select_related("actor")
    await moderation.act(
        Act(kind=ActKind.SUSPEND, uri=mele.uri, reason_code=Concern.SPAM), by=fia, now=building.clock.now()
    )
    begun = await admin.send(await admin.get(handle), "/admin/actors/purge")
    while await purging.step(now=building.clock.now()):
        pass

    assert "450 things" in page.shown()
    assert '/admin/actors/purge"' not in page.text
    assert (refused.status, begun.status) == (422, 303)
    assert await Job.filter(kind="fetch", key=f"actor {mele.uri}").count() == 1
    assert (await Post.filter(author_id=mele.id).count(), (await Actor.get(id=mele.id)).state) == (
        0,
        ActorState.SUSPENDED,
    )
    assert "450 erased, 0 left" in (await admin.get(handle)).shown()
    await remember(MELE, now=building.clock.now())
    assert (await Actor.get(id=mele.id)).state is ActorState.SUSPENDED


async def test_a_host_is_forgotten_and_tried(building: Building, admin: Visitor) -> None:
    now = building.clock.now()
    await Host.filter(name="reef.example").update(failures=6, open_until=now, last_error="answered 502")
    await FailedLookup.create(url="https://reef.example/users/x", reason="404", failed_at=now, until=now)
    page = await admin.get("/admin/servers/reef.example")

    forgotten = await admin.send(page, "/admin/servers/reef.example/forget")
    tried = await admin.send(page, "/admin/servers/reef.example/retry")
    unknown = await admin.post("/admin/servers/never.example/forget", {"form_token": await token(admin)})

    assert "answered 502" in page.shown()
    assert (forgotten.status, tried.status, unknown.status) == (303, 303, 404)
    seen = await hosts.one("reef.example")
    assert seen is not None
    assert (seen.failures, seen.open_until, seen.last_error, seen.software) == (0, None, "", "")
    assert await FailedLookup.all().count() == 0
