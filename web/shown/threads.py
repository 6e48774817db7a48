"""What was said around a thing, as its page shows it."""

from dataclasses import dataclass

from node.community.threads import ThreadView
from web.shown.lists import ItemShown, thing_shown
from web.shown.posts import PostShown, post_shown

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
        hidden: how many answers this visitor may not read.
        is_listed: nobody from elsewhere speaks in it who does not want to be found.
    """

    above: tuple[ItemShown, ...]
    answers: tuple[AnswerShown, ...]
    hidden: int
    is_top_known: bool
    is_listed: bool


def thread_shown(thread: ThreadView) -> ThreadShown:
    """Return a thread as pages show it."""
    answers = tuple(
        AnswerShown(post_shown(answer.post), min(answer.depth, DEEPEST_INDENT)) for answer in thread.answers
    )
    return ThreadShown(
        above=tuple(thing_shown(thing) for thing in thread.above),
        answers=answers,
        hidden=thread.hidden,
        is_top_known=thread.is_top_known,
        is_listed=all(answer.post.is_local or answer.post.is_listed for answer in answers),
    )
