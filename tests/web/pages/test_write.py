"""Writing, changing and deleting posts. V-M25, T-39, T-50, T-59, W6."""

from typing import Any

from node.community import posts
from node.community.kinds import Role, Visibility
from node.community.posts import PostDraft
from node.models import Actor, Attachment, Post
from tests.node.media.pictures import picture
from tests.web.building import Building
from tests.web.multipart import send_files
from tests.web.visitor import Visitor


async def test_an_empty_post_is_not_published(building: Building) -> None:
    visitor = await building.signed_in("anna")

    page = await visitor.send(await visitor.get("/write"), "/write", text="  ", warning="on budgets")

    assert (page.status, page.form("/write")["warning"]) == (422, "on budgets")
    assert await Post.all() == []


async def test_a_post_that_is_too_long_keeps_what_was_typed_w6(building: Building) -> None:
    visitor = await building.signed_in("anna")
    text = "a" * 5001

    page = await visitor.send(await visitor.get("/write"), "/write", text=text)

    assert (page.status, page.form("/write")["text"].strip()) == (422, text)


async def test_nobody_opens_somebody_elses_post_for_changing_v_m25(building: Building) -> None:
    await building.member("tui")
    post = await _post(building, "tui")
    visitor = await building.signed_in("anna")

    page = await visitor.get(f"/posts/{post.public_id}/edit")
    token = (await visitor.get("/write")).form("/write")["form_token"]
    sent = await visitor.post(f"/posts/{post.public_id}/edit", {"form_token": token, "text": "mine now"})

    assert (page.status, sent.status) == (404, 404)
    assert (await Post.get(id=post.id)).source == "Talofa"


async def test_a_draft_is_not_shown_to_a_moderator_who_asks_to_delete_it(building: Building) -> None:
    await building.member("tui")
    post = await _post(building, "tui", visibility=Visibility.DRAFT)
    visitor = await building.signed_in("anna")

    assert (await visitor.get(f"/posts/{post.public_id}/delete")).status == 404


async def test_a_post_is_published_as_typed(building: Building) -> None:
    visitor = await building.signed_in("anna")
    typed = {"text": "**Mālō** #budget", "language": "to", "visibility": "members", "warning": "numbers"}

    page = await visitor.send(await visitor.get("/write"), "/write", **typed)
    post = await Post.get()

    assert (page.status, page.header("location")) == (303, f"/posts/{post.public_id}")
    assert (post.source, post.language, post.visibility, post.warning) == (
        "**Mālō** #budget",
        "to",
        Visibility.MEMBERS,
        "numbers",
    )


async def test_a_picture_without_a_description_is_kept_and_asked_about(building: Building) -> None:
    visitor = await building.signed_in("anna")
    fields = (await visitor.get("/write")).form("/write") | {"text": "Look"}
    fields = {name: value for name, value in fields.items() if not name.startswith("picture_")}

    page = await send_files(visitor, "/write", fields, {"picture_1": picture()})
    kept = page.form("/write")
    again = {name: value for name, value in kept.items() if not name.startswith("picture_")}
    done = await visitor.post("/write", again | {"alt_1": "A hall full of people"})
    attached = await Attachment.get()

    assert (page.status, done.status) == (422, 303)
    assert "Say what picture 1 shows" in page.shown()
    assert (attached.alt, attached.media_type) == ("A hall full of people", "image/webp")


async def test_a_file_that_is_no_picture_is_refused_and_the_text_kept_t39(building: Building) -> None:
    visitor = await building.signed_in("anna")
    fields = (await visitor.get("/write")).form("/write") | {"text": "Look", "alt_1": "a drawing"}
    fields = {name: value for name, value in fields.items() if not name.startswith("picture_")}

    page = await send_files(visitor, "/write", fields, {"picture_1": b"<svg onload='alert(1)'/>"})

    assert (page.status, page.form("/write")["text"].strip()) == (422, "Look")
    assert await Post.all() == []


async def test_a_post_is_changed_by_its_author(building: Building) -> None:
    visitor = await building.signed_in("anna")
    post = await _post(building, "anna")
    path = f"/posts/{post.public_id}/edit"

    page = await visitor.send(await visitor.get(path), path, text="Talofa lava", visibility="members")
    after = await Post.get(id=post.id)

    assert page.header("location") == f"/posts/{post.public_id}"
    assert (after.source, after.visibility) == ("Talofa lava", Visibility.PUBLIC)


async def test_a_post_is_deleted_only_after_a_second_question(building: Building) -> None:
    visitor = await building.signed_in("anna")
    post = await _post(building, "anna")
    path = f"/posts/{post.public_id}/delete"

    question = await visitor.get(path)
    untouched = (await Post.get(id=post.id)).withdrawn_at
    page = await visitor.send(question, path)

    assert (untouched, page.status, (await Post.get(id=post.id)).source) == (None, 303, "")


async def test_a_moderator_deletes_what_somebody_else_published(building: Building) -> None:
    await building.member("tui")
    post = await _post(building, "tui")
    visitor = await building.signed_in("mele", Role.MODERATOR)
    path = f"/posts/{post.public_id}/delete"

    page = await visitor.send(await visitor.get(path), path)

    assert (page.status, (await Post.get(id=post.id)).withdrawn_at) == (303, building.clock.now())


async def test_an_answer_shows_what_it_answers_and_hangs_below_it(building: Building) -> None:
    await building.member("tui")
    parent = await _post(building, "tui")
    visitor = await building.signed_in("anna")

    form = await visitor.get(f"/write?reply_to={parent.uri}")
    await visitor.send(form, "/write", text="Fa'afetai")
    answer = await Post.get(source="Fa'afetai")

    assert ("Talofa" in form.shown(), answer.in_reply_to_uri) == (True, parent.uri)


async def test_what_is_not_for_this_member_cannot_be_answered_or_read_that_way(building: Building) -> None:
    await building.member("tui")
    hidden = await _post(building, "tui", visibility=Visibility.DRAFT)
    visitor = await building.signed_in("anna")

    page = await visitor.get(f"/write?reply_to={hidden.uri}")

    assert (page.status, "Talofa" in page.text) == (404, False)


async def test_likes_and_boosts_lead_back_to_where_they_stood_and_nowhere_else_t54(building: Building) -> None:
    visitor = await building.signed_in("anna")
    post = await _post(building, "anna")
    token = await _token(visitor)

    answers = [
        await visitor.post(f"/{act}", {"form_token": token, "uri": post.uri, "next": target})
        for act, target in [
            ("like", "/about#post-1"),
            ("unlike", "https://evil.example/"),
            ("boost", "//evil.example"),
            ("unboost", "/about"),
        ]
    ]

    assert [(page.status, page.header("location")) for page in answers] == [
        (303, "/about#post-1"),
        (303, "/home"),
        (303, "/home"),
        (303, "/about"),
    ]


async def test_what_is_not_public_is_not_passed_on(building: Building) -> None:
    visitor = await building.signed_in("anna")
    post = await _post(building, "anna", visibility=Visibility.MEMBERS)

    page = await visitor.post("/boost", {"form_token": await _token(visitor), "uri": post.uri})

    assert page.status == 422


async def _token(visitor: Visitor) -> str:
    return (await visitor.get("/write")).form("/write")["form_token"]


async def _post(building: Building, name: str, visibility: Visibility = Visibility.PUBLIC) -> Any:
    author = await Actor.get(local_name=name)
    draft = PostDraft(text="Talofa", visibility=visibility, language="sm")
    return await posts.publish(draft, author=author, now=building.clock.now())
