"""The only table from an exception to a status and a safe text.

`problem_of` never shows the text of an unknown exception: it gets an incident id, and the log
has the rest under that id. What strangers see comes from `public_text` and is translated where
a page is drawn.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import orjson
from werkzeug.exceptions import HTTPException

from federation import errors as protocol
from federation.http import Headers
from node import errors as community
from node.database import as_outage
from web.raw import Answer

log = logging.getLogger("talanoa.web")


class BadHost(Exception):
    """The request names another host than this node's."""

    public_text = "This node does not answer to that host name."


class MethodNotAllowed(Exception):
    """The path exists and does not answer to this method.

    Attributes:
        allow: the methods that it answers to.
    """

    public_text = "This address does not answer to that method."

    def __init__(self, allow: frozenset[str]) -> None:
        super().__init__(", ".join(sorted(allow)))
        self.allow = allow


class Late(Exception):
    """The body took longer than its deadline."""

    public_text = "The request took too long."


class FormExpired(Exception):
    """The form's token does not belong to this session any more; what was typed is kept."""

    public_text = "This form is no longer valid."


class CrossSite(Exception):
    """Another site sent this form; nothing of it is kept."""

    public_text = "This form was sent from another site."


STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (protocol.Malformed, 400),
    (protocol.Unauthenticated, 401),
    (protocol.Unauthorised, 403),
    (protocol.NotFound, 404),
    (protocol.Refused, 403),
    (protocol.Gone, 410),
    (protocol.Unreachable, 503),
    (community.NotFound, 404),
    (community.Withdrawn, 410),
    (community.SignInNeeded, 401),
    (community.NotAllowed, 403),
    (community.Invalid, 422),
    (community.Conflict, 409),
    (community.TooLarge, 413),
    (community.WrongType, 415),
    (community.TooMany, 429),
    (community.Later, 503),
    (BadHost, 400),
    (MethodNotAllowed, 405),
    (Late, 408),
    (FormExpired, 403),
    (CrossSite, 403),
)

# What a page or a JSON answer says for a status that the framework raised itself.
TEXTS = {
    400: "The request could not be read.",
    401: "Please sign in.",
    403: "Not allowed.",
    404: "Not found.",
    405: "This address does not answer to that method.",
    406: "This is not available in the form that was asked for.",
    408: "The request took too long.",
    413: "Too large.",
    415: "This type is not accepted.",
    500: "Something went wrong on our side.",
}


class Tally:
    """Counts the answers 5xx of this process, for `/metrics`."""

    def __init__(self) -> None:
        self.total = 0


FAILURES = Tally()


@dataclass(frozen=True, slots=True)
class Problem:
    """What to answer for an exception.

    Args:
        status: the HTTP status.
        text: English, safe for strangers.
        headers: Retry-After, Allow and the like.
        incident: an id to quote to the operator, empty unless the status is 500.
    """

    status: int
    text: str
    headers: Headers = ()
    incident: str = ""


def problem_of(error: BaseException, *, incident: str) -> Problem:
    """Return the status and the safe text for `error`; log what nobody foresaw, count what is our fault.

    Args:
        incident: a fresh id, used only where the error is unknown.
    """
    found = _judged(error, incident)
    FAILURES.total += found.status >= 500
    return found


def _judged(error: BaseException, incident: str) -> Problem:
    error = as_outage(error) or error
    for kind, status in STATUSES:
        if isinstance(error, kind):
            log.info(
                "refused",
                extra={"status": status, "error": type(error).__name__, "reason": str(error)[:300]},
            )
            return Problem(status, _public_text(error, status), _headers(error))
    if isinstance(error, HTTPException) and error.code is not None and error.code < 500:
        return Problem(error.code, TEXTS.get(error.code, TEXTS[400]), _framework_headers(error))
    log.error("incident", extra={"incident": incident}, exc_info=error)
    return Problem(500, TEXTS[500], incident=incident)


def json_answer(problem: Problem) -> Answer:
    """Return the problem as JSON for machines."""
    content: dict[str, object] = {"error": problem.text, "status": problem.status}
    if problem.incident:
        content["incident"] = problem.incident
    headers = (
        ("content-type", "application/json; charset=utf-8"),
        ("cache-control", "no-store"),
        *problem.headers,
    )
    return Answer(problem.status, headers, orjson.dumps(content))


def _public_text(error: BaseException, status: int) -> str:
    return str(getattr(error, "public_text", TEXTS.get(status, TEXTS[400])))


def _headers(error: BaseException) -> Headers:
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None:
        return (("retry-after", str(retry_after)),)
    if isinstance(error, MethodNotAllowed):
        return (("allow", ", ".join(sorted(error.allow))),)
    return ()


def _framework_headers(error: HTTPException) -> Headers:
    allow = getattr(error, "valid_methods", None)
    return (("allow", ", ".join(sorted(allow))),) if allow else ()


async def answer_or_problem(work: Awaitable[Answer | None], *, incident: Callable[[], str]) -> Answer | None:
    """Await `work`; turn whatever it raises into a JSON answer.

    Args:
        work: a raw handler under way; None means that it is not its to answer.
        incident: makes an id for an error that nobody foresaw.
    """
    try:
        return await work
    except Exception as error:  # noqa: BLE001 - the one place that turns the unforeseen into 500
        return json_answer(problem_of(error, incident=incident()))
