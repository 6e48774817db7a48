"""The part of the composer that asks for a poll: one answer a line."""

from datetime import timedelta

from node.community.polls import LONGEST_OPTION, MOST_OPTIONS, PollDraft
from node.i18n import ngettext
from web.choices import Options
from web.forms import Form, blank

DAYS = (1, 3, 7, 14, 30)
USUAL_DAYS = 7
LONGEST = (MOST_OPTIONS + 20) * (LONGEST_OPTION + 2)


def poll_days() -> Options:
    """Return how long a poll may be open, in words."""
    return [(str(days), ngettext("%(number)s day", "%(number)s days", days, number=days)) for days in DAYS]


def poll_typed(form: Form) -> PollDraft | None:
    """Return the poll that was typed, None if none was."""
    lines = [line.strip() for line in form.text("poll", longest=LONGEST).split("\n")]
    options = tuple(line for line in lines if line)
    if not options:
        return None
    days = form.choice("poll_days", [str(days) for days in DAYS], otherwise=str(USUAL_DAYS))
    return PollDraft(options, timedelta(days=int(days)), multiple=form.ticked("poll_multiple"))


def poll_again(poll: PollDraft | None) -> Form:
    """Return the fields of a poll of a draft, as they were typed."""
    if poll is None:
        return blank(poll_days=str(USUAL_DAYS))
    return blank(
        poll="\n".join(poll.options),
        poll_days=str(poll.open_for.days),
        poll_multiple="1" if poll.multiple else "",
    )
