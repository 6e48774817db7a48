"""What is kept and how long, what went lately because its time was over, and what would go now.

Nothing is counted while somebody waits for the page: a worker counts, the page shows how far it is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from quart import Quart, Response

from node.community import retention
from node.community.retention import MIB, RunView
from node.community.retention_rules import rules
from web.admin.words import rule_name
from web.context import here
from web.rendering import go, render

PATH = "/admin/retention"
RUNS_SHOWN = 20
GIVEN_UP_AFTER = timedelta(hours=12)
"""A run without an end that began before that was cut off."""


@dataclass(frozen=True, slots=True)
class RunShown:
    """A run of retention.

    Args:
        counts: what each rule is called, and how many rows; without the rules that found none.
        is_under_way: it has no end yet, and may still have one.
    """

    is_dry: bool
    counts: tuple[tuple[str, int], ...]
    total: int
    started_at: datetime
    ended_at: datetime | None
    is_under_way: bool


async def show() -> Response:
    """Show the settings in force and the last runs."""
    settings = here().settings
    return await render(
        "admin/retention.html",
        rules=[(rule_name(each.name), each.days, each.setting.upper()) for each in rules(settings)],
        room_mib=await retention.picture_bytes() // MIB,
        most_mib=settings.foreign_picture_mib,
        runs=[_shown(each) for each in await retention.last_runs(most=RUNS_SHOWN)],
        is_asked=await retention.is_count_asked(),
    )


async def count() -> Response:
    """Let the workers count what would go."""
    await retention.ask_count(now=here().now)
    return go(PATH, notice="counting")


def _shown(run: RunView) -> RunShown:
    counts = tuple((rule_name(name), number) for name, number in run.counts.items() if number)
    is_under_way = run.ended_at is None and here().now - run.started_at < GIVEN_UP_AFTER
    return RunShown(run.is_dry, counts, sum(run.counts.values()), run.started_at, run.ended_at, is_under_way)


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule(PATH, "admin.retention", show, methods=["GET"])
    app.add_url_rule(f"{PATH}/count", "admin.count_retention", count, methods=["POST"])
