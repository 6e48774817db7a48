"""What a practice record must say: the draft, its checks, and the summary made from it. No database."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from node.community.attachments import Picture
from node.community.practice_terms import OPTIONAL, SECTIONS, VOCABULARIES, is_code
from node.errors import Invalid
from node.i18n import gettext as _
from node.i18n import is_language_tag
from node.i18n.dates import countries
from node.models import Stage, Visibility
from node.text.plain import plain_name

LONGEST_TITLE = 120
LONGEST_SUMMARY = 480
LONGEST_SECTION = 20_000
MOST_CODES = 5
WITHHELD = "withheld"
MANY_COUNTRIES = "XX"
SHOWN = frozenset({Visibility.PUBLIC, Visibility.NETWORK, Visibility.MEMBERS, Visibility.DRAFT})
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_WEB = re.compile(r"https?://[^\s/]+\.[^\s]+")


@dataclass(frozen=True, slots=True)
class Organization:
    """Who led it; `org_type` and `country` are codes."""

    name: str
    org_type: str = ""
    country: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeDraft:
    """What a member typed into the form of a record. Names of fields are names of the form.

    Args:
        summary: of a lead: two or three sentences. Else empty to have it composed.
        start_date, end_date, status_date: `2024`, `2024-05` or `2024-05-17`.
        lead_organization: None if `organization_withheld`.
        sections: Markdown by section id; `problem` and `approach` are required.
        more: codes of optional fields, by their name on the wire.
    """

    title: str
    stage: Stage = Stage.DESCRIBED
    visibility: Visibility = Visibility.PUBLIC
    summary: str = ""
    language: str = "en"
    license: str = "CC-BY-4.0"
    kind: str = "practice"
    country: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    start_date: str = ""
    end_date: str = ""
    status: str = ""
    status_date: str = ""
    outcome: str = ""
    lead_organization: Organization | None = None
    organization_withheld: bool = False
    objective: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    sdg: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    evidence_level: int = 0
    sections: Mapping[str, str] = field(default_factory=dict)
    contact: str = ""
    source_url: str = ""
    contributors: tuple[str, ...] = ()
    more: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()


def checked(draft: PracticeDraft) -> PracticeDraft:
    """Return `draft` in clean spelling, if its stage has all it needs.

    A draft that only its author sees needs a title and nothing else.

    Raises:
        Invalid: what to change, field by field, each with an example.
    """
    tidy = _tidy(draft)
    wrong = _wrong_anywhere(tidy)
    if tidy.visibility is not Visibility.DRAFT:
        missing = _missing_lead(tidy) if tidy.stage is Stage.LEAD else _missing_described(tidy)
        wrong = missing | wrong
    if wrong:
        raise Invalid(wrong)
    return tidy


def _tidy(draft: PracticeDraft) -> PracticeDraft:
    organization = draft.lead_organization
    if organization is not None:
        organization = replace(
            organization, name=plain_name(organization.name, limit=200), url=organization.url.strip()
        )
    return replace(
        draft,
        title=plain_name(draft.title, limit=LONGEST_TITLE * 2),
        summary=" ".join(draft.summary.split()),
        language=draft.language.strip(),
        country=_once(code.upper() for code in draft.country),
        level=_once(draft.level),
        objective=_once(draft.objective),
        theme=_once(draft.theme),
        sdg=_once(draft.sdg),
        channel=_once(draft.channel),
        start_date=draft.start_date.strip(),
        end_date=draft.end_date.strip(),
        status_date=draft.status_date.strip(),
        lead_organization=None if draft.organization_withheld else organization,
        sections={name: text.strip() for name, text in draft.sections.items() if text.strip()},
        contact=plain_name(draft.contact, limit=200),
        source_url=draft.source_url.strip(),
        contributors=_once(plain_name(name) for name in draft.contributors)[:20],
        more={name: _once(codes) for name, codes in draft.more.items() if _once(codes)},
    )


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.strip() for value in values if value.strip()))


def _wrong_anywhere(draft: PracticeDraft) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not draft.title:
        wrong["title"] = _("Give it a title that says what was done. Example: Ward budget hearings by SMS.")
    elif len(draft.title) > LONGEST_TITLE:
        wrong["title"] = _("Shorten the title to %(limit)s characters.", limit=LONGEST_TITLE)
    if len(draft.summary) > LONGEST_SUMMARY:
        wrong["summary"] = _("Shorten the summary to %(limit)s characters.", limit=LONGEST_SUMMARY)
    if not is_language_tag(draft.language):
        wrong["language"] = _("Choose the language the record is written in, for example en, fr or ar.")
    if draft.visibility not in SHOWN:
        wrong["visibility"] = _("Choose who may read this, for example everybody.")
    wrong |= _wrong_codes(draft) | _wrong_dates(draft) | _wrong_sections(draft)
    if draft.source_url and not _WEB.fullmatch(draft.source_url):
        wrong["source_url"] = _("Write the whole address. Example: https://county.example/budget.")
    return wrong


def _wrong_codes(draft: PracticeDraft) -> dict[str, str]:
    wrong: dict[str, str] = {}
    single = {"kind": draft.kind, "status": draft.status, "outcome": draft.outcome, "license": draft.license}
    for name, code in single.items():
        if code and not is_code(name, code):
            wrong[name] = _unknown(name, code)
    many = {name: getattr(draft, name) for name in ("level", "objective", "theme", "sdg", "channel")}
    for name, codes in (many | dict(draft.more)).items():
        unknown = [code for code in codes if name not in VOCABULARIES or not is_code(name, code)]
        if unknown:
            wrong[name] = _unknown(name, unknown[0])
    for name in ("objective", "theme", "sdg"):
        if len(many[name]) > MOST_CODES:
            wrong[name] = _("Choose the %(limit)s that fit best.", limit=MOST_CODES)
    if not is_code("evidenceLevel", str(draft.evidence_level)):
        wrong["evidence_level"] = _("Choose a level from 0 (none stated) to 5 (works elsewhere at scale).")
    return wrong | _wrong_places(draft)


def _wrong_places(draft: PracticeDraft) -> dict[str, str]:
    known = {code for code, _name in countries("en")} | {MANY_COUNTRIES}
    wrong: dict[str, str] = {}
    if any(code not in known for code in draft.country):
        wrong["country"] = _("Choose countries by their two letters. Example: KE for Kenya.")
    organization = draft.lead_organization
    if organization is None or not organization.name:
        return wrong
    if organization.org_type and not is_code("orgType", organization.org_type):
        wrong["org_type"] = _unknown("orgType", organization.org_type)
    if organization.url and not _WEB.fullmatch(organization.url):
        wrong["organization_url"] = _("Write the whole address. Example: https://county.example.")
    return wrong


def _unknown(name: str, code: str) -> str:
    if name not in VOCABULARIES:
        return _("There is no such field.")
    if name == "sdg":
        return _("%(code)s is no target of the SDGs. Example: 16.7.", code=code[:40])
    example = next(iter(VOCABULARIES[name]))
    return _("%(code)s is not on the list. Choose one of it, for example %(example)s.", code=code[:40], example=example)


def _wrong_dates(draft: PracticeDraft) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for name in ("start_date", "end_date", "status_date"):
        text = getattr(draft, name)
        if text and not is_partial_date(text):
            wrong[name] = _("Write a year, a month or a day: 2024, 2024-05 or 2024-05-17.")
    if not wrong and draft.end_date and draft.end_date < draft.start_date[: len(draft.end_date)]:
        wrong["end_date"] = _("The end is before the start. Change one of the two.")
    return wrong


def is_partial_date(text: str) -> bool:
    """Tell whether `text` is a year, a month or a day that exists."""
    found = _DATE.fullmatch(text)
    if found is None:
        return False
    try:
        date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return False
    return True


def _wrong_sections(draft: PracticeDraft) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for name, text in draft.sections.items():
        if name not in SECTIONS:
            wrong[name[:40]] = _("There is no such section.")
        elif len(text) > LONGEST_SECTION:
            wrong[name] = _("Shorten this to %(limit)s characters.", limit=LONGEST_SECTION)
    unknown = [name for name in draft.more if name not in OPTIONAL]
    return wrong | {name[:40]: _("There is no such field.") for name in unknown}


def _missing_lead(draft: PracticeDraft) -> dict[str, str]:
    missing: dict[str, str] = {}
    if not draft.summary:
        missing["summary"] = _("Say in two or three sentences what was done and where you heard of it.")
    if not draft.country:
        missing["country"] = _("Choose the country. Example: Kenya.")
    if not draft.contact and not draft.source_url:
        missing["contact"] = _("Name somebody to ask, or a link. Example: ict@county.example.")
    return missing


def _missing_described(draft: PracticeDraft) -> dict[str, str]:
    asked = {
        "country": (draft.country, _("Choose at least one country. Example: Kenya.")),
        "level": (draft.level, _("Choose the level of government. Example: local.")),
        "start_date": (draft.start_date, _("Say when it began; a year is enough. Example: 2024.")),
        "status": (draft.status, _("Choose where it stands. Example: implemented.")),
        "outcome": (draft.outcome, _("Choose how it went; too early to say is an answer.")),
        "objective": (draft.objective, _("Choose what it was for. Example: participation.")),
        "theme": (draft.theme, _("Choose a theme. Example: e-participation.")),
        "sdg": (draft.sdg, _("Choose a target of the SDGs. Example: 16.7.")),
        "channel": (draft.channel, _("Choose how people were reached. Example: in person.")),
        "kind": (draft.kind, _("Choose what it is. Example: practice.")),
        "license": (draft.license, _("Choose a licence. Example: CC-BY-4.0.")),
        "problem": (draft.sections.get("problem"), _("Say who had the problem, and since when.")),
        "approach": (draft.sections.get("approach"), _("Say what was done, step by step.")),
    }
    missing = {name: text for name, (value, text) in asked.items() if not value}
    named = draft.organization_withheld or (draft.lead_organization is not None and draft.lead_organization.name)
    if not named:
        missing["organization"] = _("Name who led it, or say that the name is withheld. Example: County of X.")
    elif draft.lead_organization is not None and not draft.lead_organization.org_type:
        missing["org_type"] = _("Choose what kind of organization led it. Example: local government.")
    return missing
