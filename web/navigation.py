"""The main navigation: what is offered to whom. An entry shows only while its route exists."""

from dataclasses import dataclass

from node.i18n import mark as _
from web.access import ROUTES, Need


@dataclass(frozen=True, slots=True)
class Entry:
    """One link.

    Args:
        label: English; translated where it is drawn.
        path: a route without varying parts.
        least: who sees it.
        most: shown to nobody above this (sign in, for visitors only).
    """

    label: str
    path: str
    least: Need = Need.ANYONE
    most: Need = Need.STEWARD


MAIN = (
    Entry(_("Home"), "/"),
    Entry(_("Practices"), "/practices"),
    Entry(_("Events"), "/events"),
    Entry(_("Posts"), "/posts"),
    Entry(_("People"), "/people"),
    Entry(_("Search"), "/search"),
)
PERSONAL = (
    Entry(_("Notifications"), "/notifications", Need.MEMBER),
    Entry(_("Editors' desk"), "/library/held", Need.EDITOR),
    Entry(_("To do today"), "/admin/desk", Need.MODERATOR),
    Entry(_("Administration"), "/admin", Need.MODERATOR),
    Entry(_("Your account"), "/settings", Need.MEMBER),
    Entry(_("Sign in"), "/sign-in", most=Need.ANYONE),
)
FOOT = (
    Entry(_("About this node"), "/about"),
    Entry(_("Moderation log"), "/about/moderation"),
    Entry(_("Servers"), "/servers"),
    Entry(_("Accessibility"), "/accessibility"),
    Entry(_("Privacy"), "/privacy"),
)
_PATHS = frozenset(route.rule for route in ROUTES)


def shown(entries: tuple[Entry, ...], need: Need) -> list[Entry]:
    """Return the entries for a visitor of this standing."""
    return [entry for entry in entries if entry.path in _PATHS and entry.least <= need <= entry.most]
