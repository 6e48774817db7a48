"""Reading a form from the request, and the quiet checks against programs that fill in forms."""

from datetime import timedelta

from quart import request

from node.i18n import mark as _
from web.context import Here
from web.forms.form import Form, Upload
from web.secrecy import age_of_stamp, time_stamp

CSRF_FIELD = "form_token"
STAMP_FIELD = "form_time"
TRAP_FIELD = "home_page"
KEPT_FIELD = "kept_form"
OWN_FIELDS = frozenset({CSRF_FIELD, STAMP_FIELD, TRAP_FIELD, KEPT_FIELD, "next"})
SOONEST = timedelta(seconds=2)
LATEST = timedelta(hours=24)


async def posted() -> Form:
    """Return what was typed into the form of this request."""
    typed = {name: values for name, values in (await request.form).lists() if name != CSRF_FIELD}
    files: dict[str, list[Upload]] = {}
    for name, sent in (await request.files).items(multi=True):
        content = sent.read()
        if content:
            files.setdefault(name, []).append(Upload(sent.filename or "", sent.mimetype or "", content))
    return Form(typed, files)


def stamp(here: Here) -> str:
    """Return the signed time that a form for strangers carries in `form_time`."""
    return time_stamp(here.settings.secret_key, here.now)


def require_human(form: Form, here: Here) -> None:
    """Keep an error if a program filled in the form: the trap is filled, or it took no time (no puzzle, WCAG 3.3.8)."""
    age = age_of_stamp(form.value(STAMP_FIELD), here.settings.secret_key, here.now)
    if form.value(TRAP_FIELD) or age is None or not SOONEST <= age <= LATEST:
        form.error("", _("Please look through the form once more and send it again."))
