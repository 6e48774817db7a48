"""Practice records of our own: publish, revise, withdraw. The Group publishes, members are credited."""

from dataclasses import dataclass, replace
from datetime import datetime

from node.chance import public_id
from node.community import actors, addresses, attachments, erasure, journal, marks, search_entries
from node.community.facts import PracticePublished, PracticeRevised, PracticeWithdrawn
from node.community.marks import written
from node.community.once import Columns
from node.community.practice_rules import PracticeDraft, checked
from node.community.practice_terms import SECTIONS, label
from node.community.practice_values import composed_summary, draft_of, facts_of, hashtags_of
from node.community.roles import is_at_least
from node.community.search_entries import Findable
from node.database import atomic
from node.errors import Invalid, NotAllowed, NotFound, Withdrawn
from node.i18n import gettext as _
from node.i18n.dates import country_name
from node.models import Actor, Media, Member, Practice, PracticeVersion, Role, Stage, Visibility
from node.text.allowed import Subset
from node.text.plain import plain_text

GROUP = "practices"


@dataclass(frozen=True, slots=True)
class _Ready:
    """A checked draft with its summary and clean sections."""

    draft: PracticeDraft
    sections_html: dict[str, str]
    pictures: list[tuple[Media, str]]


async def publish(draft: PracticeDraft, *, by: Member, now: datetime) -> Practice:
    """Publish a record as version 1, or keep it as a draft. Leads are not told to other servers.

    Who wrote it is credited, unless the draft names others.

    Raises:
        Invalid: what to change, field by field.
    """
    group, author = await actors.local(GROUP), await Actor.get(id=by.actor_id)
    ready = await _ready(draft, author=author, uri="", before=None)
    base, fresh = addresses.base_of(group), public_id(now)
    is_draft = draft.visibility is Visibility.DRAFT
    async with atomic():
        practice = await Practice.create(
            **_columns(ready),
            uri=addresses.practice_uri(base, fresh),
            public_id=fresh,
            publisher=group,
            author=by,
            is_local=True,
            url=addresses.practice_page(base, fresh),
            published_at=None if is_draft else now,
            updated_at=now,
        )
        await _hang_on(practice, ready, author, by=by, now=now)
        if is_told(practice):
            await journal.note(PracticePublished(practice.id, practice.version), at=now, by_member_id=by.id)
    return practice


async def revise(uri: str, draft: PracticeDraft, *, by: Member, now: datetime) -> Practice:
    """Publish the next version of a record; earlier ones stay as they were.

    Raises:
        NotFound, Withdrawn: no such record of ours.
        NotAllowed: neither its author nor an editor.
        Invalid: what to change; a published record doesn't become a draft or a lead again.
    """
    before = await standing(uri)
    _require_may_edit(before, by)
    _require_forward(before, draft)
    author = await Actor.get(id=by.actor_id)
    ready = await _ready(draft, author=author, uri=uri, before=before)
    async with atomic():
        practice = await Practice.select_for_update().get(id=before.id)
        was_told, was_published = is_told(practice), practice.published_at is not None
        practice.update_from_dict(_columns(ready))
        practice.updated_at = now
        if was_published:
            practice.version += 1
        elif practice.visibility is not Visibility.DRAFT:
            practice.published_at = now
        await practice.save()
        await _hang_on(practice, ready, author, by=by, now=now)
        if was_told:
            await journal.note(PracticeRevised(practice.id, practice.version), at=now, by_member_id=by.id)
        elif is_told(practice):
            await journal.note(PracticePublished(practice.id, practice.version), at=now, by_member_id=by.id)
    return practice


async def withdraw(uri: str, *, by: Member, now: datetime) -> Practice:
    """Take a record back: its title, dates and relations stay, its words go. A second time changes nothing.

    Raises:
        NotFound: no such record of ours.
        NotAllowed: neither its author nor an editor.
    """
    practice = await Practice.get_or_none(uri=uri, is_local=True)
    if practice is None:
        raise NotFound(f"no record {uri[:200]} of ours")
    _require_may_edit(practice, by)
    if practice.withdrawn_at is not None:
        return practice
    async with atomic():
        was_told = is_told(practice)
        practice.withdrawn_at, practice.summary = now, ""
        practice.facts, practice.sections, practice.sections_html = {}, {}, {}
        await practice.save()
        await PracticeVersion.filter(practice_id=practice.id).delete()
        await erasure.erase_around([uri])
        if was_told:
            await journal.note(PracticeWithdrawn(practice.id), at=now, by_member_id=by.id)
    return practice


