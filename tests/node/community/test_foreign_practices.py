"""Practice records of other nodes."""

from dataclasses import replace

import pytest

from node.community import foreign_deletions, foreign_practices, practices
from node.community.foreign_practices import ForeignPractice
from node.community.received import Outcome
from node.models import Actor, ActorKind, ActorState, Admission, Practice, SearchEntry, Visibility
from node.policy.grants import Records
from node.settings import Settings
from tests.node.community.people import BERTA, CARLO, LATER, MUCH_LATER, NOW, foreigner, home, member
from tests.node.community.test_practices import FULL

GROUP = replace(BERTA, uri="https://far.example/ap/g/practices", kind=ActorKind.GROUP, name="practices", keys=())
RECORD = ForeignPractice(
    uri="https://far.example/ap/r/1",
    publisher_uri=GROUP.uri,
    title="One-stop \u202eshop",
    summary="Peru · national. <b>One</b> door.",
    content_html="<h1>Problem</h1><p>Queues<script>x()</script></p>",
    language="es",
    license="CC-BY-4.0",
    version=3,
    codes={
        "country": ("PE", "nowhere"),
        "status": ("pilot",),
        "theme": ("digital-service",),
        "evil": ("x",),
        "leadOrganization": ("Ministry",),
        "orgType": ("national-government",),
        "leadOrganizationCountry": ("PE",),
        "leadOrganizationUrl": ("javascript:x()",),
    },
    hashtags=("#SDG16",),
    published_at=NOW,
    updated_at=NOW,
)


async def test_a_host_without_the_grant_brings_no_records(node_database: Settings) -> None:
    await foreigner(GROUP)

    done = await foreign_practices.receive(RECORD, grant=Records.NONE, now=LATER)

    assert (done.outcome, await Practice.all().count()) == (Outcome.IGNORED, 0)


async def test_nobody_takes_over_a_record_of_another_or_of_ours(node_database: Settings) -> None:
    """V-M12, V-L06."""
    await home()
    await foreigner(GROUP)
    await foreigner(CARLO)
    ours = await practices.publish(FULL, by=await member(), now=NOW)
    await foreign_practices.receive(RECORD, grant=Records.ADMIT, now=NOW)
    newer = replace(RECORD, title="Mine", updated_at=LATER)

    outcomes = [
        (await foreign_practices.receive(draft, grant=Records.ADMIT, now=LATER)).outcome
        for draft in (replace(newer, publisher_uri=CARLO.uri), replace(newer, uri=ours.uri))
    ]

    assert outcomes == [Outcome.IGNORED, Outcome.IGNORED]
    assert set(await Practice.all().values_list("title", flat=True)) == {FULL.title, "One-stop shop"}


async def test_a_suspended_publisher_brings_nothing(node_database: Settings) -> None:
    """V-M26."""
    group = await foreigner(GROUP)
    await Actor.filter(id=group.id).update(state=ActorState.SUSPENDED)

    assert (await foreign_practices.receive(RECORD, grant=Records.ADMIT, now=NOW)).outcome is Outcome.IGNORED
    assert await Practice.all().count() == 0


@pytest.mark.parametrize("visibility", [Visibility.FOLLOWERS, Visibility.DIRECT, Visibility.DRAFT])
async def test_a_record_for_a_few_does_not_enter_the_library(node_database: Settings, visibility: Visibility) -> None:
    await foreigner(GROUP)

    done = await foreign_practices.receive(replace(RECORD, visibility=visibility), grant=Records.ADMIT, now=NOW)

    assert (done.outcome, await Practice.all().count()) == (Outcome.IGNORED, 0)


async def test_an_admitted_record_is_kept_clean_and_found(database: Settings) -> None:
    group = await foreigner(GROUP)

    done = await foreign_practices.receive(RECORD, grant=Records.ADMIT, now=LATER)
    again = await foreign_practices.receive(RECORD, grant=Records.ADMIT, now=MUCH_LATER)

    assert (done.outcome, again.outcome) == (Outcome.STORED, Outcome.UNCHANGED)
    row = await Practice.get()
    assert (row.publisher_id, row.title, row.summary) == (group.id, "One-stop shop", "Peru · national. One door.")
    assert (row.content_html, row.country, row.status) == ("<h2>Problem</h2><p>Queues</p>", " PE ", "pilot")
    assert row.facts == {
        "country": ["PE", "nowhere"],
        "theme": ["digital-service"],
        "leadOrganization": {"name": "Ministry", "orgType": "national-government", "country": "PE"},
    }
    assert (row.version, row.admission, row.received_at) == (3, Admission.ADMITTED, LATER)
    assert await SearchEntry.filter(kind="practice").count() == 1


async def test_a_held_record_waits_for_an_editor(database: Settings) -> None:
    await foreigner(GROUP)
    await foreign_practices.receive(RECORD, grant=Records.HOLD, now=LATER)
    assert await SearchEntry.filter(kind="practice").count() == 0

    assert await foreign_practices.admit(RECORD.uri, admission=Admission.ADMITTED)
    newer = replace(RECORD, updated_at=MUCH_LATER, title="Newer")
    await foreign_practices.receive(newer, grant=Records.HOLD, now=MUCH_LATER)

    row = await Practice.get()
    assert (row.admission, row.title) == (Admission.ADMITTED, "Newer")
    assert await SearchEntry.filter(kind="practice").values_list("title", flat=True) == ["Newer"]


async def test_a_link_keeps_the_summary_and_no_more(node_database: Settings) -> None:
    await foreigner(GROUP)

    await foreign_practices.receive(RECORD, grant=Records.LINK_ONLY, now=LATER)

    row = await Practice.get()
    assert (row.admission, row.summary, row.content_html) == (
        Admission.LINK_ONLY,
        "Peru · national. One door.",
        "",
    )


async def test_a_record_is_deleted_by_its_publisher(node_database: Settings) -> None:
    group, carlo = await foreigner(GROUP), await foreigner(CARLO)
    await foreign_practices.receive(RECORD, grant=Records.ADMIT, now=NOW)

    outcomes = [
        (await foreign_deletions.receive_deletion(RECORD.uri, by=actor, now=LATER)).outcome for actor in (carlo, group)
    ]

    assert outcomes == [Outcome.IGNORED, Outcome.REMOVED]
    assert (await Practice.all().count(), await SearchEntry.filter(kind="practice").count()) == (0, 0)
