"""What others see of the node: its public address asked through the same client that speaks to everybody."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from federation.client import ACCEPT_JRD, ACCEPT_JSON, JRD_BYTES, Budget, Document, ProtocolClient
from federation.client.failures import NoAnswer
from federation.documents import loads_object
from federation.errors import Malformed, ProtocolError
from federation.names import Handle, canonical_uri, host_of
from federation.nodeinfo import index_url
from federation.webfinger import lookup_url, parse_account
from node.community import addresses
from node.doctor.findings import Finding, fail, ok, warn
from node.models import Host
from node.settings import Settings

SKEW_WARNS, SKEW_FAILS = timedelta(seconds=60), timedelta(minutes=5)
REQUESTS = 8
_MENDS = {
    "dns": "The name has no address: make A and AAAA records that point to this machine, and wait for the DNS.",
    "connect": "Nobody answers there: open ports 80 and 443, start the proxy, look at the firewall and the records.",
    "timeout": "No answer in time: open ports 80 and 443 in the firewall, look at the proxy.",
    "tls": "The certificate is not accepted: look at the proxy's log; Caddy needs port 80 or 443 open to get one.",
    "closed": "The connection was closed before an answer: look at the proxy's log.",
    "broken": "What answers is no web server: look which program listens there.",
}
_MEND_STATUS = "The proxy answers, but not as the node would: is the node running, does the proxy hand all paths on?"
_MEND_PRIVATE = (
    "The name leads to a private address; from elsewhere nobody gets there. Mend the records, or, if only this "
    "machine sees it so (/etc/hosts, a split DNS), name the network in TALANOA_ALLOWED_NETWORKS."
)


async def outside(settings: Settings, client: ProtocolClient, *, now: datetime) -> list[Finding]:
    """Ask the node's public address what a foreign server would ask."""
    budget = Budget(requests=REQUESTS)
    base = settings.public_url.rstrip("/")
    host = host_of(canonical_uri(base, relaxed=settings.development))
    scheme = "http" if base.startswith("http://") else "https"
    try:
        url = index_url(host, scheme=scheme)
        first = await client.get_json(url, accept=ACCEPT_JSON, admit=_everybody, budget=budget)
    except ProtocolError as error:
        return [unreached("address", base, error)]
    findings = [ok("address", f"{base} answers{' over TLS' if scheme == 'https' else ''}.")]
    findings.append(clock("clock", first, now=now))
    findings.append(await _webfinger(settings, client, budget, scheme))
    findings.append(await _actor(base, client, budget, now))
    return findings


async def others(client: ProtocolClient, *, scheme: str, now: datetime) -> list[Finding]:
    """Ask the server that we reached last, to see whether connections go out and the clocks agree."""
    host = await Host.filter(reached_at__isnull=False).order_by("-reached_at").first()
    if host is None:
        return [ok("outgoing", "No other server was reached yet, so none was asked.")]
    try:
        found = await client.get_json(
            index_url(host.name, scheme=scheme), accept=ACCEPT_JSON, admit=_everybody, budget=Budget(requests=3)
        )
    except ProtocolError as error:
        return [warn("outgoing", f"{host.name}: {error}.", "If all fail: look at DNS and firewall of this machine.")]
    return [ok("outgoing", f"{host.name} answers."), clock("clock, against others", found, now=now)]


def unreached(check: str, base: str, error: ProtocolError) -> Finding:
    """Say why an address could not be asked, and what to do about it."""
    if isinstance(error.__cause__, NoAnswer):
        return fail(check, f"{base} can't be reached ({error}).", _MENDS.get(error.__cause__.reason, _MEND_STATUS))
    if isinstance(error.__cause__, TimeoutError):
        return fail(check, f"{base} can't be reached ({error}).", _MENDS["timeout"])
    if "not a public address" in str(error):
        return fail(check, f"{base}: {error}.", _MEND_PRIVATE)
    return fail(check, f"{base} answers wrongly ({error}).", _MEND_STATUS)


def clock(check: str, answer: Document, *, now: datetime) -> Finding:
    """Compare this machine's clock with the Date of an answer."""
    try:
        theirs = parsedate_to_datetime(answer.date)
    except ValueError:
        return warn(check, "The answer has no readable Date.", "The proxy should hand on the Date header or set it.")
    skew = abs(now - theirs)
    said = f"{int(skew.total_seconds())} s apart."
    mend = "Signatures carry the time: switch on NTP (timedatectl set-ntp true)."
    if skew > SKEW_FAILS:
        return fail(check, said, mend)
    return warn(check, said, mend) if skew > SKEW_WARNS else ok(check, said)


async def _webfinger(settings: Settings, client: ProtocolClient, budget: Budget, scheme: str) -> Finding:
    base = settings.public_url.rstrip("/")
    handle = Handle("network", settings.account_domain)
    try:
        url = lookup_url(handle, scheme=scheme)
        found = await client.get_json(url, accept=ACCEPT_JRD, admit=_everybody, budget=budget, max_bytes=JRD_BYTES)
        account = parse_account(found.raw, relaxed=settings.development)
    except ProtocolError as error:
        mend = f"The proxy of {handle.host} must hand /.well-known/ on to the node, or redirect it to {base}."
        return fail("webfinger", f"{handle} is not found ({error}).", mend)
    if account.actor.text != addresses.group_uri(base, "network"):
        return fail("webfinger", f"{handle} leads to {account.actor.text}.", "Another node answers under this name.")
    return ok("webfinger", f"{handle} is found.")


async def _actor(base: str, client: ProtocolClient, budget: Budget, now: datetime) -> Finding:
    uri = addresses.group_uri(base, "network")
    try:
        found = await client.get_document(uri, key=None, admit=_everybody, budget=budget, now=now)
        document = loads_object(found.raw)
        if document.get("id") != uri or "publicKey" not in document:
            raise Malformed("another document, or one without a key")
    except ProtocolError as error:
        mend = "The proxy must hand Accept on unchanged and cache nothing that has `Vary: Accept`."
        return fail("actor", f"{uri} can't be read by others ({error}).", mend)
    return ok("actor", "Others can read @network and its key.")


def _everybody(host: str) -> None:
    """Admit every host: an operator asks here, not a stranger."""
