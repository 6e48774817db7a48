"""Rows behind the pages of moderators and operators, with marks of their own: a report, an act, raw bodies, a stamp."""

from datetime import datetime

from quart import Quart

from federation import keys
from inbox.models import ReceivedActivity
from node.community import actor_keys, errands, moderation, quotes, reports
from node.community.errands import Errand
from node.community.moderation import Act
from node.community.quotes import QuoteRequest
from node.community.reports import ForeignReport, NewReport
from node.models import ActKind, Actor, Concern, Job, KeyKind, Member, Quote, Report, Visibility
from node.settings import Settings
from outbox.models import Delivery, DeliveryState, PublishedActivity
from web.pages.looking_up import ticket_of

DESK_MARKS = ("markreport", "markraw")


async def busy_desk(post: str, berta: Actor, steward: Member, *, now: datetime) -> dict[str, list[str]]:
    """Let other servers report and quote, a member report and a steward act; return the last parts of paths by route.

    Args:
        post: a public post of `anna`.
    """
    anna = await Member.get(actor__local_name="anna").select_related("actor")
    flag = ForeignReport(berta, f"{berta.uri}/flags/1", (anna.actor.uri,), "Here is markreport with words")
    await reports.receive(flag, now=now)
    own = await reports.file(NewReport((berta.uri,), Concern.RULES, "She is rude."), by=anna, now=now)
    act = await moderation.act(
        Act(kind=ActKind.WARN, uri=post, reason_code=Concern.RULES, reason="Read our rules."), by=steward, now=now
    )
    asked = QuoteRequest(berta, post, f"{berta.uri}/statuses/quoting", f"{berta.uri}/requests/quoting")
    await quotes.requested(asked, now=now)
    return {
        "/moderation/<public_id>": [act.public_id],
        "/reports/<public_id>": [own.public_id],
        "/admin/reports/<public_id>": [row.public_id for row in await Report.all()],
        "/ap/q/<id>": [str(row.stamp_id) for row in await Quote.filter(stamp_id__isnull=False)],
    } | await _work(berta, anna.actor, now=now)


async def equip(settings: Settings, *, now: datetime) -> None:
    """Give every actor of ours keys, without which it is not shown to other servers; all have the same, to be quick."""
    pem = keys.generate_rsa(id="x", owner="x").pem
    for actor in await actor_keys.actors_without_keys():
        own = keys.load_private_pem(pem, id=f"{actor.uri}#main-key", owner=actor.uri)
        await actor_keys._keep(actor, KeyKind.RSA, own, secret_key=settings.secret_key, now=now)
        await actor_keys.add_keys(actor, secret_key=settings.secret_key, now=now)


async def tickets(app: Quart) -> list[str]:
    """Return the tickets of all errands, as pages name them."""
    ids = await Job.filter(kind=errands.KIND).values_list("id", flat=True)
    async with app.app_context():
        return [ticket_of(int(str(each))) for each in ids]


async def _work(berta: Actor, anna: Actor, *, now: datetime) -> dict[str, list[str]]:
    received = await ReceivedActivity.create(
        actor_origin="https://far.example",
        activity_uri=f"{berta.uri}/activities/raw",
        actor_uri=berta.uri,
        signer_uri=berta.uri,
        type="Create",
        body=b'{"content": "Here is markraw with words"}',
        received_at=now,
        due_at=now,
    )
    activity = await PublishedActivity.create(
        uri="https://home.example/ap/a/planted",
        public_id="planted",
        actor=anna,
        type="Accept",
        object_uri=f"{berta.uri}/follows/1",
        visibility=Visibility.DIRECT,
        body='{"type": "Accept", "object": {"content": "Here is markraw with words"}}',
        created_at=now,
    )
    delivery = await Delivery.create(
        activity=activity,
        host="far.example",
        sender_id=anna.id,
        ordering_key="x",
        inbox_url="https://far.example/inbox",
        state=DeliveryState.REFUSED,
        due_at=now,
        created_at=now,
        ended_at=now,
    )
    await errands.ask(Errand.HANDLE, "@lani@islands.example", now=now)
    return {
        "/admin/deliveries/<delivery_id>": [str(delivery.id)],
        "/admin/received/<received_id>": [str(received.id)],
    }
