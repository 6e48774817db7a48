"""Letters are queued with bounds, sent once, tried again and given up with a reason."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from node.errors import Invalid, TooMany
from node.i18n import translator
from node.mail import queue
from node.mail.letters import Composed, sign_in_letter
from node.mail.mailer import MailRefused, MailUnavailable, SmtpMailer
from node.mail.message import Sender
from node.mail.notices import Places, queue_notices
from node.mail.queue import Addressed, Limits, post, step
from node.models import Job, JobState, MailState, Member, Notification, NotificationKind, OutgoingMail
from node.settings import Settings
from tests.clock import FakeClock
from tests.node.community import people
from tests.node.mail.postbox import Postbox

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SENDER = Sender("Network", "talanoa@network.example")
LETTER = Composed("Hello", "secret link", "en")
PLACES = Places("https://network.example/notifications", "https://network.example/settings")


class FakeMailer:
    """Answers with the given errors in turn, then takes everything."""

    def __init__(self, *errors: Exception) -> None:
        self._errors = list(errors)
        self.sent: list[EmailMessage] = []

    async def send(self, message: EmailMessage) -> None:
        if self._errors:
            raise self._errors.pop(0)
        self.sent.append(message)


async def _post(number: int, address: str = "amina@far.example", *, now: datetime = NOW) -> OutgoingMail:
    return await post(Addressed(LETTER, address, "sign-in", str(number)), sender=SENDER, now=now)


async def _states() -> list[tuple[MailState, str, str]]:
    return [(mail.state, mail.text, mail.reason) for mail in await OutgoingMail.all().order_by("id")]


@pytest.fixture
async def ready(database: Settings) -> AsyncIterator[Settings]:
    yield database


async def test_an_address_gets_at_most_three_letters_an_hour_however_often_it_is_typed(ready: Settings) -> None:
    """T-92."""
    refused = 0
    for number in range(20):
        try:
            await _post(number, " Amina@FAR.example")
        except TooMany:
            refused += 1

    assert (refused, await OutgoingMail.all().count(), await Job.all().count()) == (17, 3, 3)
    assert (await _post(21, now=NOW + timedelta(hours=2))).to_address == "amina@far.example"


async def test_an_address_gets_at_most_ten_letters_a_day(ready: Settings) -> None:
    """T-92."""
    for number in range(10):
        await _post(number, now=NOW + timedelta(hours=number))

    with pytest.raises(TooMany):
        await _post(11, now=NOW + timedelta(hours=12))


async def test_the_whole_node_has_a_bound(node_database: Settings) -> None:
    limits = Limits(all_hour=2)
    for number in range(2):
        await post(Addressed(LETTER, f"a{number}@far.example", "x", str(number)), sender=SENDER, now=NOW, limits=limits)

    with pytest.raises(TooMany):
        await post(Addressed(LETTER, "c@far.example", "x", "3"), sender=SENDER, now=NOW, limits=limits)


async def test_a_bad_address_queues_nothing(node_database: Settings) -> None:
    """T-91."""
    with pytest.raises(Invalid):
        await _post(1, "a@ok.test\r\nBcc: b@evil.test")

    assert (await OutgoingMail.all().count(), await Job.all().count()) == (0, 0)


async def test_the_same_letter_is_queued_once(node_database: Settings) -> None:
    first, second = await _post(1), await _post(1)

    assert first.id == second.id
    assert await Job.all().count() == 1


async def test_a_letter_refused_for_good_is_given_up_and_its_text_goes(node_database: Settings) -> None:
    await _post(1)

    await step(FakeMailer(MailRefused("550")), sender=SENDER, clock=lambda: NOW)

    assert await _states() == [(MailState.REFUSED, "", "550")]
    assert (await Job.get()).state is JobState.DEAD


async def test_a_trouble_for_now_is_tried_again_later(ready: Settings) -> None:
    await _post(1)
    mailer = FakeMailer(MailUnavailable("450"))

    assert await step(mailer, sender=SENDER, clock=lambda: NOW) == 1
    assert await step(mailer, sender=SENDER, clock=lambda: NOW) == 0
    assert await step(mailer, sender=SENDER, clock=lambda: NOW + timedelta(minutes=1)) == 1

    assert await _states() == [(MailState.SENT, "", "")]
    assert len(mailer.sent) == 1


async def test_after_the_last_try_a_letter_is_given_up(node_database: Settings) -> None:
    await _post(1)
    mailer = FakeMailer(*[MailUnavailable("gone")] * 99)

    for hour in range(queue.QUEUE.tries or 0):
        await step(mailer, sender=SENDER, clock=lambda hour=hour: NOW + timedelta(hours=hour))  # type: ignore[misc]

    assert await _states() == [(MailState.REFUSED, "", "gone")]


async def test_a_letter_reaches_a_mail_server_once(ready: Settings) -> None:
    composed = sign_in_letter(translator("fr"), network="Réseau", url="https://n.example/t", minutes=10)
    await post(Addressed(composed, "amina@far.example", "sign-in", "1"), sender=SENDER, now=NOW)

    async with Postbox() as postbox:
        mailer = SmtpMailer(postbox.server)
        counts = [await step(mailer, sender=SENDER, clock=lambda: NOW) for _ in range(2)]

    assert counts == [1, 0]
    assert [(to, message["Content-Language"]) for to, message in postbox.received] == [(["amina@far.example"], "fr")]
    assert "https://n.example/t" not in str(await OutgoingMail.all().values("text"))


async def test_a_member_hears_of_a_reply_once_and_only_by_choice(ready: Settings) -> None:
    anna, ben = await people.member("anna"), await people.member("ben")
    berta = await people.foreigner()
    await Member.filter(id=anna.id).update(email="anna@far.example")
    await Member.filter(id=ben.id).update(email="ben@far.example", mail_notifications=False)
    for member, kind in ((anna, NotificationKind.REPLY), (anna, NotificationKind.LIKE), (ben, NotificationKind.REPLY)):
        await Notification.create(member=member, kind=kind, actor=berta, object_uri="https://x.test/1", created_at=NOW)

    counts = [await queue_notices(sender=SENDER, places=PLACES, now=NOW) for _ in range(2)]

    assert counts == [1, 0]
    mail = await OutgoingMail.get()
    assert (mail.to_address, mail.subject) == (
        "anna@far.example",
        "Berta Kim (@berta@far.example) replied to you · Network",
    )


async def test_a_slow_mail_server_is_not_handed_letters_whose_leases_run_out(ready: Settings) -> None:
    """R-07, R-15: what can't be sent within the lease goes back, so that no other worker sends it too."""
    clock = FakeClock(NOW)

    class SlowMailer(FakeMailer):
        async def send(self, message: EmailMessage) -> None:
            clock.advance(25)
            await super().send(message)

    mailer = SlowMailer()
    for number in range(4):
        await _post(number, f"amina{number}@far.example")

    assert await step(mailer, sender=SENDER, clock=clock.now) == 4

    assert len(mailer.sent) == 2
    left = await Job.filter(state=JobState.PENDING).values_list("attempts", "lease_until")
    assert left == [(0, None), (0, None)]
