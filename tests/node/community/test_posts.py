"""Our own posts: publish, edit, withdraw."""

from dataclasses import replace

import pytest

from node.community import posts
from node.community.attachments import Picture
from node.community.posts import PostDraft
from node.errors import Invalid, NotAllowed, NotFound, Withdrawn
from node.models import (
    Actor,
    ActorState,
    Attachment,
    Hashtag,
    Job,
    JournalEntry,
    Media,
    Mention,
    Notification,
    NotificationKind,
    Post,
    Role,
    SearchEntry,
    Visibility,
)
from node.settings import Settings
from tests.node.community.people import LATER, MUCH_LATER, NOW, foreigner, member


async def facts() -> list[str]:
    return [entry.fact for entry in await JournalEntry.all().order_by("id")]


async def picture(owner_id: int, public_id: str = "0" * 26) -> Media:
    return await Media.create(
        public_id=public_id, owner_id=owner_id, path="a/b.webp", thumbnail_path="a/b-small.webp",
        media_type="image/webp", bytes=10, width=4, height=3, created_at=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (PostDraft("  \n"), "text"),
        (PostDraft("x" * 5001), "text"),
        (PostDraft("x", warning="w" * 201), "warning"),
        (PostDraft("x", language="not a tag"), "language"),
        (PostDraft("x", visibility=Visibility.DIRECT), "visibility"),
        (PostDraft("x", pictures=(Picture("0" * 26, "Nothing"),)), "pictures"),
        (PostDraft("x", pictures=(Picture("0" * 26, "a"),) * 5), "pictures"),
    ],
)
async def test_a_draft_that_cannot_be_taken_says_which_field(
    node_database: Settings, draft: PostDraft, field: str
) -> None:
    anna = await member()

    with pytest.raises(Invalid) as refusal:
        await posts.publish(draft, author=anna.actor, now=NOW)

    assert list(refusal.value.fields) == [field]
    assert (await Post.all().count(), await facts()) == (0, [])


async def test_nobody_publishes_in_the_name_of_a_foreign_or_disabled_actor(node_database: Settings) -> None:
    anna, berta = await member(), await foreigner()
    await Actor.filter(id=anna.actor_id).update(state=ActorState.SUSPENDED)

    for author in (berta, await Actor.get(id=anna.actor_id)):
        with pytest.raises(NotAllowed):
            await posts.publish(PostDraft("hello"), author=author, now=NOW)

    assert await Post.all().count() == 0


async def test_a_picture_of_somebody_else_or_without_words_is_refused(node_database: Settings) -> None:
    anna, boris = await member(), await member("boris", "Boris")
    await picture(boris.actor_id)
    mine = await picture(anna.actor_id, "1" * 26)

    for chosen in (Picture("0" * 26, "Not mine"), Picture(mine.public_id, "  ")):
        with pytest.raises(Invalid) as refusal:
            await posts.publish(PostDraft("x", pictures=(chosen,)), author=anna.actor, now=NOW)
        assert list(refusal.value.fields) == ["pictures"]


async def test_a_post_is_kept_with_all_that_hangs_on_it(database: Settings) -> None:
    anna, boris, berta = await member(), await member("boris", "Boris"), await foreigner()
    media = await picture(anna.actor_id)
    draft = PostDraft(
        "Hello @boris and @berta@far.example and @nobody, see #Budget <script>",
        language="en",
        warning="Money",
        pictures=(Picture(media.public_id, " A table "),),
    )

    post = await posts.publish(draft, author=anna.actor, now=NOW, by_member_id=anna.id)

    row = await Post.get(id=post.id)
    assert row.uri == f"https://home.example/ap/n/{row.public_id}" == row.thread_uri
    assert row.url == f"https://home.example/posts/{row.public_id}"
    assert row.audience_uri == "https://home.example/ap/g/posts"
    assert (row.warning, row.sensitive, row.language, row.published_at) == ("Money", True, "en", NOW)
    assert "<script>" not in row.content_html
    assert 'href="https://far.example/@berta"' in row.content_html
    assert 'href="https://home.example/tags/budget"' in row.content_html
    assert set(await Mention.all().values_list("actor_id", flat=True)) == {boris.actor_id, berta.id}
    assert await Hashtag.all().values_list("object_uri", "name") == [(row.uri, "budget")]
    shown = await Attachment.get(object_uri=row.uri)
    assert (shown.url, shown.alt, shown.width) == ("https://home.example/media/a/b.webp", "A table", 4)
    assert await facts() == ["PostPublished"]
    assert await Job.all().values_list("kind", flat=True) == ["federate"]
    assert await Notification.all().values_list("member_id", "kind", "actor_id", "object_uri") == [
        (boris.id, NotificationKind.MENTION, anna.actor_id, row.uri)
    ]
    assert (await SearchEntry.get(object_uri=row.uri)).folded.startswith("money hello boris and berta")


