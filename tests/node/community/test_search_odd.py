"""Whatever is typed into the search, it finds something or nothing, on both databases. V-K12, T-60."""

from random import Random

import pytest

from node.community import posts, search
from node.community.posts import PostDraft
from node.community.visibility import ANONYMOUS
from node.settings import Settings
from tests.node.community.people import NOW, member

ALPHABET = "ab \"'*:&|!()<>-+~^%_\\/#@.,;{}[]\u0000\u202e\u0301\u00e9\u0634\u4e2d\U0001f600\ud800\n\t0"
ODD = (
    *("", " ", '"', "''", "*", "a*b", "NOT", "AND OR NEAR", "NEAR(a b, 5)", "a:b", "uri:x", "-a", "^a", "a OR", "{a}"),
    *("'; DROP TABLE post; --", "a' OR '1'='1", "(" * 5_000, '"' * 5_001, "a " * 5_000, "a" * 100_000, ":* & !"),
    *("\\", "\\'", "a\x00b", "\ud800", "\u0301" * 5_000, "%", "_", "<->", "a <5> b", "#", "@", "@a@b", "\U0001f600"),
)


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
async def test_odd_words_find_nothing_that_is_not_there(node_database: Settings, text: str) -> None:
    assert (await search.find(text, ANONYMOUS)).items == ()


async def test_hundreds_of_random_texts_break_nothing_v_k12(database: Settings) -> None:
    anna = await member()
    post = await posts.publish(PostDraft("participatory budgeting"), author=anna.actor, now=NOW)
    # The same texts each time.
    drawn = Random(16)

    for _ in range(200):
        text = "".join(drawn.choices(ALPHABET, k=drawn.randrange(1, 60)))
        found = await search.find(text, ANONYMOUS, kind=drawn.choice(["", "post", "x"]), before=text[:5])
        assert len(found.items) <= 2

    assert [hit.thing.uri for hit in (await search.find("budget", ANONYMOUS)).items if hit.thing] == [post.uri]
