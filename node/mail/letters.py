"""What the node writes to people: short, plain, in their language. Pure."""

from dataclasses import dataclass

from node.i18n import Translator
from node.mail.message import subject_line
from node.text.plain import plain_name


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter without its address."""

    subject: str
    text: str
    locale: str


def sign_in_letter(words: Translator, *, network: str, url: str, minutes: int) -> Composed:
    """Return the letter with a link that signs in once."""
    return _composed(
        words,
        network,
        words.gettext("Sign in to %(network)s", network=_name(network)),
        [
            words.gettext("Open this link to sign in. It works once, for %(minutes)s minutes:", minutes=minutes),
            url,
            words.gettext("If you did not ask for it, you need not do anything."),
        ],
    )


def password_letter(words: Translator, *, network: str, url: str, minutes: int) -> Composed:
    """Return the letter with a link that sets a new password once."""
    return _composed(
        words,
        network,
        words.gettext("A new password for %(network)s", network=_name(network)),
        [
            words.gettext(
                "Open this link to choose a new password. It works once, for %(minutes)s minutes:", minutes=minutes
            ),
            url,
            words.gettext("If you did not ask for it, you need not do anything."),
        ],
    )


def invitation_letter(words: Translator, *, network: str, inviter: str, url: str, days: int) -> Composed:
    """Return the letter that invites somebody.

    Args:
        inviter: display name; empty if the node itself invites.
    """
    name = _name(network)
    invited = (
        words.gettext("%(inviter)s invites you to join %(network)s.", inviter=_name(inviter), network=name)
        if inviter
        else words.gettext("You are invited to join %(network)s.", network=name)
    )
    return _composed(
        words,
        network,
        words.gettext("Your invitation to %(network)s", network=name),
        [
            invited,
            words.ngettext(
                "Open this link within %(num)s day to make your account:",
                "Open this link within %(num)s days to make your account:",
                days,
            ),
            url,
        ],
    )


def notice_letter(words: Translator, *, network: str, sentence: str, url: str, settings_url: str) -> Composed:
    """Return the letter that tells a member what happened; it quotes nothing.

    Args:
        sentence: from `notice_sentence`.
        url: where to read it, signed in.
        settings_url: where such letters are turned off.
    """
    return _composed(
        words,
        network,
        f"{sentence} · {_name(network)}",
        [
            sentence,
            words.gettext("Read it here: %(url)s", url=url),
            words.gettext("To get no such mail, change your settings: %(url)s", url=settings_url),
        ],
    )


def notice_sentence(words: Translator, kind: str, who: str) -> str:
    """Return what happened, in one sentence.

    Args:
        kind: the value of a NotificationKind.
        who: display name and handle of whoever did it.
    """
    name = _name(who)
    match kind:
        case "reply":
            return words.gettext("%(who)s replied to you", who=name)
        case "mention":
            return words.gettext("%(who)s mentioned you", who=name)
        case "follow":
            return words.gettext("%(who)s follows you", who=name)
        case "follow_request":
            return words.gettext("%(who)s asks to follow you", who=name)
        case _:
            return words.gettext("There is news from %(who)s", who=name)


def desk_letter(words: Translator, *, network: str, lines: list[str], url: str, settings_url: str) -> Composed:
    """Return the daily letter to somebody of the staff.

    Args:
        lines: what waits, counted.
        url: the desk.
        settings_url: where such letters are turned off.
    """
    return _composed(
        words,
        network,
        words.gettext("To do today at %(network)s", network=_name(network)),
        [
            words.gettext("This waits on your desk:"),
            "\n".join(f"- {line}" for line in lines),
            words.gettext("Read it here: %(url)s", url=url),
            words.gettext("To get no such mail, change your settings: %(url)s", url=settings_url),
        ],
    )


def decision_letter(words: Translator, *, network: str, reason: str, url: str, contact: str) -> Composed:
    """Return the letter about a decision of the moderators.

    Args:
        reason: what the moderator wrote; empty for a decision that was taken back.
        url: where to read and answer it, signed in.
        contact: where somebody who can't sign in answers; empty for all others.
    """
    paragraphs = [
        words.gettext("The moderators of %(network)s decided something about you.", network=_name(network)),
        *([reason] if reason else []),
        words.gettext("Read it, and answer it, here: %(url)s", url=url),
    ]
    if contact:
        paragraphs.append(words.gettext("If you can't sign in any more, write to: %(contact)s", contact=contact))
    subject = words.gettext("A decision of the moderators of %(network)s", network=_name(network))
    return _composed(words, network, subject, paragraphs)


def answer_letter(words: Translator, *, network: str, answer: str) -> Composed:
    """Return the letter to a visitor who reported something."""
    return _composed(
        words,
        network,
        words.gettext("Your report to %(network)s", network=_name(network)),
        [words.gettext("The moderators answered your report:"), answer],
    )


def _name(text: str) -> str:
    return plain_name(text, limit=80)


def _composed(words: Translator, network: str, subject: str, paragraphs: list[str]) -> Composed:
    text = "\n\n".join([*paragraphs, f"-- \n{_name(network)}"]) + "\n"
    return Composed(subject=subject_line(subject), text=text, locale=words.locale)
