"""talanoa init: asks who the node is, looks at its public address, and only then fixes the host of all ids."""

import asyncio
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import click

from federation.names import LOCAL_NAME
from node.chance import token
from node.clock import SystemClock
from node.commands.console import answer, json_option, plain_errors, remark
from node.community import actors, node_profile
from node.community.members import NewMember
from node.community.node_profile import Description
from node.database import close_database, open_database
from node.doctor import inside
from node.doctor.command import asking
from node.doctor.findings import Finding, has_failed, in_words
from node.doctor.probe import try_address
from node.errors import CommunityError, Invalid
from node.models import Role
from node.schema import migrate
from node.serving import foundation
from node.serving.running import MODULES
from node.settings import Settings, SettingsError, make_secret, read
from node.settings.values import language, listed, web_address
from node.settings.writing import Value, add, config_path, decided, missing, table_at
from node.text.address import parse_address

DEFAULT_LANGUAGES = "en,fr,ar"
DEFAULT_RULES = "Be kind.\nSay where it comes from.\nNo secrets of others."
DEFAULT_ACCOUNT = "steward_1"


class NotReady(CommunityError):
    """The doctor found something; nothing was fixed."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the operator said.

    Args:
        public_url: without a slash at its end.
        account, email: of the first steward.
    """

    public_url: str
    described: Description
    account: str
    email: str | None


@click.command("init")
@click.option("--domain", help="The node's host name; every id starts with it, for good.")
@click.option("--name", help="What the network is called.")
@click.option("--steward", help="Who answers for it: a person or an institution.")
@click.option("--contact", help="How to reach them, such as an e-mail address.")
@click.option("--languages", help="Of the pages, the first one first, such as en,fr.")
@click.option("--rules", help="What holds here, one rule a line.")
@click.option("--account", help="Name of the first steward's account.")
@click.option("--email", help="The first steward's address; without it, sign-in links are printed.")
@click.option("--skip-doctor", is_flag=True, help="Fix the address without a look at it.")
@click.option("--yes", is_flag=True, help="Ask nothing; take the defaults for what is not given.")
@json_option
def init(*, skip_doctor: bool, yes: bool, **given: str | None) -> None:
    """Set up a node: settings, secret key, tables, its public address, its own accounts, a first steward."""
    with plain_errors():
        path = config_path(os.environ)
        answers = _asked(given, path, ask=not yes)
        wanted: dict[str, Value] = {"public_url": answers.public_url, "languages": list(answers.described.languages)}
        wrote = add(missing(wanted, os.environ, path), path)
        remark(f"Settings are in {path}." if wrote else "The settings stand.")
        settings = make_secret(read(os.environ))
        findings, link = asyncio.run(_set_up(settings, answers, look=not skip_doctor))
    said = {"public_url": settings.public_url, "link": link, "findings": [each.check for each in findings]}
    answer(said, f"\n{settings.public_url} is founded. Sign in (once, within ten minutes): {link}")


def _asked(given: Mapping[str, str | None], path: Path, *, ask: bool) -> Answers:
    """Return the answers: given as options, asked for, or the defaults."""

    def one(name: str, question: str, default: str | None = None) -> str:
        found = given.get(name)
        if found is None and ask:
            found = str(click.prompt(question, default=default, show_default=bool(default)))
        found = default if found is None else found
        if found is None:
            raise Invalid(f"Say --{name}.")
        return found.strip()

    table = table_at(path)
    url = _url(one("domain", "Host name of the node, for good", decided("public_url", os.environ, table)))
    languages = decided("languages", os.environ, table) or DEFAULT_LANGUAGES
    steward = one("steward", "Who answers for it, a person or an institution")
    contact = one("contact", "How to reach them (an e-mail address)")
    described = Description(
        name=one("name", "Name of the network"),
        steward=steward,
        contact=contact,
        languages=listed(language)(one("languages", "Languages of the pages, the first one first", languages)),
        rules=one("rules", "Rules (more can follow on the pages)", DEFAULT_RULES).replace("\\n", "\n"),
    )
    account = one("account", "Name of your own account", _account_of(steward))
    email = one("email", "Your e-mail address (empty: links are printed)", _address_in(contact))
    return _checked(Answers(url, described, account, email or None))


def _checked(answers: Answers) -> Answers:
    actors.require_good_name(answers.account)
    if not 1 <= len(answers.described.name) <= 120:
        raise Invalid({"name": "Give the network a name of 1 to 120 characters."})
    return replace(answers, email=parse_address(answers.email) if answers.email else None)


async def _set_up(settings: Settings, answers: Answers, *, look: bool) -> tuple[list[Finding], str]:
    await migrate(settings, MODULES, tell=remark)
    context = await open_database(settings, MODULES)
    try:
        findings: list[Finding] = []
        if await node_profile.read() is not None:
            remark("It was founded before: name, rules and the rest are changed on its pages.")
        elif look:
            findings = await _examined(settings)
        else:
            remark("Warning: nobody looked whether others reach this address; it can't be changed later.")
        return findings, await _founded(settings, answers)
    finally:
        await close_database(context)


async def _examined(settings: Settings) -> list[Finding]:
    """Look at everything that must be right before the address is fixed.

    Raises:
        NotReady: something is not.
    """
    remark(f"Looking at {settings.public_url} ...")
    async with asking(settings) as client:
        findings = await try_address(settings, client, nonce=token())
    findings += [inside.secret_key(settings), inside.disk(settings.data_dir), await inside.mail(settings)]
    remark(in_words(findings))
    if has_failed(findings):
        raise NotReady("Nothing was fixed yet. Mend this and run `talanoa init` again, or use --skip-doctor.")
    return findings


async def _founded(settings: Settings, answers: Answers) -> str:
    """Fix the address, describe the node, make its accounts; return a link to sign in."""
    now = SystemClock().now()
    await foundation.lay(settings, answers.described, now=now)
    new = NewMember(
        name=answers.account,
        display_name=answers.described.steward or answers.account,
        email=answers.email,
        role=Role.STEWARD,
        locale=answers.described.languages[0],
    )
    steward = await foundation.first_steward(settings, now=now, new=new)
    return await foundation.sign_in_url(steward, settings, now=now)


def _url(domain: str) -> str:
    try:
        return web_address(domain if "://" in domain else f"https://{domain}")
    except SettingsError as error:
        raise SettingsError(f"The host name {error}.") from None


def _account_of(steward: str) -> str:
    """Return an account name made of a person's name, or the usual one."""
    name = re.sub(r"[^a-z0-9]+", "_", steward.lower()).strip("_")[:30]
    try:
        return actors.require_good_name(name) if LOCAL_NAME.fullmatch(name) else DEFAULT_ACCOUNT
    except Invalid:
        return DEFAULT_ACCOUNT


def _address_in(contact: str) -> str:
    try:
        return parse_address(contact)
    except Invalid:
        return ""
