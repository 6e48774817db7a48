"""What the administration calls things: presets, reasons, states, facts. Data only, marked for translation."""

from collections.abc import Mapping

from node.community.kinds import MemberState, Mode
from node.i18n import gettext
from node.i18n import mark as _

PRESETS: Mapping[str, str] = {
    "T0": _("Blocked"),
    "T1": _("Limited"),
    "T2": _("Reader"),
    "T3": _("Guest"),
    "T4": _("Partner"),
    "T5": _("Member node"),
    "custom": _("Custom"),
}
PRESETS_EXPLAINED: Mapping[str, str] = {
    "T0": _("Blocked: nothing goes either way, also for all hosts below it"),
    "T1": _("Limited: may read; follows need a yes; answers only where somebody here follows them"),
    "T2": _("Reader: may read and follow; what they write waits for an editor"),
    "T3": _("Guest: may read, follow and answer; their records wait for an editor"),
    "T4": _("Partner: also reads what is for the network; their records enter the library"),
    "T5": _("Member node: a partner whose word on others counts too"),
    "none": _("No decision: what unknown servers may do counts"),
}
TONES: Mapping[str, str] = {"T0": "stop", "T1": "wait", "T2": "info", "T3": "info", "T4": "good", "T5": "good"}
REASONS: Mapping[str, str] = {
    "partner-agreement": _("Agreement between partners"),
    "requested": _("They asked for it"),
    "same-network": _("Part of the same network"),
    "trial": _("On trial"),
    "spam": _("Spam"),
    "harassment": _("Harassment"),
    "illegal-content": _("Illegal content"),
    "unmoderated": _("Nobody moderates there"),
    "impersonation": _("Pretends to be somebody else"),
    "data-protection": _("Data protection"),
    "technical-fault": _("Technical fault"),
    "dormant": _("Nobody there any more"),
    "other": _("Something else"),
}
MODES: Mapping[Mode, str] = {
    Mode.OPEN: _("Open: unknown servers may read, follow and answer"),
    Mode.CLOSED: _("Closed: only servers that were admitted"),
}
MEMBER_STATES: Mapping[MemberState, str] = {
    MemberState.ACTIVE: _("Active"),
    MemberState.DISABLED: _("Disabled"),
    MemberState.LEFT: _("Left"),
}
STATES: Mapping[str, str] = {
    "pending": _("waiting"),
    "held": _("held by policy"),
    "delivered": _("arrived"),
    "refused": _("refused"),
    "expired": _("gave up after 7 days"),
    "cancelled": _("cancelled"),
    "done": _("done"),
    "ignored": _("ignored"),
    "dead": _("given up"),
}
JOBS: Mapping[str, str] = {
    "desk-letter": _("Letters about decisions"),
    "picture": _("Pictures from elsewhere"),
    "purge": _("Erasing accounts"),
    "admission": _("Trust, applied to what waits"),
    "federate": _("Passing on what happened here"),
    "fetch": _("Reading on other servers"),
    "mail": _("Letters"),
    "retention": _("Counting what would go"),
}
RULES: Mapping[str, str] = {
    "received activities": _("Received activities, raw"),
    "ended deliveries": _("Deliveries that ended"),
    "ended jobs": _("Jobs that ended"),
    "sent letters": _("Letters that were sent"),
    "notices": _("Notices of members"),
    "sign-ins that ran out": _("Sign-ins that ran out"),
    "foreign posts": _("Posts from elsewhere that nobody here has to do with"),
    "foreign people": _("People from elsewhere whom nothing here names"),
    "foreign pictures": _("Pictures from elsewhere that nobody looked at"),
}
FACTS: Mapping[str, str] = {
    "RoleChanged": _("Role changed"),
    "MemberStateChanged": _("Account changed"),
    "NodeProfileChanged": _("Network described anew"),
    "PolicyChanged": _("Trust changed"),
    "Moderated": _("Moderators acted"),
    "ModerationUndone": _("Act of moderators taken back"),
    "ReportDecided": _("Report decided"),
}


def preset_name(preset: str) -> str:
    """Return what a preset is called, with its code."""
    return f"{gettext(PRESETS[preset])} ({preset})" if preset in PRESETS else preset


def job_name(kind: str) -> str:
    """Return what a kind of job is called."""
    return gettext(JOBS[kind]) if kind in JOBS else kind


def rule_name(name: str) -> str:
    """Return what a rule of retention is called."""
    return gettext(RULES[name]) if name in RULES else name


def state_name(state: str) -> str:
    """Return what a state is called."""
    return gettext(STATES[state]) if state in STATES else state


def reason_name(code: str) -> str:
    """Return what a reason is called."""
    return gettext(REASONS[code]) if code in REASONS else code
