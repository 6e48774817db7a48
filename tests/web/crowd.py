"""A thread that needs more than one page: sixty answers from elsewhere, the last ones deep below each other."""

from datetime import datetime, timedelta

from node.community import foreign_posts, posts
from node.community.foreign_posts import ForeignPost
from node.community.posts import PostDraft
from node.models import Actor, Member, Post
from tests.web.village import BERTA

ANSWERS = 60
DEEP = 10


async def talk(asked_by: Member, *, now: datetime) -> dict[str, str]:
    """Let somebody elsewhere answer a post sixty times; return the ids of the post and of the last answer."""
    began = now - timedelta(days=20)
    top = await posts.publish(PostDraft("Which forms do people never finish?"), author=asked_by.actor, now=began)
    berta = await Actor.get(uri=BERTA.uri)
    answered = top.uri
    for number in range(ANSWERS):
        uri = f"{berta.uri}/crowd/{number}"
        answer = ForeignPost(
            uri=uri,
            author_uri=berta.uri,
            content_html=f"<p>Number {number}: averylongwordthatisnotbrokenanywhere{'x' * 40}.</p>",
            language="en",
            url=uri,
            in_reply_to_uri=answered,
            published_at=began + timedelta(minutes=number + 1),
        )
        await foreign_posts.receive(answer, now=began + timedelta(minutes=number + 1))
        answered = uri if number >= ANSWERS - DEEP else top.uri
    last = await Post.get(uri=answered)
    return {"crowd": top.public_id or "", "crowd_last": str(last.id)}
