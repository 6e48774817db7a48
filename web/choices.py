"""What selects and boxes offer: languages, visibilities, roles, time zones, with their names. Pure."""

from collections.abc import Iterable
from zoneinfo import available_timezones

from node.community.kinds import QuotePolicy, Role, Visibility
from node.i18n import PSEUDO, PSEUDO_RTL, dates, gettext
from node.i18n import mark as _

Options = list[tuple[str, str]]

SPOKEN = (
    "am ar as az be bg bi bm bn bs ca ch co cs cy da de dv dz ee el en es et eu fa ff fi fil fj fo fr fy ga gd gil gl "
    "gn gu ha haw he hi hr ht hu hy id ig is it ja jv ka kg ki kk kl km kn ko ku ky lb lg ln lo lt lv mg mh mi mk ml "
    "mn mr ms mt my na nd ne nl nn no nr ny om or pa pap pl ps pt qu rn ro ru rw sd sg si sk sl sm sn so sq sr ss st "
    "su sv sw ta te tg th ti tk tn to tpi tr ts tt tvl ug uk ur uz ve vi wo xh yo zh zu"
)
"""Languages that a text may be written in; the node's own stand before them."""

VISIBILITIES = {
    Visibility.PUBLIC: _("Everybody, also on other servers"),
    Visibility.QUIET: _("Everybody who has the address; it is in no list"),
    Visibility.NETWORK: _("Members and partner servers"),
    Visibility.MEMBERS: _("Members of this node"),
    Visibility.DRAFT: _("Only you: a draft"),
}
QUOTERS = {
    QuotePolicy.ANYONE: _("Everybody"),
    QuotePolicy.FOLLOWERS: _("Who follows you"),
    QuotePolicy.ASK: _("Who asks you and hears yes"),
    QuotePolicy.NOBODY: _("Only you"),
}
ROLES = {
    Role.MEMBER: _("Member"),
    Role.EDITOR: _("Editor"),
    Role.MODERATOR: _("Moderator"),
    Role.FEDERATION_ADMIN: _("Federation admin"),
    Role.STEWARD: _("Steward"),
}


def languages(locale: str, first: Iterable[str]) -> Options:
    """Return languages for a text, named in `locale`.

    Args:
        first: the node's own, in their order.
    """
    own = [tag for tag in first if tag not in (PSEUDO, PSEUDO_RTL)]
    others = [(tag, dates.language_name(tag, locale)) for tag in SPOKEN.split() if tag not in own]
    return [(tag, dates.language_name(tag, locale)) for tag in own] + sorted(others, key=lambda pair: pair[1].lower())


def visibilities(*left_out: Visibility) -> Options:
    """Return who may read, in words."""
    return [(each.value, gettext(text)) for each, text in VISIBILITIES.items() if each not in left_out]


def quoters() -> Options:
    """Return who may quote, in words."""
    return [(each.value, gettext(text)) for each, text in QUOTERS.items()]


def roles(highest: Role) -> Options:
    """Return the roles up to `highest`: nobody grants more than they have."""
    known = list(Role)
    return [(each.value, gettext(text)) for each, text in ROLES.items() if known.index(each) <= known.index(highest)]


def role_name(role: str) -> str:
    """Return what a role is called."""
    return gettext(ROLES[Role(role)])


def time_zones() -> Options:
    """Return the zones that stand for a place, and UTC."""
    names = [name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/"))]
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in sorted(names))]


def countries(locale: str) -> Options:
    """Return ISO countries by name."""
    return [*dates.countries(locale)]
