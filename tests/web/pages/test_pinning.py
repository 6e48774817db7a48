"""Pinning from a post, and taking it down on the profile."""

from node.models import Pin, Post
from tests.web.pages.conftest import Inhabited


async def test_nobody_pins_what_is_not_theirs(inhabited: Inhabited) -> None:
    visitor = await inhabited.building.signed_in("tui")
    post = await Post.filter(author__local_name="anna", visibility="public", is_local=True).first()
    assert post is not None
    page = await visitor.get(f"/posts/{post.public_id}")
    assert "/pin" not in [form.get("action") for form in page.document.forms]

    forged = await visitor.post("/pin", {"form_token": page.form("/like")["form_token"], "uri": post.uri})

    assert (forged.status, await Pin.all().count()) == (404, 0)


async def test_from_the_post_to_the_profile_and_down_again(inhabited: Inhabited) -> None:
    visitor = await inhabited.building.signed_in("tui")
    write = await visitor.get("/write")
    await visitor.send(write, "/write", text="Read me first", language="en")
    post = await Post.get(author__local_name="tui")

    done = await visitor.send(await visitor.get(f"/posts/{post.public_id}"), "/pin")
    profile = await visitor.get("/@tui")

    assert (done.status, await Pin.all().count()) == (303, 1)
    assert profile.document.xpath("//h2[@id='pinned']")
    seen = await inhabited.building.visitor().get("/@tui")
    assert "/unpin" not in [form.get("action") for form in seen.document.forms]
    assert (await visitor.send(profile, "/unpin")).status == 303
    assert await Pin.all().count() == 0
