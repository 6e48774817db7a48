"""What an answer answers, in a few words, for the page where it is written."""

from dataclasses import dataclass

from node.community import events, objects, posts, practices, viewer
from node.community.kinds import Visibility
from node.community.objects import Known
from node.community.visibility import may_read
from node.errors import NotFound
from node.text.plain import plain_text, shorten
from web.places import object_path
from web.who import me

LONGEST_EXCERPT = 400


@dataclass(frozen=True, slots=True)
class ParentShown:
    """The post, record or event above an answer.

    Args:
        excerpt: its first words, plain.
        visibility: who may read it; an answer can't be more public.
    """

    uri: str
    name: str
    handle: str
    path: str
    excerpt: str
    language: str
    visibility: Visibility


async def parent_of(uri: str) -> ParentShown:
    """Return what stands at `uri`, for the member who is signed in.

    Raises:
        NotFound: nothing, or nothing that this member may read.
    """
    thing = await objects.find(uri)
    if thing is None or not may_read(await viewer.of_member(me().member), thing.readable):
        raise NotFound(f"nothing to answer at {uri[:200]}")
    excerpt, language = await _words(thing)
    author = thing.publisher
    return ParentShown(
        uri=thing.uri,
        name=author.display_name or author.name,
        handle=f"@{author.name}@{author.host}",
        path=object_path(thing.uri, thing.kind, is_local=thing.is_local),
        excerpt=shorten(excerpt, LONGEST_EXCERPT),
        language=language,
        visibility=thing.visibility,
    )


async def _words(thing: Known) -> tuple[str, str]:
    if thing.kind == "practice":
        practice = await practices.standing(thing.uri)
        return practice.title, practice.language
    if thing.kind == "event":
        event = await events.standing(thing.uri)
        return event.title, event.language
    post = await posts.standing(thing.uri)
    return post.warning or plain_text(post.content_html), post.language
