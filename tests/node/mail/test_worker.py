"""The mail worker tells members what happened, through a real mail server."""

from datetime import UTC, datetime
from typing import cast

from federation.client import ProtocolClient
from node.community import node_profile
from node.community.node_profile import Description
from node.database import atomic
from node.mail.mailer import SmtpMailer
from node.mail.worker import mail_step
from node.media.store import media_store
from node.models import Member, NodeProfile, Notification, NotificationKind, OutgoingMail
from node.settings import Settings
from node.surroundings import Mailer, Surroundings
from tests.clock import FakeClock
from tests.node.community import people
from tests.node.mail.postbox import Postbox

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def _surroundings(settings: Settings, clock: FakeClock, mailer: Mailer | None) -> Surroundings:
    media = media_store(settings.data_dir, settings.public_url)
    return Surroundings(settings, clock, cast(ProtocolClient, None), mailer, media)


async def _anna_is_mentioned() -> None:
    anna, berta = await people.member("anna"), await people.foreigner()
    await Member.filter(id=anna.id).update(email="anna@far.example", locale="en")
    await Notification.create(
        member=anna, kind=NotificationKind.MENTION, actor=berta, object_uri="https://x.test/1", created_at=NOW
    )


async def test_a_node_without_a_mail_server_writes_no_letters(node_database: Settings) -> None:
    await _anna_is_mentioned()

    assert await mail_step(_surroundings(node_database, FakeClock(NOW), None))() == 0
    assert await OutgoingMail.all().count() == 0


async def test_a_restored_node_sends_no_letter_until_it_is_released_t97(node_database: Settings) -> None:
    await _anna_is_mentioned()
    await node_profile.found("https://home.example", Description(name="Home"), now=NOW)
    async with atomic():
        await NodeProfile.all().update(deliveries_held=True)

    async with Postbox() as postbox:
        step = mail_step(_surroundings(node_database, FakeClock(NOW), SmtpMailer(postbox.server)))
        held = await step()
        await node_profile.release_deliveries(now=NOW)
        released = await step()

    assert (held, released, len(postbox.received)) == (0, 1, 1)


async def test_a_mention_reaches_the_member_once(node_database: Settings) -> None:
    await _anna_is_mentioned()
    clock = FakeClock(NOW)

    async with Postbox() as postbox:
        step = mail_step(_surroundings(node_database, clock, SmtpMailer(postbox.server)))
        counts = [await step(), await step()]
        clock.advance(60)
        counts.append(await step())

    assert counts == [1, 0, 0]
    [(recipients, message)] = postbox.received
    assert (recipients, message["From"], message["Subject"]) == (
        ["anna@far.example"],
        '"home.example" <talanoa@home.example>',
        "Berta Kim (@berta@far.example) mentioned you · home.example",
    )
    assert "https://home.example/notifications" in message.get_content()
