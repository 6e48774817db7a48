"""talanoa member: add somebody, print a sign-in link, list who is here."""

import sys

import click

from node.commands.console import Desk, active_member, answer, at_desk, json_option
from node.community import actor_keys, links, members
from node.community.links import LIFETIMES
from node.community.members import NewMember
from node.errors import Invalid
from node.models import LinkPurpose, Member, Role

ROLES = click.Choice([role.value for role in Role])
MINUTES = int(LIFETIMES[LinkPurpose.SIGN_IN].total_seconds() // 60)


@click.group("member")
def member() -> None:
    """Add members, print sign-in links, list who is here."""


@member.command("add")
@click.argument("name")
@click.option("--email", help="For sign-in links and notices; without it, only printed links and the password work.")
@click.option("--role", type=ROLES, default=Role.MEMBER.value, show_default=True)
@click.option("--display-name", help="How the name is shown; default: NAME.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")
@json_option
def add(name: str, email: str | None, role: str, display_name: str | None, *, password_stdin: bool) -> None:
    """Give somebody an account. NAME never changes and never returns."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    new = NewMember(name, display_name or name, email, password, Role(role))
    said, link = at_desk(lambda desk: _added(new, desk))
    words = f"Added @{said['handle']}, {said['role']}."
    answer(said | {"link": link}, f"{words}\n{_in_words(link)}" if link else words)


@member.command("link")
@click.argument("name")
@json_option
def link(name: str) -> None:
    """Print a link that signs NAME in once, within ten minutes."""
    url = at_desk(lambda desk: _link_of(name, desk))
    answer({"name": name, "link": url, "minutes": MINUTES}, _in_words(url))


@member.command("list")
@json_option
def listing() -> None:
    """List all members, the newest first."""
    said = at_desk(_listed)
    answer(said, "\n".join(_line(each) for each in said) or "Nobody has an account yet.")


async def _added(new: NewMember, desk: Desk) -> tuple[dict[str, object], str | None]:
    if not desk.settings.secret_key:
        raise Invalid("The node's secret key is missing, so no keys can be made: see TALANOA_SECRET_KEY.")
    now = desk.clock.now()
    added = await members.add(new, base=desk.base, now=now)
    await actor_keys.add_keys(added.actor, secret_key=desk.settings.secret_key, now=now)
    return _said(added), None if new.password else await _link(added, desk)


async def _link_of(name: str, desk: Desk) -> str:
    return await _link(await active_member(name), desk)


async def _link(who: Member, desk: Desk) -> str:
    secret = await links.make_for(who, LinkPurpose.SIGN_IN, now=desk.clock.now())
    return f"{desk.base}/sign-in/link/{secret}"


async def _listed(desk: Desk) -> list[dict[str, object]]:
    return [_said(each) for each in await members.listing()]


def _said(who: Member) -> dict[str, object]:
    return {
        "name": who.actor.name,
        "handle": f"{who.actor.name}@{who.actor.host}",
        "display_name": who.actor.display_name,
        "email": who.email,
        "role": who.role.value,
        "state": who.state.value,
        "uri": who.actor.uri,
        "since": who.created_at.isoformat(),
    }


def _line(said: dict[str, object]) -> str:
    parts = (f"@{said['name']}", said["display_name"], said["role"], said["state"], said["email"] or "no e-mail")
    return "  ".join(str(part) for part in parts)


def _in_words(url: str) -> str:
    return f"Sign in (once, within {MINUTES} minutes): {url}"
