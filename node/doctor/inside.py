"""What can be seen without leaving the machine: tables, keys, queues, stewards, disk, mail."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from node.community import actor_keys, actors, node_profile
from node.doctor.findings import Finding, fail, ok, warn
from node.errors import CommunityError
from node.mail.mailer import MailUnavailable, SmtpMailer
from node.models import JobState, KeyKind, Member, MemberState, Role
from node.queue_desk import Queues, count
from node.schema import pending
from node.secrets import WrongSecret
from node.settings import Settings

MIB = 1024 * 1024
FULL_BYTES, SCARCE_BYTES = 200 * MIB, 2048 * MIB
LATE = timedelta(hours=1)


async def tables(settings: Settings) -> Finding:
    """Look whether the tables are those of this version."""
    behind = await pending(settings)
    if behind:
        return fail("database", f"{len(behind)} migrations have yet to be applied.", "Run `talanoa migrate`.")
    kind = "SQLite" if settings.database_url.startswith("sqlite") else "PostgreSQL"
    return ok("database", f"{kind}, all migrations applied.")


async def inside(settings: Settings, *, now: datetime) -> list[Finding]:
    """Look at what the database holds; it must be open and have all tables."""
    try:
        await node_profile.require(settings.public_url.rstrip("/"))
    except CommunityError as error:
        return [fail("node", str(error), "One node, one address, one database: see `talanoa init --help`.")]
    return [
        ok("node", f"Founded as {settings.public_url}."),
        await _keys(settings),
        await _stewards(),
        *judge_queues(await count(), now=now),
    ]


def disk(folder: Path) -> Finding:
    """Look how much room there is where the data lie."""
    free = shutil.disk_usage(folder).free
    said = f"{free // MIB} MiB free in {folder}."
    if free < FULL_BYTES:
        return fail("disk", said, "Make room: the node answers 503 when it can't write; nothing is lost.")
    return warn("disk", said, "Make room soon.") if free < SCARCE_BYTES else ok("disk", said)


def secret_key(settings: Settings) -> Finding:
    """Look whether the key that wraps all private keys is there, and is nobody else's."""
    path = settings.data_dir / "secret-key"
    if not settings.secret_key:
        mend = f"Bring {path} back from a backup; for a new node `talanoa init` makes one."
        return fail("secret key", "There is none.", mend)
    if path.exists() and path.stat().st_mode & 0o077:
        return warn("secret key", f"{path} can be read by others.", f"chmod 600 {path}")
    return ok("secret key", "Present.")


async def mail(settings: Settings) -> Finding:
    """Look whether the mail server takes us."""
    server = settings.mail_url
    if server is None:
        return ok("mail", "None: invitations and sign-in links are shown to be copied.")
    try:
        await SmtpMailer(server).greet()
    except MailUnavailable as error:
        return fail("mail", f"{server.host}:{server.port}: {error}.", "See TALANOA_MAIL_URL; letters wait meanwhile.")
    return ok("mail", f"{server.host}:{server.port} answers.")


def judge_queues(found: Queues, *, now: datetime) -> list[Finding]:
    """Say what the counts mean."""
    findings = []
    if found.is_held:
        text = "Restored from a backup; deliveries and letters are held."
        findings.append(warn("queues", text, "Look at `talanoa queue`, then `talanoa queue release`."))
    waiting = [each for each in (found.oldest_job_at, found.incoming.oldest_at) if each is not None]
    if waiting and min(waiting) < now - LATE:
        since = f"{min(waiting):%Y-%m-%d %H:%M} UTC"
        findings.append(
            fail("queues", f"Work has waited since {since}.", "Is `talanoa run` or `talanoa work` running?")
        )
    dead = sum(states.get(JobState.DEAD.value, 0) for states in found.jobs.values())
    dead += found.incoming.states.get(JobState.DEAD.value, 0)
    if dead:
        findings.append(warn("queues", f"{dead} were given up.", "See `talanoa queue`; again: `talanoa queue retry`."))
    return findings or [ok("queues", "Nothing is late, nothing was given up.")]


async def _keys(settings: Settings) -> Finding:
    missing = await actor_keys.actors_without_keys()
    try:
        await actor_keys.private_key(await actors.node_actor(), KeyKind.RSA, secret_key=settings.secret_key)
    except WrongSecret:
        return fail("keys", "They were wrapped with another secret key.", "Restore the right TALANOA_SECRET_KEY.")
    except CommunityError as error:
        return fail("keys", str(error), "Run `talanoa init` again; it keeps what is there.")
    if missing:
        names = ", ".join(actor.name for actor in missing[:5])
        return warn("keys", f"Missing for {names}.", "The running node makes them within ten minutes.")
    return ok("keys", "Every actor has its keys.")


async def _stewards() -> Finding:
    if await Member.filter(role=Role.STEWARD, state=MemberState.ACTIVE).exists():
        return ok("steward", "Somebody can sign in as steward: `talanoa member link NAME`.")
    return fail("steward", "Nobody is.", "talanoa member add NAME --role steward")
