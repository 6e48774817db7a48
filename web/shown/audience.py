"""Who may read a thing, in words; empty for what everybody may read."""

from collections.abc import Mapping

from node.community.kinds import Visibility
from node.i18n import mark as _

AUDIENCES: Mapping[Visibility, str] = {
    Visibility.PUBLIC: "",
    Visibility.QUIET: _("For everybody, not listed"),
    Visibility.NETWORK: _("For the network"),
    Visibility.MEMBERS: _("For members"),
    Visibility.DRAFT: _("Draft"),
    Visibility.FOLLOWERS: _("For followers"),
    Visibility.DIRECT: _("For those named"),
}
