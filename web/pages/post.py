"""One post with its whole thread, answers from other servers included."""

from quart import Quart, Response

from node.community import addresses, threads
from node.community.views import PostView
from node.errors import NotFound
from node.text.plain import one_line, shorten
from web.context import here
from web.opening import Opening, page
from web.reader import part, reader
from web.shown.posts import PostShown, post_shown
from web.shown.threads import ThreadShown, thread_shown

LONGEST_TITLE = 80


async def post(public_id: str) -> Response:
    """Show a post of ours.

    Raises:
        NotFound: there is none, or not for this visitor; the two look the same (V-M23).
        Withdrawn: it was deleted.
    """
    uri = addresses.post_uri(here().settings.public_url, public_id)
    thread = await threads.thread(uri, await reader(), part())
    if not isinstance(thread.thing, PostView):
        raise NotFound("not a post")
    shown, around = post_shown(thread.thing), thread_shown(thread)
    return await page("post.html", opening_of(shown, around), post=shown, thread=around)


def opening_of(post: PostShown, around: ThreadShown) -> Opening:
    """Return the head of the page of a post."""
    picture = next((picture for picture in post.pictures if picture.source), None)
    return Opening(
        title=title_of(post),
        path=post.path,
        uri=post.uri,
        description=post.plain,
        kind="article",
        language=post.language,
        image=picture.url if picture else "",
        image_alt=picture.alt if picture else "",
        author=post.author.full_handle,
        is_listed=post.is_listed and post.is_local and around.is_listed,
    )


def title_of(post: PostShown) -> str:
    """Return a name for something that has none: who, and the first words."""
    words = post.title or shorten(one_line(post.plain), LONGEST_TITLE)
    return f"{post.author.name}: {words}" if words else post.author.name


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/posts/<public_id>", "post.post", post, methods=["GET"])
