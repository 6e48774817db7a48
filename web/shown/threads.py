"""What was said around a thing, as its page shows it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from node.community.threads import ThreadView
from node.community.views import PostView
from web.context import here
from web.places import object_path
from web.shown.lists import ItemShown, thing_shown
from web.shown.posts import PostShown, anchor_of, post_shown

DEEPEST_INDENT = 4


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """An answer; `depth` is how far it is moved in, and stops growing soon."""

    post: PostShown
    depth: int


@dataclass(frozen=True, slots=True)
class ThreadShown:
    """What stands above and below a thing.

    Args:
        number: of answers on all pages.
        earlier, later: where the pages before and after this one are, empty for none.
        among: where a post stands among all answers to the top of its thread, empty for the top itself.
        hidden: how many answers this visitor may not read.
        is_listed: nobody from elsewhere speaks in it who does not want to be found.
    """

    above: tuple[ItemShown, ...]
    answers: tuple[AnswerShown, ...]
    number: int
    page: int
    pages: int
    earlier: str
    later: str
    among: str
    hidden: int
    is_top_known: bool
    is_listed: bool


def thread_shown(thread: ThreadView, **kept: str) -> ThreadShown:
    """Return a thread as pages show it.

    Args:
        kept: parameters of the page's own address that its other pages need too.
    """
    answers = tuple(
        AnswerShown(post_shown(answer.post), min(answer.depth, DEEPEST_INDENT)) for answer in thread.answers
    )
    return ThreadShown(
        above=tuple(thing_shown(thing) for thing in thread.above),
        answers=answers,
        number=thread.number,
        page=thread.page,
        pages=thread.pages,
        earlier=_page_path(thread.page - 1, kept) if thread.page > 1 else "",
        later=_page_path(thread.page + 1, kept) if thread.page < thread.pages else "",
        among=_among(thread),
        hidden=thread.hidden,
        is_top_known=thread.is_top_known,
        is_listed=all(answer.post.is_local or answer.post.is_listed for answer in answers),
    )


def _page_path(number: int, kept: dict[str, str]) -> str:
    return f"{here().path}?{urlencode(kept | {'page': str(number)})}#answers"


def _among(thread: ThreadView) -> str:
    """Return the permanent address of an answer within the page of its thread that holds it."""
    if not (thread.above and thread.is_top_known and isinstance(thread.thing, PostView)):
        return ""
    top, anchor = thread.above[0], anchor_of(thread.thing)
    path = object_path(top.uri, top.kind, is_local=top.is_local)
    return f"{path}{'&' if '?' in path else '?'}answer={anchor.removeprefix('p-')}#{anchor}"
