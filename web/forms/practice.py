"""Between the form of a practice record and its draft, both ways."""

import re
from collections.abc import Iterable

from node.community.attachments import Picture
from node.community.kinds import Stage, Visibility
from node.community.practice_rules import (
    LONGEST_SECTION,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    SHOWN,
    Organization,
    PracticeDraft,
)
from node.community.practice_terms import OPTIONAL, SECTIONS, VOCABULARIES
from web.forms.form import Form, blank

MANY = ("level", "objective", "theme", "channel")
COUNTRY_FIELDS = 3
STAGES = tuple(stage.value for stage in Stage)


def draft_from(form: Form, pictures: tuple[Picture, ...]) -> PracticeDraft:
    """Return what was typed as a draft; what is wrong at this level is kept as errors of the form."""
    many = {name: form.choices(name, VOCABULARIES[name]) for name in MANY}
    more = {name: form.choices(name, VOCABULARIES[name]) for name in OPTIONAL}
    return PracticeDraft(
        title=form.text("title", longest=LONGEST_TITLE * 2),
        stage=Stage(form.choice("stage", STAGES, otherwise=Stage.DESCRIBED.value)),
        visibility=Visibility(form.choice("visibility", _shown(), otherwise=Visibility.PUBLIC.value)),
        summary=form.text("summary", longest=LONGEST_SUMMARY * 2),
        language=form.text("language", longest=35),
        license=form.text("license", longest=60) or "CC-BY-4.0",
        kind=form.text("kind", longest=40) or "practice",
        country=tuple(filter(None, form.values("country"))),
        start_date=form.text("start_date", longest=20),
        end_date=form.text("end_date", longest=20),
        status=form.text("status", longest=40),
        status_date=form.text("status_date", longest=20),
        outcome=form.text("outcome", longest=40),
        lead_organization=_organization(form),
        organization_withheld=form.ticked("organization_withheld"),
        sdg=(*filter(None, form.values("sdg")), *_listed(form.text("sdg_more"))),
        evidence_level=form.number("evidence_level", least=0, most=5, otherwise=0) or 0,
        sections={name: form.text(name, longest=LONGEST_SECTION) for name in SECTIONS},
        contact=form.text("contact"),
        source_url=form.text("source_url", longest=2000),
        contributors=_listed(form.text("contributors", longest=2000)),
        more={name: codes for name, codes in more.items() if codes},
        pictures=pictures,
        **many,
    )


def form_from(draft: PracticeDraft) -> Form:
    """Return the form that shows a record for changing; pictures are not in it."""
    organization = draft.lead_organization or Organization("")
    offered = [target for target in draft.sdg if target in VOCABULARIES["sdg"]]
    single = {
        name: getattr(draft, name)
        for name in ("title", "summary", "language", "license", "kind", "start_date", "end_date", "status")
    }
    several = {name: list(getattr(draft, name)) for name in (*MANY, "country")}
    return blank(
        **single,
        **several,
        **dict(draft.sections),
        **{name: list(codes) for name, codes in draft.more.items()},
        stage=draft.stage.value,
        visibility=draft.visibility.value,
        status_date=draft.status_date,
        outcome=draft.outcome,
        organization=organization.name,
        org_type=organization.org_type,
        organization_country=organization.country,
        organization_url=organization.url,
        organization_withheld="1" if draft.organization_withheld else "",
        sdg=offered,
        sdg_more=", ".join(target for target in draft.sdg if target not in offered),
        evidence_level=str(draft.evidence_level),
        contact=draft.contact,
        source_url=draft.source_url,
        contributors=", ".join(draft.contributors),
    )


def _shown() -> tuple[str, ...]:
    return tuple(each.value for each in SHOWN)


def _organization(form: Form) -> Organization | None:
    found = Organization(
        name=form.text("organization", longest=200),
        org_type=form.text("org_type", longest=40),
        country=form.text("organization_country", longest=2),
        url=form.text("organization_url", longest=2000),
    )
    return found if found.name else None


def _listed(text: str) -> tuple[str, ...]:
    parts: Iterable[str] = re.split(r"[,;،\n]+", text)
    return tuple(part.strip() for part in parts if part.strip())
