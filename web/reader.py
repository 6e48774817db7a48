"""Who reads a page, and which part of a list."""

from urllib.parse import urlencode

from quart import request

from node.community.threads import Part
from node.community.viewer import of_member
from node.community.visibility import Viewer
from web.context import here

LONGEST_MARK = 60
MOST_DIGITS = 4


async def reader() -> Viewer:
    """Return who is at the other end, with what the rule of visibility needs."""
    session = here().session
    return await of_member(session.member if session else None)


def before() -> str | None:
    """Return the mark at which the asked page of a list begins, None for the newest."""
    return request.args.get("before", "")[:LONGEST_MARK] or None


def older_path(following: str | None, **kept: str) -> str:
    """Return where the next page of this list is, empty at its end.

    Args:
        following: `Page.next`.
        kept: parameters that stay; empty ones are left out.
    """
    if following is None:
        return ""
    query = {name: value for name, value in kept.items() if value} | {"before": following}
    return f"{here().path}?{urlencode(query)}"


def part() -> Part:
    """Return which answers of a thread were asked for: `?page=2`, or `?answer=` for the page that holds one."""
    asked = request.args.get("page", "")
    is_number = asked.isascii() and asked.isdigit() and len(asked) <= MOST_DIGITS
    return Part(int(asked) if is_number else 1, request.args.get("answer", "")[:LONGEST_MARK])
