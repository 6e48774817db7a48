"""What the form of a practice record asks for each section: shown as hints, none of them a must. Data only."""

from collections.abc import Mapping

from node.i18n import mark as _

PROMPTS: Mapping[str, str] = {
    "problem": _(
        "Who had the problem, since when, how do you know? What had been tried before? What would happen if nothing "
        "was done?"
    ),
    "approach": _(
        "What did you do, step by step, and why this way? What was decided by whom? What law or mandate was needed?"
    ),
    "engagement": _(
        "How were people reached, by which channels, in which languages? Who did not take part, and why? What did "
        "participants get to decide, and how were they told the result?"
    ),
    "results": _(
        "What changed for people, and in the administration's structures and processes? Numbers with baseline, date, "
        "source. Anything unexpected?"
    ),
    "evidence": _("How do you know the change came from this? Who measured it? Where can others read it?"),
    "lessons": _(
        "What would you do the same, differently, not at all? What would you tell a colleague in one sentence?"
    ),
    "failures": _(
        "What did not work, what was stopped, what nearly failed? What were the early signs? The organization's name "
        "may be withheld."
    ),
    "costs": _(
        "Set-up, yearly, staff, in-kind, who pays after the project ends? What was more expensive than planned?"
    ),
    "transferability": _(
        "Which conditions must hold: law, connectivity, skills, trust, budget, champion? What can be left out in a "
        "poorer or smaller place? What can be reused: code, templates, training?"
    ),
    "sustainability": _("What keeps it running next year? What ended it, if it ended?"),
    "inclusion": _("Effect on women, persons with disabilities, people offline, minority languages."),
    "risks": _("Privacy, safety, exclusion, manipulation: what did you do about them?"),
}
OPTIONAL_LABELS: Mapping[str, str] = {
    "engagementLevel": _("How far people were involved"),
    "eParticipation": _("Kind of e-participation"),
    "policyCycleStage": _("Stage of the policy"),
    "interaction": _("Between whom"),
    "governmentFunction": _("Function of government"),
    "technology": _("Technology"),
    "targetGroup": _("For whom"),
    "barrier": _("Barriers that were met"),
    "funding": _("Who paid"),
    "costBand": _("What it cost"),
}
