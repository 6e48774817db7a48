"""Messages reach a real mail server; refusals are told apart from troubles."""

from datetime import UTC, datetime

import pytest

from node.mail.mailer import MailRefused, MailUnavailable, SmtpMailer, mailer_for
from node.mail.message import Letter, Sender, build
from node.settings import MailServer
from tests.node.mail.postbox import Postbox

MESSAGE = build(
    Letter(
        message_id="x@network.example",
        to_address="amina@far.example",
        subject="Réunion",
        text="Ça va\nمرحبا\n",
        written_at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
    ),
    Sender("Réseau", "talanoa@network.example"),
)


async def test_an_address_refused_for_good_is_told_apart_from_one_refused_for_now() -> None:
    async with Postbox() as postbox:
        mailer = SmtpMailer(postbox.server)
        postbox.answers["amina@far.example"] = "550 no such person"
        with pytest.raises(MailRefused, match="550"):
            await mailer.send(MESSAGE)
        postbox.answers["amina@far.example"] = "450 come back"
        with pytest.raises(MailUnavailable, match="450"):
            await mailer.send(MESSAGE)

    assert postbox.received == []


async def test_a_mail_server_that_is_gone_is_a_trouble_for_now() -> None:
    async with Postbox() as postbox:
        server = postbox.server

    with pytest.raises(MailUnavailable):
        await SmtpMailer(server).send(MESSAGE)


async def test_a_password_is_not_sent_without_encryption() -> None:
    async with Postbox() as postbox:
        server = MailServer(postbox.server.host, postbox.server.port, user="node", password="secret")
        with pytest.raises(MailUnavailable):
            await SmtpMailer(server).send(MESSAGE)

    assert postbox.received == []


async def test_a_message_arrives_as_it_was_written() -> None:
    async with Postbox() as postbox:
        await SmtpMailer(postbox.server).send(MESSAGE)

    [(recipients, message)] = postbox.received
    assert recipients == ["amina@far.example"]
    assert (message["From"], message["Subject"], message.get_content().replace("\r\n", "\n")) == (
        "Réseau <talanoa@network.example>",
        "Réunion",
        "Ça va\nمرحبا\n",
    )


def test_a_node_without_mail_has_no_mailer() -> None:
    assert mailer_for(None) is None
    assert isinstance(mailer_for(MailServer("mail.example", 25)), SmtpMailer)
