"""One decision about a report: an act or none, the end of the report, an answer to the reporter; all or nothing."""

from dataclasses import dataclass
from datetime import datetime

from node.community import desk, moderation
from node.community.moderation import Act
from node.database import atomic
from node.models import Member, ModerationAct, ReportState


@dataclass(frozen=True, slots=True)
class Decision:
    """What a moderator decided.

    Args:
        act: what is done; None for nothing.
        state: where the report stands afterwards.
        answer: what the reporter is told; empty for nothing.
    """

    act: Act | None
    state: ReportState
    answer: str = ""


async def decide(public: str, decision: Decision, *, by: Member, now: datetime) -> ModerationAct | None:
    """Make a decision about a report true; raises like `moderation.act`, `desk.close` and `desk.answer`."""
    async with atomic():
        done = await moderation.act(decision.act, by=by, now=now) if decision.act else None
        await desk.close(public, decision.state, by=by, now=now)
        if decision.answer.strip():
            await desk.answer(public, decision.answer, by=by, now=now)
    return done
