"""Queues: counts, what was given up and why, another try. V-M36, V-M25."""

from typing import Any

import pytest

from inbox.models import ReceivedActivity, ReceivedState
from node.community.kinds import Role
from node.database import atomic
from node.models import Actor, Job, JobState, Visibility
from outbox.models import Delivery, DeliveryState, PublishedActivity
from tests.web.building import Building
from tests.web.visitor import Visitor

PATH = "/admin/queues"


@pytest.fixture
async def admin(building: Building) -> Visitor:
    """Return a signed-in federation admin on a node with some trouble."""
    visitor = await building.signed_in("fia", Role.FEDERATION_ADMIN)
    await _trouble(building)
    return visitor


async def test_a_moderator_does_not_see_the_queues_v_m36(building: Building, admin: Visitor) -> None:
    moderator = await building.signed_in("mele", Role.MODERATOR)

    page = await moderator.get(PATH)

    assert (page.status, "far.example" in page.text) == (403, False)


async def test_what_was_given_up_is_shown_with_its_reason(admin: Visitor) -> None:
    shown = (await admin.get(PATH)).shown()

    assert all(part in shown for part in ("no such actor", "mail server: gone", "410", "far.example", "waiting: 1"))


@pytest.mark.parametrize("path", ["received/999/retry", "jobs/999/retry", "jobs/x/retry", "received/-1/retry"])
async def test_another_try_of_nothing_is_not_found_v_m25(admin: Visitor, path: str) -> None:
    page = await _post(admin, f"{PATH}/{path}")

    assert page.status == 404


async def test_each_is_tried_once_more_on_demand(building: Building, admin: Visitor) -> None:
    dead, job = await ReceivedActivity.get(), await Job.get(kind="mail")

    answers = [
        (await _post(admin, f"{PATH}/received/{dead.id}/retry")).status,
        (await _post(admin, f"{PATH}/jobs/{job.id}/retry")).status,
        (await _post(admin, f"{PATH}/deliveries/retry")).status,
    ]
    now = building.clock.now()

    assert answers == [303, 303, 303]
    assert [(row.state, row.due_at) for row in await ReceivedActivity.all()] == [(ReceivedState.PENDING, now)]
    assert [(row.state, row.due_at) for row in await Job.filter(kind="mail")] == [(JobState.PENDING, now)]
    assert [row.due_at for row in await Delivery.filter(state=DeliveryState.PENDING)] == [now]


async def _trouble(building: Building) -> None:
    now, later = building.clock.now(), building.clock.now().replace(hour=23)
    anna = await Actor.get(local_name="fia")
    async with atomic():
        await Job.create(
            kind="mail", key="1", due_at=now, created_at=now, state=JobState.DEAD, reason="mail server: gone"
        )
        await ReceivedActivity.create(
            actor_origin="https://far.example",
            activity_uri="https://far.example/a/1",
            actor_uri="https://far.example/users/berta",
            type="Create",
            signer_uri="https://far.example/users/berta",
            body=b"{}",
            received_at=now,
            due_at=now,
            state=ReceivedState.DEAD,
            reason="no such actor",
        )
        activity = await PublishedActivity.create(
            uri="https://home.example/ap/a/1",
            public_id="1",
            actor=anna,
            type="Create",
            object_uri="https://home.example/ap/n/1",
            visibility=Visibility.PUBLIC,
            body="{}",
            created_at=now,
        )
        common = {"activity": activity, "host": "far.example", "sender_id": anna.id, "ordering_key": "x"}
        for number, state in enumerate((DeliveryState.PENDING, DeliveryState.REFUSED)):
            await Delivery.create(
                **common,
                inbox_url=f"https://far.example/inbox/{number}",
                state=state,
                due_at=later,
                created_at=now,
                last_status=410 if state is DeliveryState.REFUSED else None,
            )


async def _post(visitor: Visitor, path: str) -> Any:
    token = (await visitor.get(PATH)).form(f"{PATH}/deliveries/retry")["form_token"]
    return await visitor.post(path, {"form_token": token})
