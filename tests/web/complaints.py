"""What waits on the moderators' desk: reports about a member and somebody elsewhere, acts, and an answer."""

from datetime import datetime, timedelta

from node.community import addresses, moderation, modlog, reports
from node.community.moderation import Act
from node.community.reports import ForeignReport, NewReport
from node.models import ActKind, Actor, Concern, Member
from node.settings import Settings
from tests.web.village import BERTA, Village


async def arrive(settings: Settings, village: Village, by: Member, *, now: datetime) -> dict[str, str]:
    """Let reports come and `by` decide something; return ids for paths, by what they are."""
    anna = await Member.get(actor__local_name="anna").select_related("actor")
    post, warned = (addresses.post_uri(settings.public_url, each) for each in (village.post, village.warned_post))
    visitors = NewReport((post,), Concern.DATA_PROTECTION, "My telephone number is in it.", False, "eve@mail.example")
    report = await reports.file(visitors, by=None, now=now - timedelta(hours=4))
    members = NewReport((BERTA.uri,), Concern.HARASSMENT, "She writes to me every day although I asked her not to.")
    own = await reports.file(members, by=anna, now=now - timedelta(hours=2))
    berta = await Actor.get(uri=BERTA.uri)
    flag = ForeignReport(berta, "https://far.example/flags/1", (anna.actor.uri,), "Rude to a visitor of ours.")
    await reports.receive(flag, now=now - timedelta(hours=1))
    words = "The vendor is named without proof."
    act = Act(kind=ActKind.WARN, uri=warned, reason_code=Concern.RULES, reason=words)
    warning = await moderation.act(act, by=by, now=now - timedelta(hours=3))
    await modlog.reply(anna, warning.public_id, "The court named them last year, and I can add the link.", now=now)
    limit = Act(kind=ActKind.LIMIT, uri=berta.uri, reason_code=Concern.HARASSMENT, reason="After three reports.")
    await moderation.act(limit, by=by, now=now - timedelta(hours=3))
    return {"report": report.public_id, "own_report": own.public_id, "decision": warning.public_id}
