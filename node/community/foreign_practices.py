"""Practice records of other nodes: how far they enter our library."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from node.community import attachments, erasure, marks, objects, search_entries
from node.community.attachments import ForeignAttachment
from node.community.once import Columns, insert_once
from node.community.practice_rules import WITHHELD
from node.community.practice_terms import OPTIONAL
from node.community.received import Outcome, Received, ignored, unchanged
from node.community.search_entries import Findable
from node.database import atomic
from node.models import Actor, ActorState, Admission, Practice, Stage, Visibility
from node.policy.grants import Records
from node.text.allowed import Subset
from node.text.plain import plain_name, plain_text, shorten
from node.text.sanitise import clean

SHOWN = frozenset({Visibility.PUBLIC, Visibility.QUIET, Visibility.NETWORK})
LONGEST_TITLE = 200
LONGEST_SUMMARY = 1000
LONGEST_VALUE = 300
MOST_VALUES = 20
_FIELDS = frozenset(
    {
        *(
            "leadOrganizationCountry",
            "leadOrganizationUrl",
            "country",
            "level",
            "startDate",
            "endDate",
            "statusDate",
            "leadOrganization",
            "orgType",
            "objective",
            "theme",
        ),
        *("sdg", "channel", "contact", "sourceUrl", "verification", "lastConfirmed", "evidenceLevel", *OPTIONAL),
    }
)
_PARTS = {"orgType": "orgType", "leadOrganizationCountry": "country", "leadOrganizationUrl": "url"}
_SINGLE = frozenset(
    {
        *("leadOrganizationCountry", "leadOrganizationUrl"),
        *("startDate", "endDate", "statusDate", "leadOrganization", "orgType", "contact", "sourceUrl"),
        *("verification", "lastConfirmed", "evidenceLevel"),
    }
)
_ADMISSIONS = {
    Records.LINK_ONLY: Admission.LINK_ONLY,
    Records.HOLD: Admission.HELD,
    Records.ADMIT: Admission.ADMITTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignPractice:
    """A record as its node sent it; nothing in it is cleaned yet.

    Args:
        publisher_uri: whom the message was proven to come from.
        codes: every other field that is a text or a list of texts, by its name on the wire.
        content_html: the whole as its node composed it.
    """

    uri: str
    publisher_uri: str
    title: str
    summary: str = ""
    content_html: str = ""
    language: str = ""
    license: str = ""
    kind: str = "practice"
    version: int = 1
    visibility: Visibility = Visibility.PUBLIC
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    contributors: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    attachments: tuple[ForeignAttachment, ...] = ()
    url: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    document: str = "{}"


async def receive(draft: ForeignPractice, *, grant: Records, now: datetime) -> Received:
    """Keep a record of another node, or the newer version of one we have.

    Args:
        grant: what its host may put into our library; `link-only` keeps title, summary and link,
            `hold` shows it to editors alone.

    Returns:
        What became of it; with the grant `none` the caller may still treat it as a post.

    Spec: V-M12, V-M26.
    """
    publisher = await Actor.get_or_none(uri=draft.publisher_uri)
    if publisher is None or publisher.is_local or publisher.state is not ActorState.ACTIVE:
        return ignored("its publisher is unknown, ours, suspended or gone", draft.uri)
    if grant is Records.NONE or draft.visibility not in SHOWN:
        return ignored("no records from there enter our library", draft.uri)
    if await erasure.is_gone(draft.uri):
        return ignored("it was deleted before", draft.uri)
    if not plain_name(draft.title):
        return ignored("a record without a title", draft.uri)
    known = await objects.find(draft.uri)
    if known is None:
        return await _store(draft, publisher, _ADMISSIONS[grant], now=now)
    if known.kind != "practice" or known.is_local or known.publisher.id != publisher.id:
        return ignored("another actor owns it", draft.uri)
    return await _renew(draft, publisher, grant, now=now)


async def _store(draft: ForeignPractice, publisher: Actor, admission: Admission, *, now: datetime) -> Received:
    columns = await _columns(draft, admission) | {
        "publisher": publisher,
        "admission": admission,
        "published_at": min(draft.published_at or now, now),
        "updated_at": min(draft.updated_at or draft.published_at or now, now),
        "received_at": now,
    }
    async with atomic():
        row, is_new = await insert_once(Practice, {"uri": draft.uri}, columns)
        if not is_new:
            return unchanged("it came twice at the same time", draft.uri)
        await _hang_on(row, draft)
    return Received(Outcome.STORED, uri=draft.uri)


async def _renew(draft: ForeignPractice, publisher: Actor, grant: Records, *, now: datetime) -> Received:
    row = await Practice.get(uri=draft.uri)
    stamp = min(draft.updated_at, now) if draft.updated_at else None
    if stamp is None or stamp <= row.updated_at:
        return unchanged("nothing newer than what we have", draft.uri)
    # What an editor let in stays in, what one kept out stays out; a narrower grant narrows what comes from now on.
    is_decided = grant is Records.HOLD or row.admission is Admission.REFUSED
    admission = row.admission if is_decided else _ADMISSIONS[grant]
    columns = await _columns(draft, admission)
    async with atomic():
        await row.update_from_dict({**columns, "admission": admission, "updated_at": stamp}).save()
        await _hang_on(row, draft)
    return Received(Outcome.UPDATED, uri=draft.uri)


async def _columns(draft: ForeignPractice, admission: Admission) -> Columns:
    is_link = admission is Admission.LINK_ONLY or draft.license == "all-rights"
    facts = facts_from(draft.codes)
    if draft.contributors:
        facts["contributors"] = [plain_name(name) for name in draft.contributors[:MOST_VALUES]]
    return {
        "stage": Stage.DESCRIBED,
        "visibility": draft.visibility,
        "version": max(draft.version, 1),
        "title": plain_name(draft.title, limit=LONGEST_TITLE),
        "summary": shorten(plain_name(plain_text(draft.summary), limit=LONGEST_SUMMARY), LONGEST_SUMMARY),
        "language": draft.language[:35],
        "kind": plain_name(draft.kind, limit=40) or "practice",
        "status": _first(draft.codes, "status"),
        "outcome": _first(draft.codes, "outcome"),
        "country": _countries(draft.codes.get("country", ())),
        "license": plain_name(draft.license, limit=60),
        "facts": facts,
        "content_html": "" if is_link else (await clean(draft.content_html, Subset.ARTICLE)).html,
        "url": draft.url,
        "document": draft.document,
    }


def facts_from(codes: Mapping[str, tuple[str, ...]]) -> dict[str, object]:
    """Return the fields that we know, cleaned: one text where the vocabulary has one, else a list."""
    facts: dict[str, object] = {}
    for name in sorted(_FIELDS & set(codes)):
        values = [plain_name(value, limit=LONGEST_VALUE) for value in codes[name][:MOST_VALUES]]
        kept = [value for value in values if value]
        if kept:
            facts[name] = kept[0] if name in _SINGLE else kept
    organization = _organization(facts)
    return facts | organization


def _organization(facts: dict[str, object]) -> dict[str, object]:
    """Take the parts of the lead organization, which stand side by side on the wire, and put them together."""
    parts = {part: facts.pop(given) for given, part in _PARTS.items() if given in facts}
    name = facts.get("leadOrganization")
    if name is None or name == WITHHELD:
        return {}
    if not str(parts.get("url", "https://")).startswith(("https://", "http://")):
        del parts["url"]
    return {"leadOrganization": {"name": name, **parts}}


def _first(codes: Mapping[str, tuple[str, ...]], name: str) -> str:
    return plain_name(codes.get(name, ("",))[0], limit=40)


def _countries(values: tuple[str, ...]) -> str:
    codes = [value.upper() for value in values[:MOST_VALUES] if len(value) == 2 and value.isascii() and value.isalpha()]
    return f" {' '.join(codes)} " if codes else ""


async def _hang_on(row: Practice, draft: ForeignPractice) -> None:
    await marks.set_hashtags(row.uri, draft.hashtags)
    await attachments.attach_foreign(row.uri, draft.attachments)
    await _make_findable(row)


async def _make_findable(row: Practice) -> None:
    if row.admission in objects.OUTSIDE:
        await search_entries.leave(row.uri)
        return
    words = " ".join([row.title, row.summary, plain_text(row.content_html)])
    at = row.published_at or row.updated_at
    await search_entries.enter(Findable(row.uri, "practice", row.title, words, row.language, row.visibility, at))


async def admit(uri: str, *, admission: Admission) -> bool:
    """Let an editor's decision about a held record stand; tell whether it changed anything.

    Of a record that becomes a link, title, summary and link are kept.
    """
    async with atomic():
        row = await Practice.get_or_none(uri=uri, is_local=False)
        if row is None or row.admission is admission:
            return False
        row.admission = admission
        if admission is Admission.LINK_ONLY:
            row.content_html = ""
        await row.save()
        await _make_findable(row)
        return True
