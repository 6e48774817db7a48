"""The published versions of a practice record of ours, each as it was."""

from dataclasses import dataclass, replace
from datetime import datetime

from node.community.marks import written
from node.community.practice_terms import SECTIONS
from node.community.views import PracticeView
from node.errors import NotFound
from node.models import Actor, PracticeVersion
from node.text.allowed import Subset

MOST = 200


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One published version in a list."""

    number: int
    title: str
    made_at: datetime


async def versions_of(record: PracticeView) -> tuple[VersionLine, ...]:
    """Return the versions of a record, the newest first; a foreign record has none here."""
    found = await PracticeVersion.filter(practice_id=record.id).order_by("-version").limit(MOST)
    return tuple(VersionLine(row.version, str(row.snapshot.get("title", "")), row.created_at) for row in found)


async def as_it_was(record: PracticeView, number: int) -> PracticeView:
    """Return a record in an earlier version.

    Raises:
        NotFound: it has none with this number.
    """
    row = await PracticeVersion.get_or_none(practice_id=record.id, version=number)
    if row is None:
        raise NotFound(f"no version {number} of {record.uri}")
    kept = row.snapshot
    facts, sections = kept.get("facts"), kept.get("sections")

    def word(name: str) -> str:
        return str(kept.get(name, ""))

    return replace(
        record,
        title=word("title"),
        summary=word("summary"),
        language=word("language"),
        status=word("status"),
        outcome=word("outcome"),
        license=word("license"),
        record_kind=word("kind"),
        version=number,
        facts=facts if isinstance(facts, dict) else {},
        sections=await _sections(sections if isinstance(sections, dict) else {}, record),
        updated_at=row.created_at,
        is_listed=False,
    )


async def _sections(sources: dict[str, str], record: PracticeView) -> tuple[tuple[str, str], ...]:
    publisher = await Actor.get(id=record.author.id)
    return tuple(
        [
            (name, (await written(sources[name], author=publisher, subset=Subset.ARTICLE)).html)
            for name in SECTIONS
            if name in sources
        ]
    )
