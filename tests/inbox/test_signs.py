"""Reactions with a sign from other servers: Misskey's Like with content, Akkoma's EmojiReact, and their Undo. T-19."""

import pytest

from node.community import reactions, signs
from node.community.visibility import ANONYMOUS
from node.models import Like, Reaction
from tests.inbox.test_door_identity import introduce, our_post
from tests.inbox.test_handlers import told
from tests.peers.actors import Json, PeerActor
from tests.peers.peer import Peer
from tests.standing import Company

NO_SIGN = "ignored: no sign that is kept, of nothing that we hold, or given before"


def react(peer: Peer, actor: PeerActor, uri: str, content: object, kind: str = "EmojiReact") -> Json:
    return peer.activity(kind, actor, uri) | {"content": content}


WORDS = ("BUY NOW", "a", ":", "::", ":no good:", ":" + "x" * 80 + ":", "👍" * 40, "\u202e👍", "👍<b>", "", "\x07")


async def test_words_and_what_is_too_long_are_no_sign(company: Company) -> None:
    """V-M27."""
    post = await our_post(company)
    rosa = await introduce(company, company.good, "rosa")

    for content in (*WORDS, 5, ["👍"], {"a": "👍"}, None):
        assert await told(company, company.good, react(company.good, rosa, post.uri, content), rosa) == NO_SIGN

    assert await Reaction.all().count() == 0


async def test_nobody_takes_back_the_sign_of_somebody_else(company: Company) -> None:
    post = await our_post(company)
    rosa = await introduce(company, company.good, "rosa")
    eve = await introduce(company, company.evil, "eve")
    given = react(company.good, rosa, post.uri, "🎉")
    assert await told(company, company.good, given, rosa) == "done"

    await told(company, company.evil, company.evil.activity("Undo", eve, given), eve)
    await told(company, company.evil, company.evil.activity("Undo", eve, given["id"]), eve)

    assert await Reaction.all().count() == 1


async def test_one_actor_gives_only_so_many_signs(company: Company) -> None:
    post = await our_post(company)
    rosa = await introduce(company, company.good, "rosa")

    for number in range(signs.MOST_OF_ONE + 2):
        await told(company, company.good, react(company.good, rosa, post.uri, f":sign{number}:"), rosa)

    assert await Reaction.all().count() == signs.MOST_OF_ONE


@pytest.mark.parametrize(("kind", "content"), [("EmojiReact", "👍"), ("Like", "👍🏽"), ("Like", ":blob@far.test:")])
async def test_a_sign_is_counted_once_beside_the_likes_and_taken_back(
    company: Company, kind: str, content: str
) -> None:
    post = await our_post(company)
    rosa = await introduce(company, company.good, "rosa")
    given = react(company.good, rosa, post.uri, content, kind)

    assert await told(company, company.good, given, rosa) == "done"
    assert await told(company, company.good, react(company.good, rosa, post.uri, content, kind), rosa) == NO_SIGN

    shown = (await reactions.reactions_to([post.uri], ANONYMOUS))[post.uri]
    assert (shown.likes, shown.signs) == (0, ((signs.sign_of(content), 1),))
    assert await told(company, company.good, company.good.activity("Undo", rosa, given), rosa) == "done"
    assert await Reaction.all().count() == 0


async def test_a_sign_is_taken_back_by_its_description_alone(company: Company) -> None:
    """The other side made up another id for what it takes back."""
    post = await our_post(company)
    rosa = await introduce(company, company.good, "rosa")
    await told(company, company.good, react(company.good, rosa, post.uri, "🎉"), rosa)
    await told(company, company.good, react(company.good, rosa, post.uri, "👍"), rosa)

    undone = react(company.good, rosa, post.uri, "🎉")
    assert await told(company, company.good, company.good.activity("Undo", rosa, undone), rosa) == "done"

    assert [row.content for row in await Reaction.all()] == ["👍"]


async def test_a_heart_of_misskey_is_a_plain_like(company: Company) -> None:
    post = await our_post(company)
    rosa = await introduce(company, company.good, "rosa")

    assert await told(company, company.good, react(company.good, rosa, post.uri, "❤", "Like"), rosa) == "done"

    assert (await Like.all().count(), await Reaction.all().count()) == (1, 0)


async def test_a_sign_under_what_its_giver_may_not_read_is_not_kept(company: Company) -> None:
    post = await our_post(company)
    await type(post).filter(id=post.id).update(visibility="members")
    rosa = await introduce(company, company.good, "rosa")

    assert await told(company, company.good, react(company.good, rosa, post.uri, "👍"), rosa) == NO_SIGN


@pytest.mark.parametrize("text", ["👍", "🏳️‍🌈", "❤️", "🇰🇪", "1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "👨‍👩‍👧‍👦", ":blob_cat:"])
def test_emoji_of_all_kinds_are_signs(text: str) -> None:
    assert signs.sign_of(f" {text} ") == text
