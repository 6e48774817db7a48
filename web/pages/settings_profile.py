"""A member's own profile: what the world sees of them."""

from quart import Quart, Response

from node.community import profiles
from node.community.profiles import LONGEST_BIO, LONGEST_FIELD, LONGEST_NAME, MOST_FIELDS, ProfileDraft
from node.errors import Invalid
from node.media.processing import Purpose
from web import choices, uploads
from web.context import here
from web.forms import Form, blank, posted
from web.rendering import go, render
from web.shown.people import own_picture
from web.who import me

ROWS = range(1, MOST_FIELDS + 1)
PATH = "/settings/profile"


async def show() -> Response:
    """Show the profile for changing."""
    return await _page(_form_from(profiles.draft_of(me().member.actor)))


async def change() -> Response:
    """Change the profile; followers' servers are told."""
    form = await posted()
    draft = await _draft(form)
    if not form.errors:
        member = me().member
        try:
            await profiles.change(draft, actor=member.actor, by=member, now=here().now)
            return go(PATH, notice="saved")
        except Invalid as invalid:
            form.take(invalid)
    return await _page(form, status=422)


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


async def _page(form: Form, *, status: int = 200) -> Response:
    now_here, actor = here(), me().member.actor
    return await render(
        "settings_profile.html",
        status=status,
        form=form,
        rows=ROWS,
        avatar=own_picture(actor.avatar_url),
        header=own_picture(actor.header_url),
        language_options=choices.languages(now_here.translator.locale, now_here.settings.languages),
        longest_bio=LONGEST_BIO,
    )


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule(PATH, "settings_profile.show", show, methods=["GET"])
    app.add_url_rule(PATH, "settings_profile.change", change, methods=["POST"])
