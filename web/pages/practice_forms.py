"""Writing a practice record, changing it into its next version, and taking it back."""

from dataclasses import dataclass

from quart import Quart, Response, request

from node.community import practices
from node.community.kinds import Role, Stage, Visibility
from node.community.practice_rules import PracticeDraft
from node.community.practice_terms import OPTIONAL, SECTIONS, choices, section_title
from node.community.practice_values import composed_summary, draft_of
from node.community.roles import is_at_least
from node.errors import Invalid, NotFound
from node.i18n import gettext
from web import choices as offered
from web import uploads
from web.context import here
from web.forms import Form, blank, posted
from web.forms.practice import COUNTRY_FIELDS, draft_from, form_from
from web.forms.practice_prompts import OPTIONAL_LABELS, PROMPTS
from web.rendering import go, render
from web.who import me

REQUIRED_SECTIONS = ("problem", "approach")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the narrative in the form."""

    name: str
    title: str
    prompt: str


@dataclass(frozen=True, slots=True)
class _Standing:
    """A record of ours that this member may change."""

    uri: str
    public_id: str
    title: str
    version: int
    draft: PracticeDraft
    is_published: bool


async def show_new() -> Response:
    """Show the form: of a described record, or with `?stage=lead` of a lead."""
    is_lead = request.args.get("stage") == Stage.LEAD.value
    language = me().member.actor.language or here().translator.locale
    form = blank(
        stage=(Stage.LEAD if is_lead else Stage.DESCRIBED).value,
        language=language,
        license="CC-BY-4.0",
        kind="practice",
        visibility=Visibility.PUBLIC.value,
        evidence_level="0",
    )
    return await _page(form, "/practices/new", is_lead=is_lead)


async def publish() -> Response:
    """Publish a record as version 1, or compose its summary and show the form again."""
    form = await posted()
    draft = draft_from(form, await uploads.several(form))
    if _wants_summary(form):
        return await _with_summary(form, draft, "/practices/new")
    if not form.errors:
        try:
            practice = await practices.publish(draft, by=me().member, now=here().now)
            return go(f"/practices/{practice.public_id}", notice=_notice(draft))
        except Invalid as invalid:
            form.take(invalid)
    return await _page(form, "/practices/new", status=422, is_lead=draft.stage is Stage.LEAD)


async def show_edit(public_id: str) -> Response:
    """Show a record for changing.

    Raises:
        NotFound: there is none that this member may change. Spec: security V-M25.
    """
    standing = await _standing(public_id)
    form = form_from(standing.draft)
    await uploads.fill(form, standing.uri)
    return await _editor(form, standing)


async def revise(public_id: str) -> Response:
    """Publish the next version of a record; the ones before stay readable."""
    standing = await _standing(public_id)
    form = await posted()
    draft = draft_from(form, await uploads.several(form))
    if _wants_summary(form):
        return await _with_summary(form, draft, _edit_path(public_id), uri=standing.uri)
    if not form.errors:
        try:
            await practices.revise(standing.uri, draft, by=me().member, now=here().now)
            return go(f"/practices/{public_id}", notice="saved")
        except Invalid as invalid:
            form.take(invalid)
    return await _editor(form, standing, status=422)


async def show_withdraw(public_id: str) -> Response:
    """Ask once more before a record is taken back."""
    return await render("withdraw_practice.html", practice=await _standing(public_id))


async def withdraw(public_id: str) -> Response:
    """Take a record back: title and dates stay, the words go."""
    standing = await _standing(public_id)
    await practices.withdraw(standing.uri, by=me().member, now=here().now)
    return go("/practices", notice="withdrawn")


async def _standing(public_id: str) -> _Standing:
    practice = await practices.by_public_id(public_id)
    member = me().member
    if practice.author_id != member.id and not is_at_least(member.role, Role.EDITOR):
        raise NotFound(f"record {public_id[:40]} is not this member's")
    return _Standing(
        uri=practice.uri,
        public_id=public_id,
        title=practice.title,
        version=practice.version,
        draft=draft_of(practice),
        is_published=practice.published_at is not None,
    )


def _wants_summary(form: Form) -> bool:
    return form.value("act") == "compose"


async def _with_summary(form: Form, draft: PracticeDraft, action: str, *, uri: str = "") -> Response:
    form.errors.clear()
    form.typed["summary"] = [composed_summary(draft)]
    return await _page(form, action, is_lead=False, uri=uri)


def _notice(draft: PracticeDraft) -> str:
    return "draft-saved" if draft.visibility is Visibility.DRAFT else "published"


def _edit_path(public_id: str) -> str:
    return f"/practices/{public_id}/edit"


async def _editor(form: Form, standing: _Standing, *, status: int = 200) -> Response:
    if request.args.get("stage") == Stage.DESCRIBED.value:
        form.typed["stage"] = [Stage.DESCRIBED.value]
    is_lead = form.value("stage") == Stage.LEAD.value
    return await _page(form, _edit_path(standing.public_id), status=status, is_lead=is_lead, uri=standing.uri)


async def _page(form: Form, action: str, *, is_lead: bool, status: int = 200, uri: str = "") -> Response:
    now_here = here()
    locale = now_here.translator.locale
    sections = [Section(name, section_title(name), gettext(PROMPTS[name])) for name in SECTIONS]
    return await render(
        "practice_form.html",
        status=status,
        form=form,
        action=action,
        is_new=action == "/practices/new",
        is_lead=is_lead,
        required_sections=[each for each in sections if each.name in REQUIRED_SECTIONS],
        further_sections=[each for each in sections if each.name not in REQUIRED_SECTIONS],
        optional=[(name, gettext(OPTIONAL_LABELS[name]), choices(name)) for name in OPTIONAL],
        has_further=any(form.value(name) for name in SECTIONS if name not in REQUIRED_SECTIONS),
        has_optional=any(form.value(name) for name in OPTIONAL),
        choices=choices,
        country_options=offered.countries(locale),
        country_places=range(COUNTRY_FIELDS),
        language_options=offered.languages(locale, now_here.settings.languages),
        visibility_options=offered.visibilities(Visibility.QUIET),
        places=await uploads.fields_of(form, uri=uri),
    )


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/practices/new", "practice_forms.show_new", show_new, methods=["GET"])
    app.add_url_rule("/practices/new", "practice_forms.publish", publish, methods=["POST"])
    app.add_url_rule("/practices/<public_id>/edit", "practice_forms.show_edit", show_edit, methods=["GET"])
    app.add_url_rule("/practices/<public_id>/edit", "practice_forms.revise", revise, methods=["POST"])
    app.add_url_rule("/practices/<public_id>/withdraw", "practice_forms.show_withdraw", show_withdraw, methods=["GET"])
    app.add_url_rule("/practices/<public_id>/withdraw", "practice_forms.withdraw", withdraw, methods=["POST"])
