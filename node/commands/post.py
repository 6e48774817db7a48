"""talanoa post: publish a post or a reply of a member, for scripts."""

import sys

import click

from node.commands.console import Desk, active_member, answer, at_desk, json_option
from node.community import posts
from node.community.posts import OURS, PostDraft
from node.models import Post, Visibility

VISIBILITIES = click.Choice([each.value for each in Visibility if each in OURS])


@click.command("post")
@click.argument("name")
@click.option("--text", required=True, help="Markdown; - reads standard input.")
@click.option("--visibility", type=VISIBILITIES, default=Visibility.PUBLIC.value, show_default=True)
@click.option("--in-reply-to", "in_reply_to", metavar="URI", help="The id of what is answered.")
@click.option("--language", default="", help="Such as fr; default: the member's own.")
@json_option
def post(name: str, text: str, visibility: str, in_reply_to: str | None, language: str) -> None:
    """Publish a post of the member NAME; it reaches followers when the node runs."""
    source = sys.stdin.read() if text == "-" else text
    draft = PostDraft(source, Visibility(visibility), language, in_reply_to_uri=in_reply_to)
    made = at_desk(lambda desk: _published(name, draft, desk))
    said = {"uri": made.uri, "url": made.url, "visibility": made.visibility.value}
    answer(said, f"{made.uri}\n{made.url}" if made.url else made.uri)


async def _published(name: str, draft: PostDraft, desk: Desk) -> Post:
    author = await active_member(name)
    return await posts.publish(draft, author=author.actor, now=desk.clock.now(), by_member_id=author.id)
