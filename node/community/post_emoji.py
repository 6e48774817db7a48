"""Custom emoji in foreign posts: which picture a short code stands for."""

import re
from collections.abc import Iterable, Mapping

from node import database
from node.community.once import Columns
from node.database import few_sizes, marks

MOST = 30
LONGEST_URL = 1500
_CODE = re.compile(r":[A-Za-z0-9_.+-]{1,60}:")


def code_of(name: str) -> str:
    """Return a short code with its colons, empty if it is none."""
    code = f":{name.strip().strip(':')}:"
    return code if _CODE.fullmatch(code) else ""


def rows(uri: str, emoji: Iterable[tuple[str, str]], *, words: str) -> list[Columns]:
    """Return what is kept of the emoji of a post: those that its words use.

    Args:
        emoji: name and address of each, as sent.
        words: everything that is shown of the post.
    """
    found: dict[str, str] = {}
    for name, url in emoji:
        code = code_of(name)
        if code and code in words and len(url) <= LONGEST_URL and len(found) < MOST:
            found.setdefault(code, url)
    return [{"object_uri": uri, "code": code, "url": url} for code, url in found.items()]


async def within(uris: Iterable[str]) -> dict[str, Mapping[str, str]]:
    """Return the addresses of emoji by short code, by post."""
    wanted = few_sizes(uris)
    found: dict[str, dict[str, str]] = {}
    sql = f"SELECT object_uri, code, url FROM post_emoji WHERE object_uri IN ({marks(len(wanted))})"  # noqa: S608
    for row in await database.rows(sql, wanted) if wanted else ():
        found.setdefault(str(row["object_uri"]), {})[str(row["code"])] = str(row["url"])
    return dict(found)
