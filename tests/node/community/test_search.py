"""Search, the same on both databases."""

import pytest

from node.community import foreign_practices, posts, practices, search, viewer
from node.community.posts import PostDraft
from node.community.visibility import ANONYMOUS, Viewer
from node.models import Visibility
from node.policy.grants import Records
from node.settings import Settings
from tests.node.community.people import LATER, NOW, foreigner, home, member
from tests.node.community.test_foreign_practices import GROUP, RECORD
from tests.node.community.test_practices import FULL


async def found(text: str, who: Viewer = ANONYMOUS, kind: str = "") -> list[str]:
    """Name what is found."""
    page = await search.find(text, who, kind=kind)
    return [hit.thing.uri if hit.thing else hit.actor.handle if hit.actor else "" for hit in page.items]


async def test_search_finds_nothing_that_one_may_not_read(database: Settings) -> None:
    anna, boris = await member(), await member("boris", "Boris")
    await foreigner(GROUP)
    for visibility in (Visibility.QUIET, Visibility.MEMBERS, Visibility.DRAFT):
        await posts.publish(PostDraft("kiwi", visibility), author=anna.actor, now=NOW)
    gone = await posts.publish(PostDraft("kiwi"), author=anna.actor, now=NOW)
    await posts.withdraw(gone.uri, by=anna, now=LATER)
    await foreign_practices.receive(RECORD, grant=Records.HOLD, now=LATER)

    assert await found("kiwi") == []
    assert await found("queues") == []
    assert len(await found("kiwi", await viewer.of_member(boris))) == 1


@pytest.mark.parametrize("text", ["", "  ", '"', "*", "' OR 1=1 --", "NEAR(", "kiwi AND", "a:b", "\\", "\x00", "()"])
async def test_odd_questions_are_answered(database: Settings, text: str) -> None:
    anna = await member()
    await posts.publish(PostDraft("kiwi"), author=anna.actor, now=NOW)

    assert (await search.find(text, ANONYMOUS, before="x")).next is None
    assert (await search.find("kiwi", ANONYMOUS, kind="nonsense")).items == ()
    assert (await search.find("kiwi", ANONYMOUS, before="99999")).items == ()


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Élection à Genève", "geneve election"),
        ("e-participation and target 16.7", "e-participation 16.7"),
        ("Budget hearings", "budg hear"),
        ("الحكومة الإلكترونية", "الحكومه"),
        ("मतदान केंद्र", "मतदान"),
        ("Стройка ёлки", "елки"),
        ("電子政府の記録", "電子政府"),
        ("snake_case", "snake_case"),
    ],
)
async def test_words_are_found_however_they_are_written(database: Settings, text: str, question: str) -> None:
    anna = await member()
    post = await posts.publish(PostDraft(text), author=anna.actor, now=NOW)
    await posts.publish(PostDraft("something else"), author=anna.actor, now=NOW)

    assert await found(question, kind="post") == [post.uri]


async def test_all_kinds_are_found_and_an_edit_is_seen(database: Settings) -> None:
    await home()
    anna = await member()
    record = await practices.publish(FULL, by=anna, now=NOW)
    post = await posts.publish(PostDraft("kenya"), author=anna.actor, now=LATER)

    assert await found("kenya") == [post.uri, record.uri]
    assert await found("kenya", kind="practice") == [record.uri]
    assert await found("anna ngugi", kind="actor") == ["@anna@home.example"]
    await posts.edit(post.uri, PostDraft("peru"), author=anna.actor, now=LATER)
    assert await found("kenya") == [record.uri]


async def test_results_have_pages(database: Settings) -> None:
    anna = await member()
    for number in range(23):
        await posts.publish(PostDraft(f"kiwi {number}"), author=anna.actor, now=NOW)

    first = await search.find("kiwi", ANONYMOUS)
    second = await search.find("kiwi", ANONYMOUS, before=first.next)

    assert (len(first), first.next, len(second), second.next) == (20, "20", 3, None)


async def test_what_is_not_among_the_newest_is_found_too(database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "WALKED", 0)
    anna = await member()
    kept = [(await posts.publish(PostDraft("kiwi"), author=anna.actor, now=NOW)).uri for _ in range(22)]

    first = await search.find("kiw", ANONYMOUS)
    second = await search.find("kiw", ANONYMOUS, before=first.next)

    assert [hit.thing.uri for hit in (*first.items, *second.items) if hit.thing] == kept[::-1]
    assert (first.next, second.next) == ("20", None)
