"""A message says what it should and nobody can add a header to it."""

from datetime import UTC, datetime

import pytest

from node.errors import Invalid
from node.i18n import translator
from node.mail.letters import invitation_letter, notice_letter, notice_sentence, sign_in_letter
from node.mail.message import Letter, Sender, build, message_id, subject_line
from node.text.sanitise import clean

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SENDER = Sender("East African Network", "talanoa@network.example")
ENGLISH = translator("en")
EVIL = "<img src=x onerror=1>\r\nBcc: victim@evil.test"


def _letter(**changes: object) -> Letter:
    given: dict[str, object] = {
        "message_id": message_id("sign-in", "1", SENDER.host),
        "to_address": "amina@far.example",
        "subject": "Hello",
        "text": "One line\n",
        "written_at": NOW,
    }
    return Letter(**(given | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change", [{"subject": "a\r\nBcc: b@evil.test"}, {"subject": "a\nb"}, {"locale": "en\r\nX: y"}]
)
def test_a_line_break_in_a_header_is_refused(change: dict[str, object]) -> None:
    """T-90."""
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        build(_letter(**change), SENDER)


@pytest.mark.parametrize("address", ["a@ok.test, b@evil.test", "a@ok.test\r\nBcc: b@evil.test", '"x" <a@ok.test>'])
def test_more_than_one_plain_address_is_refused(address: str) -> None:
    """T-91."""
    with pytest.raises(Invalid):
        build(_letter(to_address=address), SENDER)


def test_names_with_tricks_become_plain_words_in_a_letter() -> None:
    """V-Z03, T-90."""
    invitation = invitation_letter(ENGLISH, network=EVIL, inviter=EVIL, url="https://n.example/x", days=14)

    message = build(_letter(subject=invitation.subject, text=invitation.text), Sender(EVIL, SENDER.address))

    assert message["Subject"] == "Your invitation to <img src=x onerror=1> Bcc: victim@evil.test"
    assert message["Bcc"] is None
    assert [address.addr_spec for address in message["To"].addresses] == ["amina@far.example"]
    assert message.get_content_type() == "text/plain"


async def test_an_html_part_is_clean_and_stands_beside_the_complete_text() -> None:
    """V-Z03, T-93: nothing but what the sanitiser leaves."""
    html = await clean(f"<p>Hello {EVIL}</p>")

    message = build(_letter(html=html), SENDER)

    parts = {part.get_content_type(): part.get_content() for part in message.iter_parts()}
    assert parts == {
        "text/plain": "One line\n",
        "text/html": "<!doctype html><meta charset=utf-8><p>Hello \nBcc: victim@evil.test</p>\n",
    }


def test_a_message_names_sender_time_and_that_a_machine_wrote_it() -> None:
    message = build(_letter(locale="fr", message_id="sign-in.1@network.example"), SENDER)

    assert dict(message.items()) == {
        "From": "East African Network <talanoa@network.example>",
        "To": "amina@far.example",
        "Subject": "Hello",
        "Date": "Sat, 21 Nov 2026 09:30:00 +0000",
        "Message-ID": "<sign-in.1@network.example>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": "fr",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "7bit",
        "MIME-Version": "1.0",
    }


def test_the_same_thing_to_say_has_the_same_message_id() -> None:
    assert message_id("notice", "7", "n.example") == message_id("notice", "7", "n.example")
    assert message_id("notice", "7", "n.example") != message_id("notice", "8", "n.example")


def test_a_sign_in_letter_says_how_long_its_link_works() -> None:
    letter = sign_in_letter(ENGLISH, network="East African Network", url="https://n.example/sign-in/t0k", minutes=10)

    assert letter.subject == "Sign in to East African Network"
    assert letter.text == (
        "Open this link to sign in. It works once, for 10 minutes:\n\n"
        "https://n.example/sign-in/t0k\n\n"
        "If you did not ask for it, you need not do anything.\n\n"
        "-- \nEast African Network\n"
    )


def test_a_notice_quotes_nothing_and_says_how_to_turn_it_off() -> None:
    sentence = notice_sentence(ENGLISH, "reply", "Berta \u202eKim (@berta@far.example)")
    letter = notice_letter(
        ENGLISH, network="N", sentence=sentence, url="https://n.example/n", settings_url="https://n.example/s"
    )

    assert letter.subject == "Berta Kim (@berta@far.example) replied to you · N"
    assert letter.text == (
        "Berta Kim (@berta@far.example) replied to you\n\nRead it here: https://n.example/n\n\n"
        "To get no such mail, change your settings: https://n.example/s\n\n-- \nN\n"
    )


def test_a_long_subject_is_cut_and_stays_one_line() -> None:
    assert subject_line("a\r\n" + "b" * 300) == "a " + "b" * 198
