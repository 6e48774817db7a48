"""A hundred thousand posts, written into the database directly: most from elsewhere, one thread of 1,000 answers."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from node.database import atomic, execute_many, rows
from tests.bench import sender
from tests.bench.ground import BASE, Ground

POSTS = 100_000
AUTHORS = 5_000
LOCAL_EVERY = 20
THREAD = 1_000
AT_ONCE = 5_000
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
LAST_ANSWER = f"https://stored{(THREAD - 1) % 500}.test/answers/{THREAD - 1}"
_ACTOR = (
    "INSERT INTO actor (uri, kind, is_local, name, host, display_name, bio_html, bio_source, language, inbox_url, "
    "manually_approves, discoverable, indexable, also_known_as, profile_fields, state, created_at, updated_at) "
    "VALUES (?, 'Person', ?, ?, ?, ?, '', '', '', ?, ?, ?, ?, '[]', '[]', 'active', ?, ?)"
)
_POST = (
    "INSERT INTO post (uri, public_id, author_id, is_local, wire_type, visibility, title, warning, sensitive, "
    "imposed_warning, source, content_html, language, url, in_reply_to_uri, thread_uri, quotable, is_guide, "
    "published_at, received_at) "
    "VALUES (?, ?, ?, ?, 'Note', 'public', '', '', ?, '', '', ?, 'en', ?, ?, ?, 'anyone', ?, ?, ?)"
)
_SEARCH = (
    "INSERT INTO search_entry (object_uri, kind, title, folded, language, visibility, published_at) "
    "VALUES (?, 'post', '', ?, 'en', 'public', ?)"
)
_TAG = "INSERT INTO hashtag (object_uri, name) VALUES (?, ?)"


def store(made: Ground, *, posts: int = POSTS) -> str:
    """Fill the database of a node that does not run; return the id of the post with a thousand answers."""
    return asyncio.run(_store(made, posts))


async def _store(made: Ground, posts: int) -> str:
    async with made.opened():
        async with atomic():
            await execute_many(_ACTOR, _actors())
        found = await rows("SELECT id FROM actor WHERE host LIKE ? ORDER BY id", ("stored%",))
        authors = [int(str(row["id"])) for row in found]
        local = int(str((await rows("SELECT id FROM actor WHERE local_name = ?", ("amina",)))[0]["id"]))
        for start in range(0, posts, AT_ONCE):
            async with atomic():
                numbers = range(start, min(start + AT_ONCE, posts))
                await execute_many(_POST, (_post(number, authors, local) for number in numbers))
                await execute_many(_TAG, ((_uri(number), f"tag{number % 50}") for number in numbers))
                await execute_many(_SEARCH, (_entry(number) for number in numbers))
        top = _uri(LOCAL_EVERY * (posts // LOCAL_EVERY // 2))
        async with atomic():
            await execute_many(_POST, (_answer(number, authors, top) for number in range(THREAD)))
    return top


def _actors() -> Iterator[tuple[object, ...]]:
    for number in range(AUTHORS):
        host = f"stored{number % 500}.test"
        uri = f"https://{host}/users/p{number}"
        yield uri, False, f"p{number}", host, f"Person {number}", f"{uri}/inbox", False, True, True, BEGAN, BEGAN


def _uri(number: int) -> str:
    if number % LOCAL_EVERY == 0:
        return f"{BASE}/ap/n/{_public(number)}"
    return f"https://stored{number % 500}.test/notes/{number}"


def _public(number: int) -> str:
    return f"stored{number:020}"


def _post(number: int, authors: list[int], local: int) -> tuple[object, ...]:
    is_local, uri = number % LOCAL_EVERY == 0, _uri(number)
    at = BEGAN + timedelta(minutes=number)
    parent = _uri(number - 1) if number % 4 == 3 else None
    thread = parent or uri
    words = f"<p>Word of number {number}. {sender.WORDS * 2}</p>"
    public, author = (_public(number), local) if is_local else (None, authors[number % len(authors)])
    return uri, public, author, is_local, False, words, uri, parent, thread, False, at, None if is_local else at


def _answer(number: int, authors: list[int], top: str) -> tuple[object, ...]:
    uri = f"https://stored{number % 500}.test/answers/{number}"
    parent = f"https://stored{(number - 1) % 500}.test/answers/{number - 1}" if number % 3 == 2 else top
    at = BEGAN + timedelta(minutes=POSTS + number)
    words = f"<p>Answer {number}. {sender.WORDS * 2}</p>"
    author = authors[number % len(authors)]
    return uri, None, author, False, False, words, uri, parent, top, False, at, at


def _entry(number: int) -> tuple[object, ...]:
    words = "we tried hearings by sms and by radio and more people came than ever before " * 2
    return _uri(number), f"word of number {number} {words}", BEGAN + timedelta(minutes=number)
