"""From an exception to a status: the one table."""

import logging

import orjson
import pytest
from werkzeug.exceptions import BadRequest, InternalServerError, MethodNotAllowed, NotFound

from federation import errors as protocol
from node import errors as community
from node.community import sessions
from node.community.kinds import Role
from tests.web.building import Building
from web.errors import BadHost, CrossSite, FormExpired, Late, Problem, json_answer, problem_of
from web.errors import MethodNotAllowed as FrontMethodNotAllowed

SECRET = "detail for the operator"


@pytest.mark.parametrize(
    ("error", "status", "headers"),
    [
        (protocol.Malformed(SECRET), 400, ()),
        (protocol.Unauthenticated(SECRET), 401, ()),
        (protocol.Unauthorised(SECRET), 403, ()),
        (protocol.Refused(SECRET), 403, ()),
        (protocol.Gone(SECRET), 410, ()),
        (protocol.Unreachable(SECRET, retry_after=7), 503, (("retry-after", "7"),)),
        (community.NotFound(SECRET), 404, ()),
        (community.Withdrawn(SECRET), 410, ()),
        (community.SignInNeeded(SECRET), 401, ()),
        (community.NotAllowed(SECRET), 403, ()),
        (community.Invalid(SECRET), 422, ()),
        (community.Conflict(SECRET), 409, ()),
        (community.TooLarge(SECRET), 413, ()),
        (community.WrongType(SECRET), 415, ()),
        (community.TooMany(SECRET, retry_after=9), 429, (("retry-after", "9"),)),
        (community.Full(SECRET), 503, (("retry-after", "30"),)),
        (community.Draining(SECRET), 503, (("retry-after", "30"),)),
        (community.Unavailable(SECRET), 503, (("retry-after", "30"),)),
        (BadHost(SECRET), 400, ()),
        (Late(SECRET), 408, ()),
        (FormExpired(SECRET), 403, ()),
        (CrossSite(SECRET), 403, ()),
        (FrontMethodNotAllowed(frozenset({"POST", "GET"})), 405, (("allow", "GET, POST"),)),
        (NotFound(SECRET), 404, ()),
        (BadRequest(SECRET), 400, ()),
        (MethodNotAllowed(["GET"]), 405, (("allow", "GET"),)),
        (community.CommunityError(SECRET), 500, ()),
        (InternalServerError(SECRET), 500, ()),
        (KeyError(SECRET), 500, ()),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_each_error_has_its_status_and_says_nothing_of_its_detail(
    error: Exception, status: int, headers: tuple[tuple[str, str], ...]
) -> None:
    problem = problem_of(error, incident="abc")

    assert (problem.status, problem.headers, SECRET in problem.text) == (status, headers, False)
    assert problem.incident == ("abc" if status == 500 else "")


def test_only_the_unforeseen_is_logged_as_an_incident(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "talanoa.web"):
        problem_of(community.NotFound(SECRET), incident="one")
        problem_of(ZeroDivisionError(SECRET), incident="two")

    assert [(record.message, vars(record)["incident"]) for record in caplog.records] == [("incident", "two")]


def test_machines_get_json() -> None:
    answer = json_answer(Problem(500, "Something went wrong on our side.", incident="abc"))

    assert answer.status == 500
    assert answer.headers == (("content-type", "application/json; charset=utf-8"), ("cache-control", "no-store"))
    assert orjson.loads(answer.body) == {
        "error": "Something went wrong on our side.",
        "status": 500,
        "incident": "abc",
    }


async def test_a_database_that_is_gone_is_a_page_that_says_try_again(
    building: Building, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = await building.signed_in("anna", Role.EDITOR)

    async def gone(*_arguments: object, **_keywords: object) -> None:
        raise community.Unavailable("no database")

    monkeypatch.setattr(sessions, "find", gone)
    page = await visitor.get("/about")

    assert (page.status, page.header("retry-after")) == (503, "30")
    assert "Just a moment" in page.shown()
