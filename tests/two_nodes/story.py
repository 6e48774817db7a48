"""What happens between the two nodes; every arrival is read on the pages of the *other* one."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

import orjson

from tests.two_nodes.nodes import LINK, RunningNode
from tests.two_nodes.reader import Page, Reader

EVENT = [
    ("title", "Open budget night"),
    ("teaser", "How a ward spends its money."),
    ("start_local", "2031-03-18T18:00"),
    ("end_local", "2031-03-18T20:00"),
    ("time_zone", "Africa/Nairobi"),
    ("place", "Town hall"),
    ("locality", "Nakuru"),
    ("country", "KE"),
    ("text", "Bring a question."),
    ("language", "en"),
]
RECORD = [
    ("title", "Ward budget hearings by SMS"),
    ("country", "KE"),
    ("level", "local"),
    ("start_date", "2023-05"),
    ("status", "implemented"),
    ("status_date", "2024"),
    ("outcome", "partial"),
    ("organization", "Nakuru County"),
    ("org_type", "local-government"),
    ("objective", "participation"),
    ("theme", "e-participation"),
    ("sdg", "16.7"),
    ("channel", "sms-ussd"),
    ("problem", "Few people came to the hearings."),
    ("approach", "We asked by SMS before each hearing."),
    ("evidence_level", "2"),
    ("language", "en"),
]


@dataclass
class Story:
    """Both people, and a line for each arrival."""

    north: Reader
    south: Reader
    tell: Callable[[str], None]

    def arrives(self, what: str, reader: Reader, path: str, words: str) -> Page:
        """Wait until `words` stand on a page of `reader`'s node; tell when."""
        return self._seen(what, reader, path, lambda shown: words in shown)

    def is_gone(self, what: str, reader: Reader, path: str, words: str) -> Page:
        """Wait until `words` stand there no more; tell when."""
        return self._seen(what, reader, path, lambda shown: words not in shown)

    def _seen(self, what: str, reader: Reader, path: str, is_so: Callable[[str], bool]) -> Page:
        began = time.monotonic()
        page = reader.until(path, is_so)
        seconds = time.monotonic() - began
        self.tell(f"{what:<44} {reader.node.host}{path[:46]:<48} {time.strftime('%H:%M:%S')}  after {seconds:4.1f} s")
        return page


def prepare(north: RunningNode, south: RunningNode, tell: Callable[[str], None]) -> Story:
    """Give one person on each node an account, sign them in, and let the nodes admit each other as partners."""
    with ThreadPoolExecutor() as pool:
        people = pool.map(_joined, (north, south), ("amina", "teanoa"))
        admitted = pool.map(_admit, (north, south), (south.host, north.host))
        amina, teanoa = people
        for line in admitted:
            tell(line.strip())
    return Story(amina, teanoa, tell)


def play(story: Story) -> None:
    """Let everything happen once, in both directions; both people leave at the end."""
    with closing(story.north.client), closing(story.south.client):
        _play(story)


def _play(story: Story) -> None:
    _follow_each_other(story)
    post_path = _post_and_edit(story)
    answer_path = _answer_like_boost(story, post_path)
    _record(story)
    _event(story)
    _delete(story, post_path, answer_path)


def _joined(node: RunningNode, name: str) -> Reader:
    said = orjson.loads(node.talanoa("member", "add", name, "--role", "editor", "--json"))
    found = LINK.search(said["link"])
    assert found is not None
    reader = Reader(node, name)
    reader.fill(found[1], found[1], [])
    return reader


def _admit(node: RunningNode, host: str) -> str:
    return node.talanoa("allow", host, "--preset", "T4")


def _follow_each_other(story: Story) -> None:
    with ThreadPoolExecutor() as pool:
        both = pool.map(
            lambda pair: pair[0].node.talanoa("follow", pair[0].name, f"@{pair[1].name}@{pair[1].node.host}", "--wait"),
            ((story.north, story.south), (story.south, story.north)),
        )
        for line in both:
            story.tell(line.strip().splitlines()[-1])
    story.south.fill("/following", "/follow", [("who", "@practices@north.test")])
    story.arrives("a follow of a member", story.south, "/followers", "amina")
    story.arrives("a follow of a member", story.north, "/followers", "teanoa")
    story.arrives("a follow of a Group", story.south, "/following", "Practice records")


