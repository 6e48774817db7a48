"""What a forum passes on: whole activities, believed only as far as read from their origin. FEP-1b12."""

from typing import Any

from node.models import Boost, Post
from tests.inbox.test_door_identity import introduce
from tests.inbox.test_door_keys import always
from tests.inbox.test_handlers import befriended, told
from tests.peers.actors import PeerActor
from tests.peers.peer import Peer
from tests.standing import Company

Json = dict[str, Any]


def wrapped(group: Peer, by: PeerActor, kind: str, actor: PeerActor, target: Json | str) -> Json:
    inner = {"id": f"{group.base}/inner/1", "type": kind, "actor": actor.uri, "object": target}
    return group.activity("Announce", by, inner)


async def test_words_that_a_forum_puts_into_somebodys_mouth_are_not_believed(company: Company) -> None:
    """FEP-fe34: Rosa's forum wraps a Create of Otto, whose server has other words, or none."""
    rosa, otto = await befriended(company), company.third.actor("otto")
    true = company.third.note(otto, "<p>True</p>")
    forged = dict(true) | {"content": "<p>Forged</p>"}
    never_said = dict(true) | {"id": f"{company.third.base}/notes/never"}

    await told(company, company.good, wrapped(company.good, rosa, "Create", otto, forged), rosa)
    await told(company, company.good, wrapped(company.good, rosa, "Create", otto, never_said), rosa)

    assert [post.content_html for post in await Post.filter(is_local=False)] == ["<p>True</p>"]


async def test_a_like_or_a_block_inside_an_announce_is_nobodys_word(company: Company) -> None:
    rosa, otto = await befriended(company), company.third.actor("otto")
    note = company.third.note(otto, "<p>True</p>")

    for kind in ("Like", "Block", "Undo", "Follow"):
        outcome = await told(company, company.good, wrapped(company.good, rosa, kind, otto, note), rosa)
        assert outcome.startswith("ignored"), kind

    assert await Post.filter(is_local=False).count() == 0


async def test_a_forum_that_nobody_here_follows_makes_us_read_nothing(company: Company) -> None:
    rosa, otto = await introduce(company, company.good, "rosa"), company.third.actor("otto")
    note = company.third.note(otto, "<p>True</p>")

    await told(company, company.good, wrapped(company.good, rosa, "Create", otto, note), rosa)

    assert company.third.requests == []


async def test_a_new_post_is_read_and_passed_on_an_answer_only_read(company: Company) -> None:
    rosa, otto = await befriended(company), company.third.actor("otto")
    top = company.third.note(otto, "<p>Top</p>")
    answer = company.third.note(otto, "<p>Answer</p>", inReplyTo=top["id"])

    for each in (top, answer, answer):
        await told(company, company.good, wrapped(company.good, rosa, "Create", otto, each), rosa)

    assert await Post.filter(is_local=False).count() == 2
    assert [row.object_uri for row in await Boost.all()] == [top["id"]]


async def test_a_change_is_read_again_and_an_end_believed_only_by_410(company: Company) -> None:
    rosa, otto = await befriended(company), company.third.actor("otto")
    note = company.third.note(otto, "<p>First</p>")
    await told(company, company.good, wrapped(company.good, rosa, "Create", otto, note), rosa)

    await told(company, company.good, wrapped(company.good, rosa, "Delete", otto, str(note["id"])), rosa)
    assert await Post.filter(is_local=False).count() == 1, "its server still has it"

    company.third.publish(note | {"content": "<p>Second</p>", "updated": "2026-03-01T12:00:00Z"})
    await Post.filter(is_local=False).update(published_at="2026-03-01T11:00:00Z")
    assert await told(company, company.good, wrapped(company.good, rosa, "Update", otto, note), rosa) == "done"
    assert (await Post.get(is_local=False)).content_html == "<p>Second</p>"

    company.third.handlers[str(note["id"]).removeprefix(company.third.base)] = always(410)
    await told(company, company.good, wrapped(company.good, rosa, "Delete", otto, str(note["id"])), rosa)
    assert await Post.filter(is_local=False).count() == 0
