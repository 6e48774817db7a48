"""Between a draft and the columns of a record: facts, hashtags and the composed summary. No database."""

import re
from collections.abc import Mapping, Sequence

from node.community.practice_rules import MANY_COUNTRIES, WITHHELD, Organization, PracticeDraft
from node.community.practice_terms import OPTIONAL, VOCABULARIES, goal_of
from node.i18n import gettext as _
from node.i18n import translator, use
from node.i18n.dates import country_name
from node.models import Practice
from node.text.summary import PracticeSummary, as_hashtag, practice_summary

MOST_GOALS = 3
_LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\([^)\s]{0,2000}\)")
_SIGNS = re.compile(r"(?m)^ {0,3}(?:#{1,6}|>|[-*+]|\d{1,3}[.)]) +|[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}")


def facts_of(draft: PracticeDraft) -> dict[str, object]:
    """Return the controlled fields of a checked draft, by their names on the wire; empty ones are left out."""
    facts: dict[str, object] = {
        "country": list(draft.country),
        "level": list(draft.level),
        "startDate": draft.start_date,
        "endDate": draft.end_date,
        "statusDate": draft.status_date,
        "leadOrganization": _organization(draft),
        "objective": list(draft.objective),
        "theme": list(draft.theme),
        "sdg": list(draft.sdg),
        "channel": list(draft.channel),
        "contact": draft.contact,
        "sourceUrl": draft.source_url,
        "contributors": list(draft.contributors),
        **{name: list(codes) for name, codes in draft.more.items()},
    }
    return {name: value for name, value in facts.items() if value} | {"evidenceLevel": draft.evidence_level}


def _organization(draft: PracticeDraft) -> object:
    if draft.organization_withheld:
        return WITHHELD
    if draft.lead_organization is None or not draft.lead_organization.name:
        return None
    found = draft.lead_organization
    told = {"name": found.name, "orgType": found.org_type, "country": found.country, "url": found.url}
    return {name: value for name, value in told.items() if value}


def draft_of(practice: Practice) -> PracticeDraft:
    """Return the draft that a record of ours was made from, for its edit form; pictures are not in it."""
    facts = practice.facts
    organization = facts.get("leadOrganization")
    return PracticeDraft(
        title=practice.title,
        stage=practice.stage,
        visibility=practice.visibility,
        summary=practice.summary,
        language=practice.language,
        license=practice.license,
        kind=practice.kind,
        country=texts(facts, "country"),
        level=texts(facts, "level"),
        start_date=text(facts, "startDate"),
        end_date=text(facts, "endDate"),
        status=practice.status,
        status_date=text(facts, "statusDate"),
        outcome=practice.outcome,
        lead_organization=_organization_from(organization),
        organization_withheld=organization == WITHHELD,
        objective=texts(facts, "objective"),
        theme=texts(facts, "theme"),
        sdg=texts(facts, "sdg"),
        channel=texts(facts, "channel"),
        evidence_level=level(facts),
        sections=practice.sections,
        contact=text(facts, "contact"),
        source_url=text(facts, "sourceUrl"),
        contributors=texts(facts, "contributors"),
        more={name: texts(facts, name) for name in OPTIONAL if texts(facts, name)},
    )


def _organization_from(value: object) -> Organization | None:
    if not isinstance(value, Mapping):
        return None
    parts = {str(name): str(part) for name, part in value.items()}
    return Organization(parts.get("name", ""), parts.get("orgType", ""), parts.get("country", ""), parts.get("url", ""))


def texts(facts: Mapping[str, object], name: str) -> tuple[str, ...]:
    """Return a field that holds several codes or texts."""
    value = facts.get(name, ())
    if isinstance(value, str):
        return (value,)
    return tuple(str(each) for each in value) if isinstance(value, Sequence) else ()


def text(facts: Mapping[str, object], name: str) -> str:
    """Return a field that holds one code or text, empty if there is none."""
    value = facts.get(name, "")
    return value if isinstance(value, str) else ""


def level(facts: Mapping[str, object]) -> int:
    """Return the level of evidence, 0 to 5."""
    value = str(facts.get("evidenceLevel", 0))
    return int(value) if value in VOCABULARIES["evidenceLevel"] else 0


def hashtags_of(draft: PracticeDraft) -> tuple[str, ...]:
    """Return the hashtags of a record, without the sign: its goals, first theme and first country."""
    goals = tuple(dict.fromkeys(f"SDG{goal_of(target)}" for target in draft.sdg))[:MOST_GOALS]
    themes = tuple(as_hashtag(theme) for theme in draft.theme[:1])
    lands = tuple(as_hashtag(country_name(code, "en")) for code in draft.country[:1] if code != MANY_COUNTRIES)
    return goals + themes + lands


def composed_summary(draft: PracticeDraft) -> str:
    """Return the summary made from the fields, in the language of the record."""
    words = translator(draft.language)
    with use(words.locale):
        facts = PracticeSummary(
            places=tuple(_place(code, words.locale) for code in draft.country),
            levels=tuple(_(VOCABULARIES["level"][code]).lower() for code in draft.level),
            status=_(VOCABULARIES["status"][draft.status]).lower() if draft.status else "",
            year=(draft.status_date or draft.start_date)[:4],
            problem=_plain(draft.sections.get("problem", "")),
            approach=_plain(draft.sections.get("approach", "")),
            outcome=draft.outcome,
            result=_plain(draft.sections.get("failures" if draft.outcome == "failed" else "results", "")),
            evidence=draft.evidence_level,
            hashtags=hashtags_of(draft),
        )
        return practice_summary(facts, words)


def _place(code: str, locale: str) -> str:
    return _("Several countries") if code == MANY_COUNTRIES else country_name(code, locale)


def _plain(markdown: str) -> str:
    """Return the words of a section without the signs of Markdown."""
    return _SIGNS.sub("", _LINK.sub(r"\1", markdown))
