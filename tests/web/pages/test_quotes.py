"""Quotes on pages: choosing who may, quoting, deciding. V-M25."""

from node.community import posts, quotes
from node.community.kinds import QuotePolicy
from node.community.posts import PostDraft
from node.community.quotes import QuoteRequest
from node.models import Actor, Member, Post, Quote
from tests.web.building import Building
from tests.web.pages.conftest import Inhabited


async def test_what_is_not_here_can_not_be_quoted(building: Building) -> None:
    visitor = await building.signed_in("anna")

    assert (await visitor.get("/write?quote=https://far.example/n/1")).status == 404


async def test_what_its_author_keeps_to_themselves_is_not_quoted_and_the_text_is_kept(building: Building) -> None:
    author: Member = await building.member("tui")
    draft = PostDraft("Mine", quotable=QuotePolicy.NOBODY)
    post = await posts.publish(draft, author=author.actor, now=building.clock.now())
    visitor = await building.signed_in("anna")

    page = await visitor.send(await visitor.get(f"/write?quote={post.uri}"), "/write", text="Look")

    assert (page.status, page.form("/write")["text"].strip()) == (422, "Look")
    assert "quoted. Put a link" in page.shown()


async def test_a_member_quotes_and_the_words_stand_below(building: Building) -> None:
    author: Member = await building.member("tui")
    post = await posts.publish(PostDraft("Read it aloud"), author=author.actor, now=building.clock.now())
    visitor = await building.signed_in("anna")

    page = await visitor.send(
        await visitor.get(f"/write?quote={post.uri}"), "/write", text="Look", quotable="followers"
    )
    fresh = await Post.get(source="Look")
    shown = (await visitor.get(f"/posts/{fresh.public_id}")).shown()

    assert (page.status, fresh.quotable) == (303, QuotePolicy.FOLLOWERS)
    assert "Read it aloud" in shown


async def test_a_member_lets_refuses_and_takes_back_only_what_is_their_own(inhabited: Inhabited) -> None:
    building = inhabited.building
    berta = await Actor.get(uri="https://far.example/users/berta")
    author: Member = await building.member("tui")
    draft = PostDraft("Ask me", quotable=QuotePolicy.ASK)
    post = await posts.publish(draft, author=author.actor, now=building.clock.now())
    asked = QuoteRequest(berta, post.uri, "https://far.example/n/quoting", "https://far.example/a/1")
    await quotes.requested(asked, now=building.clock.now())
    quote = await Quote.get(quoting_uri=asked.quoting_uri)
    stranger = await building.signed_in("sefa")
    token = (await stranger.get("/write")).form("/write")["form_token"]

    answer = await stranger.post("/quotes/decide", {"form_token": token, "quote_id": str(quote.id), "decision": "let"})

    assert answer.status == 404
    assert (await Quote.get(id=quote.id)).state == "asked"


async def test_who_waits_is_on_the_page_and_gets_the_answer(inhabited: Inhabited) -> None:
    building = inhabited.building
    berta = await Actor.get(uri="https://far.example/users/berta")
    visitor = await building.signed_in("tui")
    author = await Actor.get(local_name="tui")
    post = await posts.publish(PostDraft("Ask me", quotable=QuotePolicy.ASK), author=author, now=building.clock.now())
    await quotes.requested(
        QuoteRequest(berta, post.uri, "https://far.example/n/quoting", "https://far.example/a/1"),
        now=building.clock.now(),
    )

    page = await visitor.get("/quotes")
    assert "Berta Kim" in page.shown()
    assert "Waits for you" in page.shown()
    assert (await visitor.send(page, "/quotes/decide", decision="let")).status == 303
    assert (await Quote.get(quoting_uri="https://far.example/n/quoting")).state == "granted"
    page = await visitor.get("/quotes")
    assert (await visitor.send(page, "/quotes/decide")).status == 303
    assert (await Quote.get(quoting_uri="https://far.example/n/quoting")).state == "revoked"
