"""What a visitor reads when something is in the way: the page for each status, nothing typed lost."""

from dataclasses import dataclass

from quart import Response, request
from werkzeug.exceptions import HTTPException

from node.errors import SignInNeeded, Spent
from node.i18n import mark as _
from web.access import Kind, Route, kind_of_path, row_of
from web.bounds import start_of
from web.context import has_context, here, house
from web.errors import CrossSite, FormExpired, Problem, json_answer, problem_of
from web.keeping import Kept, fields_in, keep, packed
from web.rendering import render
from web.secrecy import token_text

INCIDENT_BYTES = 6


@dataclass(frozen=True, slots=True)
class Explanation:
    """A heading and what to do about it."""

    heading: str
    text: str


EXPLANATIONS = {
    400: Explanation(
        _("This request could not be read"),
        _("Go back, check what you entered or the address of the page, and try again."),
    ),
    403: Explanation(
        _("You may not do this"),
        _("Your role on this node does not include it. If you need it, ask a steward."),
    ),
    404: Explanation(
        _("There is no such page"),
        _("It may have moved, or the address may be mistyped. The search helps to find it."),
    ),
    405: Explanation(
        _("This does not work that way"),
        _("Open the page that the form is on, and send the form from there."),
    ),
    409: Explanation(
        _("Somebody was faster"),
        _("It was changed meanwhile. Go back, reload the page, and look at it again."),
    ),
    410: Explanation(_("This was deleted"), _("It was here once, and its author or a moderator deleted it.")),
    413: Explanation(
        _("This is too large"),
        _(
            "Go back: your browser still has what you typed. "
            "Make the text shorter or the files smaller, and send it again."
        ),
    ),
    415: Explanation(_("This type of file is not accepted"), _("Go back and choose another file.")),
    422: Explanation(_("Something needs changing"), _("Go back, check what you entered, and try again.")),
    429: Explanation(
        _("That was often"), _("To protect everyone's accounts, please wait a while before the next try.")
    ),
    500: Explanation(
        _("Something went wrong on our side"),
        _("It was noted. If it happens again, tell the steward of this node the number below."),
    ),
    503: Explanation(_("Just a moment"), _("The node can't answer right now. Nothing was lost; try again shortly.")),
}

ANOTHER_SITE = Explanation(
    _("This form came from another site"),
    _("For your safety only forms on our own pages are taken. Open the page here and send the form from there."),
)

USED_LINK = Explanation(
    _("This link was used already or has run out"),
    _("Ask for another: each link works once, and only for a while. If you have an account here already, sign in."),
)


async def on_error(error: Exception) -> Response:
    """Answer an exception that a page raised: as a page, or as JSON where machines ask."""
    problem = problem_of(error, incident=token_text(house().entropy(INCIDENT_BYTES)))
    if _kind() is not Kind.PAGE or not has_context():
        answer = json_answer(problem)
        return Response(answer.body, status=answer.status, headers=dict(answer.headers))
    if isinstance(error, SignInNeeded):
        return await _sign_in_page()
    if isinstance(error, FormExpired):
        return await _kept_page("expired", 403, await _typed())
    if problem.status == 413 and (kept := await _typed()):
        return await _kept_page("large", 413, kept)
    explained = EXPLANATIONS.get(problem.status) or EXPLANATIONS[400 if problem.status < 500 else 500]
    return await _problem_page(problem, _of_its_own(error) or explained)


def _of_its_own(error: Exception) -> Explanation | None:
    if isinstance(error, CrossSite):
        return ANOTHER_SITE
    return USED_LINK if isinstance(error, Spent) else None


def _kind() -> Kind:
    row: Route | None = None
    if request.url_rule is not None:
        row = row_of(str(request.url_rule.rule), request.method)
    return row.kind if row else kind_of_path(request.path)


async def _problem_page(problem: Problem, explained: Explanation) -> Response:
    response = await render("error.html", status=problem.status, explained=explained, incident=problem.incident)
    for name, value in problem.headers:
        response.headers[name] = value
    return response


async def _sign_in_page() -> Response:
    kept = await _typed()
    target = _asked_for() if kept or request.method == "GET" else "/"
    return await render("sign_in.html", status=401, form=None, target=target, kept=packed(kept), asked=True)


def _asked_for() -> str:
    path, query = request.scope["raw_path"].decode("latin-1"), request.query_string.decode("latin-1")
    return f"{path}?{query}" if query else path


async def _kept_page(reason: str, status: int, kept: tuple[Kept, ...]) -> Response:
    return await render("kept.html", status=status, action=here().path, kept=kept, reason=reason)


async def _typed() -> tuple[Kept, ...]:
    """Return what was typed, or as much of it as came before a body grew too large; never fail."""
    if request.method != "POST":
        return ()
    try:
        return keep((await request.form).items(multi=True))
    except HTTPException:
        boundary = request.mimetype_params.get("boundary", "")
        return keep(fields_in(await start_of(request), request.mimetype, boundary))
