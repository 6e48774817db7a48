"""A member's own profile, and for stewards those of the Groups: what the world sees of them."""

from dataclasses import dataclass

from quart import Quart, Response

from node.community import actors, profiles
from node.community.addresses import PUBLIC_GROUPS
from node.community.profiles import LONGEST_BIO, LONGEST_FIELD, LONGEST_NAME, MOST_FIELDS, ProfileDraft
from node.errors import Invalid, NotFound
from node.media.processing import Purpose
from web import choices, uploads
from web.context import here
from web.forms import Form, blank, posted
from web.rendering import go, render
from web.shown.people import own_picture
from web.who import me

ROWS = range(1, MOST_FIELDS + 1)
PATH = "/settings/profile"
GROUPS = "/admin/groups"


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose profile it is.

    Args:
        action: where its form goes to.
        is_group: it is not the member's own.
    """

    name: str
    action: str
    avatar: str
    header: str
    draft: ProfileDraft
    is_group: bool = False


async def show() -> Response:
    """Show the profile for changing."""
    whose = await _whose(me().member.actor.name)
    return await _page(_form_from(whose.draft), whose)


async def change() -> Response:
    """Change the profile; followers' servers are told."""
    return await _change(await _whose(me().member.actor.name))


async def show_groups() -> Response:
    """Show the Groups of this node."""
    return await render("admin/groups.html", groups=[await _whose(name) for name in PUBLIC_GROUPS])


async def show_group(name: str) -> Response:
    """Show the profile of a Group for changing. Raises NotFound where it is none of ours."""
    whose = await _group(name)
    return await _page(_form_from(whose.draft), whose)


async def change_group(name: str) -> Response:
    """Change the profile of a Group; raises like `show_group`."""
    return await _change(await _group(name))


async def _change(whose: Whose) -> Response:
    form = await posted()
    draft = await _draft(form)
    if not form.errors:
        actor = await actors.local(whose.name)
        try:
            await profiles.change(draft, actor=actor, by=me().member, now=here().now)
            return go(whose.action, notice="saved")
        except Invalid as invalid:
            form.take(invalid)
    return await _page(form, whose, status=422)


async def _group(name: str) -> Whose:
    if name not in PUBLIC_GROUPS:
        raise NotFound("no Group of ours")
    return await _whose(name)


async def _whose(name: str) -> Whose:
    actor = await actors.local(name)
    is_group = name in PUBLIC_GROUPS
    return Whose(
        name=name,
        action=f"{GROUPS}/{name}" if is_group else PATH,
        avatar=own_picture(actor.avatar_url),
        header=own_picture(actor.header_url),
        draft=profiles.draft_of(actor),
        is_group=is_group,
    )


async def _draft(form: Form) -> ProfileDraft:
    rows = [
        (form.text(f"name_{row}", longest=LONGEST_FIELD), form.text(f"value_{row}", longest=LONGEST_FIELD))
        for row in ROWS
    ]
    return ProfileDraft(
        display_name=form.text("display_name", required=True, longest=LONGEST_NAME),
        bio=form.text("bio", longest=LONGEST_BIO),
        language=form.text("language", longest=35),
        avatar_media_id=await _picture(form, "avatar", Purpose.AVATAR),
        header_media_id=await _picture(form, "header", Purpose.HEADER),
        manually_approves=form.ticked("manually_approves"),
        discoverable=form.ticked("discoverable"),
        indexable=form.ticked("indexable"),
        fields=tuple(rows),
    )


async def _picture(form: Form, name: str, purpose: Purpose) -> str | None:
    """Return the public id of a new picture, "" for taking it away, None for leaving it."""
    if form.ticked(f"{name}_away"):
        return ""
    return await uploads.one(form, name, purpose) or None


def _form_from(draft: ProfileDraft) -> Form:
    form = blank(
        display_name=draft.display_name,
        bio=draft.bio,
        language=draft.language,
        manually_approves="1" if draft.manually_approves else "",
        discoverable="1" if draft.discoverable else "",
        indexable="1" if draft.indexable else "",
    )
    for row, (name, value) in zip(ROWS, draft.fields, strict=False):
        form.typed |= {f"name_{row}": [name], f"value_{row}": [value]}
    return form


async def _page(form: Form, whose: Whose, *, status: int = 200) -> Response:
    now_here = here()
    return await render(
        "settings_profile.html",
        status=status,
        form=form,
        rows=ROWS,
        whose=whose,
        language_options=choices.languages(now_here.translator.locale, now_here.settings.languages),
        longest_bio=LONGEST_BIO,
    )


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule(PATH, "settings_profile.show", show, methods=["GET"])
    app.add_url_rule(PATH, "settings_profile.change", change, methods=["POST"])
    app.add_url_rule(GROUPS, "settings_profile.groups", show_groups, methods=["GET"])
    app.add_url_rule(f"{GROUPS}/<name>", "settings_profile.group", show_group, methods=["GET"])
    app.add_url_rule(f"{GROUPS}/<name>", "settings_profile.change_group", change_group, methods=["POST"])
