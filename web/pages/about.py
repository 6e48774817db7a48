"""About this node: who runs it, how to reach them, its rules, whom it talks to, its software."""

from collections.abc import Mapping

from quart import Quart, Response

from node.community import node_profile, numbers
from node.community.kinds import Mode
from node.i18n import current, gettext
from node.i18n import mark as _
from node.i18n.dates import language_name, listed
from web.context import house
from web.opening import Opening, page
from web.pages.front import groups
from web.wellknown import software_version

MODES: Mapping[Mode, str] = {
    Mode.OPEN: _(
        "Open: this node exchanges public things with every server that the stewards have not blocked. "
        "What is public here can be read by anyone, also without signing in."
    ),
    Mode.CONSENT: _(
        "By consent: everybody can read what is public here; servers that nobody here knows "
        "have to wait until the stewards let them in before they can follow or write."
    ),
    Mode.CLOSED: _("Closed: this node exchanges things only with servers that the stewards have let in."),
}


async def about() -> Response:
    """Show who is behind this node."""
    profile, registry = await node_profile.read(), house().doors.registry
    languages = [language_name(tag, current().locale) for tag in (profile.languages if profile else [])]
    description = profile.description if profile else ""
    opening = Opening(title=gettext("About this node"), path="/about", description=description)
    return await page(
        "about.html",
        opening,
        profile=profile,
        rules=profile.rules.splitlines() if profile else [],
        spoken=listed(languages, current().locale),
        mode=MODES[registry.book.mode],
        counts=None if registry.is_closed else await numbers.of_node(),
        groups=await groups(),
        version=software_version(),
    )


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/about", view_func=about, methods=["GET"])
