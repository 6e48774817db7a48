"""What the network says about itself."""

from quart import Quart, Response

from node.community import node_profile
from node.community.node_profile import Description
from node.errors import Invalid
from node.i18n import dates
from web.context import here
from web.forms import Form, blank, posted
from web.proof import proven
from web.rendering import go, render
from web.who import me

PATH = "/admin/node"
LONGEST_TEXT = 4000


async def show() -> Response:
    """Show the description for changing."""
    profile = await node_profile.read()
    if profile is None:
        return await _page(blank())
    return await _page(
        blank(
            name=profile.name,
            description=profile.description,
            steward=profile.steward,
            contact=profile.contact,
            rules=profile.rules,
            languages=list(profile.languages),
        )
    )


@proven
async def describe() -> Response:
    """Change the description."""
    form = await posted()
    described = Description(
        name=form.text("name", required=True, longest=120),
        description=form.text("description", longest=LONGEST_TEXT),
        steward=form.text("steward", longest=200),
        contact=form.text("contact", longest=254),
        rules=form.text("rules", longest=LONGEST_TEXT),
        languages=form.choices("languages", here().settings.languages) or here().settings.languages[:1],
    )
    if not form.errors:
        try:
            await node_profile.describe(described, by=me().member, now=here().now)
            return go(PATH, notice="saved")
        except Invalid as invalid:
            form.take(invalid)
    return await _page(form, status=422)


async def _page(form: Form, *, status: int = 200) -> Response:
    options = [(tag, dates.own_name(tag)) for tag in here().settings.languages]
    return await render("admin/node.html", status=status, form=form, language_options=options)


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule(PATH, "admin.node", show, methods=["GET"])
    app.add_url_rule(PATH, "admin.describe", describe, methods=["POST"])
