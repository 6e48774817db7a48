"""Practice records as pages show them: cards in lists, and the facts of one record with their labels."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from node.community import practice_terms as terms
from node.community.kinds import Admission, Stage
from node.community.practice_rules import MANY_COUNTRIES, WITHHELD
from node.community.practice_values import text, texts
from node.community.views import PracticeView, Reactions, Rights
from node.community.visibility import OPEN
from node.i18n import current, gettext, mark
from node.i18n.dates import country_name, format_stated, language_name, listed
from node.text.plain import shorten
from node.text.sanitise import CleanHtml, again
from web.places import object_path
from web.shown.audience import AUDIENCES
from web.shown.people import PersonShown, person, web_address
from web.shown.posts import PictureShown, pictures_shown

TONES: Mapping[str, str] = {
    "success": "good",
    "partial": "wait",
    "mixed": "wait",
    "failed": "stop",
    "too-early": "info",
}
LICENSES: Mapping[str, str] = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-3.0-IGO": "https://creativecommons.org/licenses/by/3.0/igo/",
}
LONGEST_TEASER = 280
_CODED = (
    ("level", mark("Level")),
    ("objective", mark("Objective")),
    ("theme", mark("Theme")),
    ("sdg", mark("SDG targets")),
    ("channel", mark("Channel")),
    ("engagementLevel", mark("Engagement")),
    ("eParticipation", mark("Kind of participation")),
    ("policyCycleStage", mark("Stage of policy")),
    ("interaction", mark("Between whom")),
    ("governmentFunction", mark("Function of government")),
    ("technology", mark("Technology")),
    ("targetGroup", mark("For whom")),
    ("barrier", mark("Barriers")),
    ("funding", mark("Funding")),
    ("costBand", mark("Cost")),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A pair in the list of facts; `url` makes the value a link, `is_code` keeps it from being translated."""

    label: str
    value: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RecordCard:
    """A record in a list."""

    uri: str
    path: str
    title: str
    summary: str
    teaser: str
    language: str
    status: str
    outcome: str
    tone: str
    stage: str
    audience: str
    places: str
    host: str
    published_at: datetime
    updated_at: datetime | None
    author: PersonShown


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of the narrative."""

    name: str
    title: str
    content: CleanHtml


@dataclass(frozen=True, slots=True)
class RecordShown:
    """A whole record.

    Args:
        content: what a foreign node composed; empty for ours, which have `sections`.
        credited: the member behind a record of ours.
    """

    uri: str
    card: RecordCard
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    content: CleanHtml
    credited: PersonShown | None
    pictures: tuple[PictureShown, ...]
    hashtags: tuple[str, ...]
    reactions: Reactions
    rights: Rights
    version: int
    is_local: bool
    is_listed: bool
    is_open: bool
    is_link_only: bool
    original_url: str
    edit_path: str
    delete_path: str
    anchor: str = ""


def record_card(record: PracticeView) -> RecordCard:
    """Return a record as lists show it."""
    return RecordCard(
        uri=record.uri,
        path=object_path(record.uri, "practice", is_local=record.is_local),
        title=record.title,
        summary=record.summary,
        teaser=shorten(record.summary.partition(" #")[0], LONGEST_TEASER),
        language=record.language,
        status=_label("status", record.status),
        outcome=_label("outcome", record.outcome),
        tone=TONES.get(record.outcome, "info"),
        stage=gettext("Lead, not described yet") if record.stage is Stage.LEAD else "",
        audience=AUDIENCES[record.visibility],
        places=places_of(record.countries),
        host="" if record.is_local else record.author.host,
        published_at=record.published_at,
        updated_at=record.updated_at,
        author=person(record.author),
    )


def record_shown(record: PracticeView) -> RecordShown:
    """Return a record as its own page shows it."""
    card = record_card(record)
    return RecordShown(
        uri=record.uri,
        card=card,
        facts=facts_of(record),
        sections=tuple(Section(name, terms.section_title(name), again(html)) for name, html in record.sections),
        content=again(record.content_html),
        credited=person(record.credited) if record.credited else None,
        pictures=pictures_shown(record.pictures, record.author.host),
        hashtags=record.hashtags,
        reactions=record.reactions,
        rights=record.rights,
        version=record.version,
        is_local=record.is_local,
        is_listed=record.is_listed,
        is_open=record.visibility in OPEN,
        is_link_only=record.admission is Admission.LINK_ONLY,
        original_url="" if record.is_local else web_address(record.url),
        edit_path=f"{card.path}/edit" if record.rights.may_edit else "",
        delete_path=f"{card.path}/withdraw" if record.rights.may_withdraw else "",
    )


def facts_of(record: PracticeView) -> tuple[Fact, ...]:
    """Return what is known of a record, field by field, in the visitor's language."""
    facts = record.facts
    found = [
        Fact(gettext("What it is"), _label("kind", record.record_kind)),
        Fact(gettext("Where"), places_of(record.countries)),
        Fact(gettext("When"), _when(facts)),
        Fact(gettext("Status"), _with_date(_label("status", record.status), text(facts, "statusDate"))),
        Fact(gettext("Outcome"), _label("outcome", record.outcome)),
        _organization(facts.get("leadOrganization")),
        *(Fact(gettext(label), _listed(_label(name, code) for code in texts(facts, name))) for name, label in _CODED),
        Fact(gettext("Evidence"), _label("evidenceLevel", str(facts.get("evidenceLevel", "")))),
        Fact(gettext("Contact"), text(facts, "contact")),
        Fact(gettext("Contributors"), _listed(texts(facts, "contributors"))),
        Fact(gettext("Source"), text(facts, "sourceUrl"), web_address(text(facts, "sourceUrl"))),
        Fact(gettext("Language"), language_name(record.language, current().locale)),
        Fact(gettext("Licence"), _label("license", record.license), LICENSES.get(record.license, "")),
    ]
    return tuple(fact for fact in found if fact.value)


def places_of(codes: tuple[str, ...]) -> str:
    """Return the names of countries in the visitor's language."""
    several = gettext("Several countries")
    return _listed(several if code == MANY_COUNTRIES else country_name(code, current().locale) for code in codes)


def _listed(names: Iterable[str]) -> str:
    return listed(names, current().locale)


def _label(field: str, code: str) -> str:
    return terms.label(field, code) if code else ""


def _when(facts: Mapping[str, object]) -> str:
    start, end = (format_stated(text(facts, name), current().locale) for name in ("startDate", "endDate"))
    if start and end:
        return f"{start} – {end}"
    return gettext("since %(start)s", start=start) if start else end


def _with_date(words: str, date: str) -> str:
    return f"{words} ({format_stated(date, current().locale)})" if words and date else words


def _organization(told: object) -> Fact:
    label = gettext("Led by")
    if told == WITHHELD:
        return Fact(label, gettext("Name withheld"))
    if not isinstance(told, Mapping):
        return Fact(label, "")
    about = [
        _label("orgType", str(told.get("orgType", ""))),
        places_of((str(told["country"]),)) if told.get("country") else "",
    ]
    return Fact(label, str(told.get("name", "")), web_address(str(told.get("url", ""))), _listed(filter(None, about)))
