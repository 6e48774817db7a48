"""The controlled words of practice records: which codes a field takes, and what they are called."""

import re
from collections.abc import Mapping

from node.community import terms_optional as optional
from node.community import terms_required as required
from node.community.terms_required import Terms
from node.i18n import gettext, mark

VOCABULARIES: Mapping[str, Terms] = {
    "kind": required.KIND,
    "level": required.LEVEL,
    "status": required.STATUS,
    "outcome": required.OUTCOME,
    "objective": required.OBJECTIVE,
    "theme": required.THEME,
    "sdg": required.SDG,
    "channel": required.CHANNEL,
    "orgType": required.ORG_TYPE,
    "evidenceLevel": required.EVIDENCE_LEVEL,
    "license": required.LICENSE,
    "engagementLevel": optional.ENGAGEMENT_LEVEL,
    "eParticipation": optional.E_PARTICIPATION,
    "policyCycleStage": optional.POLICY_CYCLE_STAGE,
    "interaction": optional.INTERACTION,
    "governmentFunction": optional.GOVERNMENT_FUNCTION,
    "technology": optional.TECHNOLOGY,
    "targetGroup": optional.TARGET_GROUP,
    "barrier": optional.BARRIER,
    "funding": optional.FUNDING,
    "costBand": optional.COST_BAND,
}
"""By the name of the field on the wire."""

OPTIONAL = (
    *("engagementLevel", "eParticipation", "policyCycleStage", "interaction", "governmentFunction"),
    *("technology", "targetGroup", "barrier", "funding", "costBand"),
)
SECTIONS: Mapping[str, str] = {
    "problem": mark("Problem"),
    "approach": mark("Approach"),
    "engagement": mark("Engagement"),
    "results": mark("Results"),
    "evidence": mark("Evidence"),
    "lessons": mark("Lessons"),
    "failures": mark("What did not work"),
    "costs": mark("Costs"),
    "transferability": mark("What others need"),
    "sustainability": mark("What keeps it running"),
    "inclusion": mark("Inclusion"),
    "risks": mark("Risks"),
}
"""The sections of the narrative in their order; ids are stable."""

_SDG_TARGET = re.compile(r"(?P<goal>[1-9]|1[0-7])\.(?:[1-9]|1[0-9]|[a-d])")


def is_code(field: str, code: str) -> bool:
    """Tell whether `field` takes `code`."""
    if field == "sdg":
        return _SDG_TARGET.fullmatch(code) is not None
    return code in VOCABULARIES[field]


def label(field: str, code: str) -> str:
    """Return what a code is called in the language of the running task; an unknown code is its own name."""
    known = VOCABULARIES[field].get(code)
    return code if known is None else gettext(known)


def choices(field: str) -> tuple[tuple[str, str], ...]:
    """Return the codes of a field with their names, in order, for a form."""
    return tuple((code, gettext(name)) for code, name in VOCABULARIES[field].items())


def section_title(section: str) -> str:
    """Return the heading of a section in the language of the running task."""
    return gettext(SECTIONS[section])


def goal_of(target: str) -> str:
    """Return the goal of an SDG target: `16` for `16.7`."""
    return target.partition(".")[0]