def _post_and_edit(story: Story) -> str:
    north, south = story.north, story.south
    said = orjson.loads(
        north.node.talanoa("post", "amina", "--text", "Who has tried *ward hearings* by SMS?", "--json")
    )
    path = str(said["url"]).removeprefix("http://north.test")
    story.arrives("a post", south, "/home", "Who has tried ward hearings by SMS?")
    south.fill("/write", "/write", [("text", "Greetings from the islands, @amina@north.test."), ("language", "en")])
    story.arrives("a post that mentions somebody", north, "/home", "Greetings from the islands")
    story.arrives("a mention", north, "/notifications", "Greetings from the islands")
    north.fill(f"{path}/edit", f"{path}/edit", [("text", "Who has tried ward hearings by SMS or radio?")])
    story.arrives("an edit of a post", south, "/home", "by SMS or radio?")
    return path


def _answer_like_boost(story: Story, path: str) -> str:
    north, south = story.north, story.south
    uri = f"http://north.test/ap/n/{path.rpartition('/')[2]}"
    typed = [("text", "We did, in three languages.")]
    answer_path = south.fill(f"/write?reply_to={uri}", "/write", typed).path
    page = story.arrives("an answer", north, path, "We did, in three languages.")
    south.press("/home", "/like", uri)
    story.arrives("a like", north, path, "1 like")
    south.press("/home", "/boost", uri)
    story.arrives("a boost", north, path, "passed on 1 time")
    assert "teanoa" in page.shown()
    south.press("/home", "/unlike", uri)
    story.is_gone("a like taken back", north, path, "1 like")
    return answer_path


def _record(story: Story) -> None:
    north, south = story.north, story.south
    path = north.fill("/practices/new", "/practices/new", RECORD).path.partition("?")[0]
    listed = story.arrives("a practice record", south, "/practices", "Ward budget hearings by SMS")
    there = listed.link_near("Ward budget hearings by SMS")
    story.arrives("the text of the record", south, there, "We asked by SMS before each hearing.")
    north.fill(f"{path}/edit", f"{path}/edit", [("approach", "We asked by SMS and by radio.")])
    story.arrives("a new version of the record", south, there, "We asked by SMS and by radio.")
    south.press(there, "/like", f"http://north.test/ap/r/{path.rpartition('/')[2]}")
    story.arrives("a like of the record", north, path, "1 like")
    north.fill(f"{path}/withdraw", f"{path}/withdraw", [])
    story.is_gone("a record withdrawn", south, "/practices", "Ward budget hearings by SMS")


def _event(story: Story) -> None:
    north, south = story.north, story.south
    path = north.fill("/events/new", "/events/new", EVENT).path.partition("?")[0]
    there = story.arrives("an event", south, "/events", "Open budget night").link_near("Open budget night")
    story.arrives("the place of the event", south, there, "Town hall")
    north.fill(f"{path}/edit", f"{path}/edit", [("place", "Library")])
    story.arrives("a change of the event", south, there, "Library")
    south.fill(
        f"/write?reply_to=http://north.test/ap/e/{path.rpartition('/')[2]}", "/write", [("text", "Shall I bring tea?")]
    )
    story.arrives("an answer to the event", north, path, "Shall I bring tea?")
    north.fill(f"{path}/end", f"{path}/cancel", [])
    story.arrives("a cancellation", south, there, "ancelled")
    north.fill(f"{path}/end", f"{path}/delete", [])
    story.is_gone("an event deleted", south, "/events", "Open budget night")


def _delete(story: Story, path: str, answer_path: str) -> None:
    north, south = story.north, story.south
    south.fill(f"{answer_path}/delete", f"{answer_path}/delete", [])
    story.is_gone("an answer deleted", north, path, "We did, in three languages.")
    north.fill(f"{path}/delete", f"{path}/delete", [])
    story.is_gone("a post deleted", south, "/home", "by SMS or radio?")
