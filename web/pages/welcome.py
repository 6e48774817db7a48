"""The first steps of a new node: five things to do, how far each got, until they are put away."""

from dataclasses import dataclass

from quart import Quart, Response

from node.community import first_steps, members
from node.community.first_steps import WANTED_INVITATIONS, FirstSteps
from node.i18n import mark as _
from web.access import Need
from web.context import here
from web.rendering import go, render
from web.who import me, wants_password


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Args:
        heading, text, action: English, translated where they are drawn.
        path: where it is done; empty for a member whose role does not include it.
        done, wanted: how many there are, and how many it takes.
    """

    heading: str
    text: str
    action: str
    path: str
    done: int
    wanted: int

    @property
    def is_done(self) -> bool:
        """Say whether there is enough."""
        return self.done >= self.wanted


def steps_of(counted: FirstSteps, need: Need) -> tuple[Step, ...]:
    """Return the five steps as somebody of this standing sees them."""
    rows = (
        (
            _("Say what the network is"),
            _("Two sentences: for whom it is, and what people find here. Other servers show them too."),
            _("Describe the network"),
            ("/admin/node", Need.STEWARD),
            (int(counted.described), 1),
        ),
        (
            _("Describe one practice"),
            _("Something that worked or failed, where and for whom. The form leads through it."),
            _("Write a record"),
            ("/practices/new", Need.MEMBER),
            (counted.practices, 1),
        ),
        (
            _("Announce one event"),
            _("A meeting, a call, a training. It appears in the calendars of those who follow."),
            _("Add an event"),
            ("/events/new", Need.MEMBER),
            (counted.events, 1),
        ),
        (
            _("Invite three people"),
            _("A network begins with three who answer each other."),
            _("Invite somebody"),
            ("/admin/invitations", Need.MODERATOR),
            (counted.invited, WANTED_INVITATIONS),
        ),
        (
            _("Admit one partner"),
            _("A server that you trust: its records come into your library, and yours into theirs."),
            _("Choose a server"),
            ("/admin/servers", Need.FEDERATION_ADMIN),
            (counted.partners, 1),
        ),
    )
    return tuple(
        Step(heading, text, action, path if need >= least else "", min(done, wanted), wanted)
        for heading, text, action, (path, least), (done, wanted) in rows
    )


async def show() -> Response:
    """Show the five steps."""
    steps = steps_of(await first_steps.count(), here().need)
    done = sum(step.is_done for step in steps)
    is_hidden = me().member.welcome_hidden
    return await render("welcome.html", steps=steps, done=done, is_hidden=is_hidden, wants_password=wants_password())


async def hide() -> Response:
    """Put the steps away; the page stays reachable."""
    await members.hide_welcome(me().member)
    return go("/home", notice="steps-hidden")


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/welcome", "welcome.show", show, methods=["GET"])
    app.add_url_rule("/welcome/hide", "welcome.hide", hide, methods=["POST"])
