"""Words of foreign people show where they may and nowhere else: every GET route, and every link on its pages.

The routes come from the route table, what fills them from the database; a new route without a filling fails.
"""

import re
from dataclasses import replace
from email.message import Message
from typing import cast

import pytest

from federation.client import ProtocolClient
from node.community.kinds import Role
from node.mail import desk_letters
from node.mail.mailer import SmtpMailer
from node.mail.message import Sender
from node.mail.worker import mail_step
from node.media.store import media_store
from node.models import Member
from node.settings import Settings
from node.surroundings import Surroundings
from tests.clock import FakeClock
from tests.node.mail.postbox import Postbox
from tests.web.discovery import BASE
from tests.web.planting import MARKS, TAKEN_BACK, Planted, fillings, plant, speak, take_back
from tests.web.visitor import Page, Visitor
from web.access import ROUTES

MOST_PAGES = 900
HREF = re.compile(r'href="(/[^"#]*)')
WORDS = re.compile(r"is mark\w+ with")
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


async def test_every_filling_of_the_desk_and_of_operators_exists(node_database: Settings, clock: FakeClock) -> None:
    planted = await plant(node_database, clock)
    filled = await fillings(planted)
    steward = await planted.visitor(Role.STEWARD)
    raw = ("/admin/deliveries/<delivery_id>", "/admin/received/<received_id>")
    rules = (*raw, "/admin/reports/<public_id>", "/looking-up/<ticket>")
    pages = {rule: [await steward.get(path) for path in filled[rule]] for rule in rules}
    for_servers = ("/actor", "/ap/u/<name>", "/ap/n/<id>", "/ap/r/<id>", "/ap/e/<id>", "/ap/q/<id>")
    accept = "application/activity+json"
    told = {
        rule: {(await steward.get(path, accept=accept)).status for path in filled.get(rule, [rule])}
        for rule in for_servers
    }

    expected = dict.fromkeys(for_servers, {200}) | {"/ap/n/<id>": {200, 404}}

    assert {rule: {page.status for page in found} for rule, found in pages.items()} == dict.fromkeys(rules, {200})
    assert told == expected
    assert [page.text.count("markraw") > 0 for rule in raw for page in pages[rule]] == [True, True]


@pytest.mark.parametrize("role", [None, Role.MEMBER, Role.MODERATOR], ids=str)
async def test_words_of_others_show_only_where_they_may(
    node_database: Settings, clock: FakeClock, role: Role | None
) -> None:
    planted = await speak(node_database, clock)
    visitor = await planted.visitor(role)
    before = await times_shown(planted, visitor)
    await take_back(planted, clock)
    pages = await crawl(planted, visitor)
    failed = {path: page.status for path, page in pages.items() if page.status >= 500}

    found = shown(pages)

    assert [mark for mark in TAKEN_BACK if not before[mark]] == [], "what never showed proves nothing"
    assert failed == {}
    assert found == {mark: expected(mark, role) for mark in MARKS}
    assert [path for path, page in pages.items() if path.startswith("/ap/") and WORDS.search(page.text)] == []


async def times_shown(planted: Planted, visitor: Visitor) -> dict[str, int]:
    """Count the marks on the page of the thread, where all answers are."""
    page = await visitor.get(f"/posts/{planted.village.post}")
    return {mark: page.text.count(mark) for mark in MARKS}


def expected(mark: str, role: Role | None) -> set[str]:
    """Return the routes on which a mark may stand: in its thread, and in lists only if its author wants to be found."""
    if mark in {"markheldrecord", "markheldevent"}:
        return {"/library/held"} if role is Role.MODERATOR else set()
    threads = {"/posts/<public_id>", "/thread", "/report"}
    ids = {"/ap/n/<id>/<part>"}  # collections name what may be read where it lives, by its id alone
    threads |= {"/write"} if role else set()
    threads |= {"/admin/moderate"} if role is Role.MODERATOR else set()
    match mark:
        case "markreport":
            return {"/admin/desk", "/admin/reports/<public_id>"} if role is Role.MODERATOR else set()
        case "markmoved":
            lists = {"/@<handle>", "/network", "/tags/<name>"} if role else set()
            return lists | threads - {"/posts/<public_id>"}
        case "markanswer":
            return threads | ids | ({"/tags/<name>"} if role else set())
        case "markquiet":
            return threads | ids
        case "markblocked":
            return threads if role is Role.MODERATOR else set()
        case "markindexable":
            return threads | ids | {"/tags/<name>", "/search"}
    return set()


async def test_no_letter_carries_what_was_said_to_others(node_database: Settings, clock: FakeClock) -> None:
    await plant(node_database, clock)
    for member in await Member.all().select_related("actor"):
        await Member.filter(id=member.id).update(email=f"{member.actor.local_name}@home.example", locale="en")

    letters = await letters_of(node_database, clock)

    assert len(letters) >= 3, "answers to anna, a decision, and what waits on the desk"
    assert [mark for mark in MARKS if any(mark in letter for letter in letters)] == []


async def letters_of(database: Settings, clock: FakeClock) -> list[str]:
    """Let the mail workers write and hand over all letters; return what a mail server got, decoded."""
    settings = replace(database, public_url=BASE)
    office = desk_letters.Post(Sender("Pacific governance", settings.mail_from), BASE)
    async with Postbox() as postbox:
        mailer = SmtpMailer(postbox.server)
        media = media_store(settings.data_dir, BASE)
        step = mail_step(Surroundings(settings, clock, cast(ProtocolClient, None), mailer, media))
        await desk_letters.queue_daily(office, dead=_none, now=clock.now())
        while await desk_letters.step(lambda: _given(office), clock=clock.now):
            pass
        while await step():
            pass
    messages = [message for _, message in postbox.received]
    return [f"{each.items()} {part.get_content()}" for each in messages for part in each.walk() if is_text(part)]


def is_text(part: Message) -> bool:
    return part.get_content_maintype() == "text"


async def _none() -> int:
    return 0


async def _given(office: desk_letters.Post) -> desk_letters.Post:
    return office
