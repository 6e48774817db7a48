"""What waits on the editors' desk: records and an event of a far node."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from node.community import foreign_events, foreign_practices
from node.community.foreign_actors import remember
from node.community.foreign_events import ForeignEvent
from node.community.foreign_practices import ForeignPractice
from node.policy.grants import Records
from tests.web.village import FAR_GROUP

WAITING = ForeignPractice(
    uri="https://far.example/ap/r/waiting",
    publisher_uri=FAR_GROUP.uri,
    title="Land titles checked at the market",
    summary="Peru · local · in use. Clerks check land titles at market stalls; two of nine towns stopped.",
    content_html="<h2>Problem</h2><p>Nobody came to the office.</p>",
    language="en",
    license="CC-BY-4.0",
    version=3,
    codes={"country": ("PE",), "status": ("implemented",), "outcome": ("mixed",)},
    url="https://far.example/practices/waiting",
)
RESERVED = replace(
    WAITING,
    uri="https://far.example/ap/r/reserved",
    title="\u0645\u064a\u0632\u0627\u0646\u064a\u0629 \u0645\u0641\u062a\u0648\u062d\u0629",
    summary="",
    language="ar",
    license="all-rights",
    version=1,
)
MEETING = ForeignEvent(
    uri="https://far.example/ap/e/waiting",
    publisher_uri=FAR_GROUP.uri,
    title="Call on market stalls",
    starts_at=datetime(2026, 4, 2, 18, tzinfo=UTC),
    time_zone="America/Lima",
    teaser="Bring one form that nobody understands.",
    content_html="<p>Two hours.</p>",
    url="https://far.example/events/waiting",
)


async def send(*, now: datetime) -> None:
    """Let the far node send what waits; it is held."""
    await remember(FAR_GROUP, now=now)
    earlier = now - timedelta(hours=3)
    for record in (WAITING, RESERVED):
        draft = replace(record, published_at=earlier, updated_at=earlier)
        await foreign_practices.receive(draft, grant=Records.HOLD, now=now)
    meeting = replace(MEETING, starts_at=now + timedelta(days=9), published_at=earlier, updated_at=earlier)
    await foreign_events.receive(meeting, grant=Records.HOLD, now=now)
