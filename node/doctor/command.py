"""talanoa doctor: looks at a node that is set up, and ends with 1 where something keeps it from working."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from ipaddress import ip_network

import click

from federation.client import ProtocolClient
from node.clock import SystemClock
from node.commands.console import answer, json_option, plain_errors, require_file
from node.database import close_database, open_database
from node.doctor import inside
from node.doctor.findings import Finding, as_values, fail, has_failed, in_words, ok
from node.doctor.outside import others, outside
from node.errors import CommunityError
from node.serving.assembly import client_settings
from node.serving.running import MODULES
from node.settings import Settings, read

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@click.command("doctor")
@json_option
def doctor() -> None:
    """Look at settings, tables, keys, queues, disk, mail and the public address; say how to mend what is wrong."""
    with plain_errors():
        findings = asyncio.run(examine(read(os.environ)))
    answer(as_values(findings), in_words(findings))
    if has_failed(findings):
        raise SystemExit(1)


async def examine(settings: Settings) -> list[Finding]:
    """Look at everything."""
    now = SystemClock().now()
    scheme = "http" if settings.public_url.startswith("http://") else "https"
    findings = [ok("settings", f"Read; the node is {settings.public_url}."), inside.secret_key(settings)]
    findings += await _database(settings)
    if settings.data_dir.exists():
        findings.append(inside.disk(settings.data_dir))
    findings.append(await inside.mail(settings))
    async with asking(settings) as client:
        findings += await outside(settings, client, now=now)
        if not has_failed(findings[:3]):
            findings += await _others(settings, client, scheme)
    return findings


@asynccontextmanager
async def asking(settings: Settings) -> AsyncIterator[ProtocolClient]:
    """Give a client to ask the node's own address with; while trying things out it may be on this machine."""
    wanted = client_settings(settings)
    if settings.development:
        wanted = replace(wanted, allowed_networks=(*wanted.allowed_networks, *LOOPBACK))
    async with ProtocolClient(wanted) as client:
        yield client


async def _database(settings: Settings) -> list[Finding]:
    try:
        require_file(settings)
        found = await inside.tables(settings)
        if has_failed([found]):
            return [found]
        context = await open_database(settings, MODULES)
    except CommunityError as error:
        return [fail("database", str(error), "See TALANOA_DATABASE_URL and TALANOA_DATA_DIR.")]
    try:
        return [found, *await inside.inside(settings, now=SystemClock().now())]
    finally:
        await close_database(context)


async def _others(settings: Settings, client: ProtocolClient, scheme: str) -> list[Finding]:
    context = await open_database(settings, MODULES)
    try:
        return await others(client, scheme=scheme, now=SystemClock().now())
    finally:
        await close_database(context)
