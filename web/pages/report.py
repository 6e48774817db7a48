"""Reporting something to the moderators: for members and visitors, on every post, record, event and profile."""

from quart import Quart, Response, request

from node.community import reports
from node.community.kinds import Concern
from node.community.mixing import show_things
from node.community.reports import LONGEST_TEXT, NewReport, Subject
from node.community.shown_actors import actor_view
from node.errors import Invalid, TooMany
from node.i18n import mark as _
from web.context import here
from web.forms import Form, blank, posted
from web.forms.posted import require_human
from web.reader import reader
from web.rendering import render
from web.shown.lists import thing_shown
from web.shown.moderation import concerns
from web.shown.people import person

PATH = "/report"
LONGEST_ADDRESS = 254


async def show() -> Response:
    """Ask what is wrong with something.

    Raises:
        NotFound: it is not here, or not for this reader; the two look the same. Spec: security V-L01.
    """
    uri = request.args.get("uri", "")
    subject = await _subject(uri)
    form = blank()
    return await _page(form, uri, subject)


async def send() -> Response:
    """Put a report on the moderators' desk; raises like `show`."""
    now_here = here()
    member = now_here.session.member if now_here.session else None
    form = await posted()
    uri = form.value("uri")
    subject = await _subject(uri)
    category = form.choice("category", [each.value for each in Concern])
    text = form.text("text", longest=LONGEST_TEXT)
    address = form.text("email", longest=LONGEST_ADDRESS) if member is None else ""
    if member is None:
        require_human(form, now_here)
    status = 422
    if not form.errors:
        draft = NewReport((uri,), Concern(category), text, member is not None and form.ticked("forward"), address)
        try:
            key = f"member:{member.id}" if member else now_here.address
            now_here.house.report_tries.hit(key, now=now_here.now)
            await reports.file(draft, by=member, now=now_here.now)
            return await render("reported.html", will_be_told=member is not None or bool(address))
        except Invalid as invalid:
            form.take(invalid)
        except TooMany:
            form.error("", _("You have sent many reports. Please wait an hour; your text is still here."))
            status = 429
    return await _page(form, uri, subject, status=status)


async def _subject(uri: str) -> Subject:
    session = here().session
    return await reports.subject_of((uri,), by=session.member if session else None)


async def _page(form: Form, uri: str, subject: Subject, *, status: int = 200) -> Response:
    things = await show_things(subject.objects, await reader())
    return await render(
        "report.html",
        status=status,
        form=form,
        uri=uri,
        who=person(actor_view(subject.target)),
        items=[thing_shown(thing) for thing in things.values()],
        concern_options=concerns(),
        can_forward=not subject.target.is_local,
        host=subject.target.host,
        longest=LONGEST_TEXT,
    )


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule(PATH, "report.show", show, methods=["GET"])
    app.add_url_rule(PATH, "report.send", send, methods=["POST"])
