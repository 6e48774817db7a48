"""Words of foreign people show where they may and nowhere else: every GET route, and every link on its pages.

The routes come from the route table, what fills them from the database; a new route without a filling fails.
"""

import re

import pytest

from node.community.kinds import Role
from node.models import OutgoingMail
from node.settings import Settings
from tests.clock import FakeClock
from tests.web.planting import MARKS, Planted, fillings, plant
from tests.web.visitor import Page, Visitor
from web.access import ROUTES

MOST_PAGES = 900
HREF = re.compile(r'href="(/[^"#]*)')
NOT_FOLLOWED = re.compile(r"lang=|pictures=|^/sign-in|^/static|^/source|before=")


def rule_of(path: str, rules: dict[str, re.Pattern[str]]) -> str:
    plain = path.partition("?")[0]
    return next((rule for rule, pattern in rules.items() if pattern.fullmatch(plain)), plain)


def patterns() -> dict[str, re.Pattern[str]]:
    found = [route.rule for route in ROUTES if "GET" in route.methods]
    exact_first = sorted(found, key=lambda rule: (rule.count("<"), -len(rule)))
    return {rule: re.compile(re.sub(r"<[^>]+>", "[^/]+", rule.replace(".", r"\."))) for rule in exact_first}


async def crawl(planted: Planted, visitor: Visitor) -> dict[str, Page]:
    """Return every page that this visitor can reach, by path."""
    filled = await fillings(planted)
    waiting = [path for route in ROUTES if "GET" in route.methods for path in filled.get(route.rule, [route.rule])]
    pages: dict[str, Page] = {}
    while waiting and len(pages) < MOST_PAGES:
        path = waiting.pop()
        if path in pages:
            continue
        accept = "application/activity+json" if path.startswith(("/ap/", "/actor")) else "text/html"
        pages[path] = await visitor.get(path, accept=accept)
        if b"<html" in pages[path].body[:200]:
            links = (link.replace("&amp;", "&") for link in HREF.findall(pages[path].text))
            waiting += [link for link in links if not NOT_FOLLOWED.search(link)]
    assert not waiting, "more pages than were thought"
    return pages


def shown(pages: dict[str, Page]) -> dict[str, set[str]]:
    """Return for each mark the routes on whose pages it stands; a question that a page repeats is no find."""
    rules, found = patterns(), {mark: set[str]() for mark in MARKS}
    for path, page in pages.items():
        for mark in MARKS:
            asked = f"q={mark}" in path or mark in path
            times = page.body.count(mark.encode())
            if times and not (asked and not page.body.count(f"is {mark} with".encode())):
                found[mark].add(rule_of(path, rules))
    return found


async def test_every_route_that_varies_is_filled(node_database: Settings, clock: FakeClock) -> None:
    planted = await plant(node_database, clock)
    varying = {route.rule for route in ROUTES if "GET" in route.methods and "<" in route.rule}

    assert varying - set(await fillings(planted)) == set()


@pytest.mark.parametrize("role", [None, Role.MEMBER, Role.MODERATOR], ids=str)
async def test_words_of_others_show_only_where_they_may(
    node_database: Settings, clock: FakeClock, role: Role | None
) -> None:
    planted = await plant(node_database, clock)
    pages = await crawl(planted, await planted.visitor(role))
    failed = {path: page.status for path, page in pages.items() if page.status >= 500}

    found = shown(pages)

    assert failed == {}
    assert found == {mark: expected(mark, role) for mark in MARKS}


def expected(mark: str, role: Role | None) -> set[str]:
    """Return the routes on which a mark may stand: in its thread, and in lists only if its author wants to be found."""
    if mark in {"markheldrecord", "markheldevent"}:
        return {"/library/held"} if role is Role.MODERATOR else set()
    threads = {"/posts/<public_id>", "/thread", "/report"}
    threads |= {"/write"} if role else set()
    threads |= {"/admin/moderate"} if role is Role.MODERATOR else set()
    match mark:
        case "markanswer":
            return threads | ({"/tags/<name>"} if role else set())
        case "markquiet":
            return threads
        case "markblocked":
            return threads if role is Role.MODERATOR else set()
        case "markindexable":
            return threads | {"/tags/<name>", "/search"}
    return set()


async def test_no_letter_carries_what_was_said_to_others(node_database: Settings, clock: FakeClock) -> None:
    await plant(node_database, clock)

    letters = [letter.subject + letter.text + (letter.html or "") for letter in await OutgoingMail.all()]

    assert [mark for mark in MARKS if any(mark in letter for letter in letters)] == []