async def standing(uri: str) -> Practice:
    """Find a record that was not withdrawn, ours or foreign.

    Raises:
        NotFound: never seen here.
        Withdrawn: taken back.
    """
    return _standing(await Practice.get_or_none(uri=uri).select_related("publisher"), uri)


async def by_public_id(public: str) -> Practice:
    """Find a record of ours by the last part of its address; raises like `standing`."""
    return _standing(await Practice.get_or_none(public_id=public).select_related("publisher"), public)


async def version_of(practice: Practice, number: int) -> PracticeVersion:
    """Find one published version.

    Raises:
        NotFound: there is none with this number.
    """
    found = await PracticeVersion.get_or_none(practice_id=practice.id, version=number)
    if found is None:
        raise NotFound(f"no version {number} of {practice.uri}")
    return found


def is_told(practice: Practice) -> bool:
    """Tell whether other servers hear of it: described, and not a draft."""
    return practice.stage is Stage.DESCRIBED and practice.visibility is not Visibility.DRAFT


def _standing(practice: Practice | None, name: str) -> Practice:
    if practice is None:
        raise NotFound(f"no record {name[:200]}")
    if practice.withdrawn_at is not None:
        raise Withdrawn(f"{name[:200]} was withdrawn")
    return practice


def _require_may_edit(practice: Practice, by: Member) -> None:
    if not practice.is_local:
        raise NotAllowed(f"{practice.uri} is another server's")
    if practice.author_id != by.id and not is_at_least(by.role, Role.EDITOR):
        raise NotAllowed(f"{practice.uri} was written by somebody else")


def _require_forward(before: Practice, draft: PracticeDraft) -> None:
    if before.published_at is not None and draft.visibility is Visibility.DRAFT:
        raise Invalid({"visibility": _("It is published already. Withdraw it if nobody shall read it.")})
    if is_told(before) and draft.stage is Stage.LEAD:
        raise Invalid({"stage": _("A described record can't become a lead again.")})


async def _ready(draft: PracticeDraft, *, author: Actor, uri: str, before: Practice | None) -> _Ready:
    """Check everything and clean the narrative.

    Args:
        before: the record as it stands; a summary that was composed from it is composed anew.
    """
    tidy = checked(draft)
    if before is None and not tidy.contributors:
        tidy = replace(tidy, contributors=(author.display_name,))
    was_composed = before is not None and tidy.summary == composed_summary(draft_of(before))
    if tidy.stage is Stage.DESCRIBED and (not tidy.summary or was_composed):
        tidy = replace(tidy, summary=composed_summary(tidy))
    texts = {
        name: (await written(tidy.sections[name], author=author, subset=Subset.ARTICLE)).html
        for name in SECTIONS
        if name in tidy.sections
    }
    return _Ready(tidy, texts, await attachments.chosen(tidy.pictures, owner=author, already_at=uri))


def _columns(ready: _Ready) -> Columns:
    draft = ready.draft
    same = ("stage", "visibility", "title", "summary", "language", "kind", "status", "outcome", "license")
    return {
        **{name: getattr(draft, name) for name in same},
        "country": f" {' '.join(draft.country)} " if draft.country else "",
        "facts": facts_of(draft),
        "sections": dict(draft.sections),
        "sections_html": ready.sections_html,
    }


async def _hang_on(practice: Practice, ready: _Ready, author: Actor, *, by: Member, now: datetime) -> None:
    draft = ready.draft
    if draft.visibility is not Visibility.DRAFT:
        snapshot = {
            name: getattr(practice, name)
            for name in ("title", "summary", "language", "kind", "license", "status", "outcome", "facts", "sections")
        }
        await PracticeVersion.create(
            practice=practice, version=practice.version, snapshot=snapshot, made_by_id=by.id, created_at=now
        )
    await marks.set_hashtags(practice.uri, hashtags_of(draft))
    await attachments.attach(practice.uri, ready.pictures, base=addresses.base_of(author))
    at = practice.published_at or now
    found = Findable(practice.uri, "practice", draft.title, _words(ready), draft.language, draft.visibility, at)
    await search_entries.enter(found)


def _words(ready: _Ready) -> str:
    draft = ready.draft
    places = [country_name(code, "en") for code in draft.country] + [
        country_name(code, draft.language) for code in draft.country
    ]
    themes = [label("theme", code) for code in draft.theme] + list(draft.theme)
    organization = draft.lead_organization.name if draft.lead_organization else ""
    narrative = [plain_text(html) for html in ready.sections_html.values()]
    return " ".join([draft.title, draft.summary, organization, *places, *themes, *narrative])