async def test_an_answer_is_never_more_public_than_what_it_answers(node_database: Settings) -> None:
    anna, boris = await member(), await member("boris", "Boris")
    inner = await posts.publish(PostDraft("among us", Visibility.MEMBERS), author=anna.actor, now=NOW)

    with pytest.raises(Invalid) as refusal:
        await posts.publish(PostDraft("leak", in_reply_to_uri=inner.uri), author=boris.actor, now=LATER)
    assert list(refusal.value.fields) == ["visibility"]

    quiet = PostDraft("yes", Visibility.MEMBERS, in_reply_to_uri=inner.uri)
    answer = await posts.publish(quiet, author=boris.actor, now=LATER)
    assert (answer.thread_uri, answer.visibility) == (inner.uri, Visibility.MEMBERS)


async def test_a_draft_of_somebody_else_cannot_be_answered(node_database: Settings) -> None:
    anna, boris = await member(), await member("boris", "Boris")
    secret = await posts.publish(PostDraft("not yet", Visibility.DRAFT), author=anna.actor, now=NOW)

    for uri in (secret.uri, "https://home.example/ap/n/none"):
        with pytest.raises(NotFound):
            await posts.publish(PostDraft("x", in_reply_to_uri=uri), author=boris.actor, now=LATER)

    assert await facts() == []
    assert await SearchEntry.filter(kind="post").count() == 0


async def test_an_answer_names_whom_it_answers_and_tells_them_once(database: Settings) -> None:
    anna, boris = await member(), await member("boris", "Boris")
    first = await posts.publish(PostDraft("a question"), author=anna.actor, now=NOW)

    answer = await posts.publish(PostDraft("@anna an answer", in_reply_to_uri=first.uri), author=boris.actor, now=LATER)

    assert (answer.in_reply_to_uri, answer.thread_uri, answer.audience_uri) == (first.uri, first.uri, None)
    assert await Mention.filter(object_uri=answer.uri).values_list("actor_id", flat=True) == [anna.actor_id]
    assert await Notification.all().values_list("member_id", "kind") == [(anna.id, NotificationKind.REPLY)]


async def test_only_its_author_edits_a_post(node_database: Settings) -> None:
    anna, boris = await member(), await member("boris", "Boris", Role.STEWARD)
    post = await posts.publish(PostDraft("first"), author=anna.actor, now=NOW)

    with pytest.raises(NotAllowed):
        await posts.edit(post.uri, PostDraft("mine now"), author=boris.actor, now=LATER)

    assert (await Post.get(id=post.id)).source == "first"


async def test_an_edit_keeps_who_may_read(database: Settings) -> None:
    anna = await member()
    post = await posts.publish(PostDraft("first", Visibility.MEMBERS), author=anna.actor, now=NOW)

    await posts.edit(post.uri, PostDraft("second #New", Visibility.PUBLIC), author=anna.actor, now=LATER)

    row = await Post.get(id=post.id)
    assert (row.source, row.visibility, row.updated_at, row.published_at) == (
        "second #New",
        Visibility.MEMBERS,
        LATER,
        NOW,
    )
    assert await Hashtag.all().values_list("name", flat=True) == ["new"]
    assert await facts() == ["PostPublished", "PostEdited"]


async def test_a_draft_becomes_public_once(database: Settings) -> None:
    anna = await member()
    draft = PostDraft("soon", Visibility.DRAFT)
    post = await posts.publish(draft, author=anna.actor, now=NOW)
    await posts.edit(post.uri, replace(draft, text="sooner"), author=anna.actor, now=LATER)
    assert await facts() == []

    await posts.edit(post.uri, PostDraft("now"), author=anna.actor, now=MUCH_LATER)

    row = await Post.get(id=post.id)
    assert (row.visibility, row.published_at, row.updated_at) == (Visibility.PUBLIC, MUCH_LATER, None)
    assert row.audience_uri == "https://home.example/ap/g/posts"
    assert await facts() == ["PostPublished"]


async def test_somebody_else_s_post_is_only_withdrawn_by_a_moderator(node_database: Settings) -> None:
    anna, boris = await member(), await member("boris", "Boris", Role.EDITOR)
    post = await posts.publish(PostDraft("first"), author=anna.actor, now=NOW)

    with pytest.raises(NotAllowed):
        await posts.withdraw(post.uri, by=boris, now=LATER)
    assert (await posts.standing(post.uri)).source == "first"

    mod = await member("mona", "Mona", Role.MODERATOR)
    await posts.withdraw(post.uri, by=mod, now=LATER)
    with pytest.raises(Withdrawn):
        await posts.standing(post.uri)


async def test_a_withdrawn_post_leaves_nothing_but_its_address(database: Settings) -> None:
    anna = await member()
    media = await picture(anna.actor_id)
    draft = PostDraft("secret #Tag", warning="w", pictures=(Picture(media.public_id, "alt"),))
    post = await posts.publish(draft, author=anna.actor, now=NOW)

    await posts.withdraw(post.uri, by=anna, now=LATER)
    await posts.withdraw(post.uri, by=anna, now=MUCH_LATER)

    row = await Post.get(id=post.id)
    assert (row.source, row.content_html, row.warning, row.withdrawn_at) == ("", "", "", LATER)
    left = [await Hashtag.all().count(), await Attachment.all().count(), await SearchEntry.filter(kind="post").count()]
    assert left == [0, 0, 0]
    assert await facts() == ["PostPublished", "PostWithdrawn"]
    with pytest.raises(Withdrawn):
        await posts.by_public_id(row.public_id or "")
    with pytest.raises(NotFound):
        await posts.by_public_id("z" * 26)
