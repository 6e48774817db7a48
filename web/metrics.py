"""What Prometheus reads: how much waits and how long, how everything ended, how other servers are doing, our failures.

Off unless METRICS_TOKEN is set; then whoever sends it as a bearer token gets the numbers, and no person's name.
Each process counts its own failures; the queues are the same from each.
"""

import hmac
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import datetime

from quart import Quart, Response, request

from inbox import backlog as incoming
from node.community import desk, hosts, work
from node.errors import NotFound
from outbox import backlog as outgoing
from web.context import here
from web.errors import FAILURES

TYPE = "text/plain; version=0.0.4; charset=utf-8"
Sample = tuple[Mapping[str, str], float]


async def metrics() -> Response:
    """Return the numbers.

    Raises:
        NotFound: switched off, or the token is wrong; the two look the same.
    """
    token = here().settings.metrics_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        raise NotFound("no metrics here")
    text = "".join([line async for line in _lines(here().now)])
    return Response(text, content_type=TYPE, headers={"cache-control": "no-store"})


async def _lines(now: datetime) -> AsyncIterator[str]:
    out, came_in, jobs = await outgoing.backlog(), await incoming.backlog(), await work.counts()
    yield _metric("talanoa_deliveries", "gauge", "Deliveries by state.", _states(out.states))
    yield _metric("talanoa_received", "gauge", "Received activities by state.", _states(came_in.states))
    of_jobs = [
        ({"kind": kind, "state": state}, float(number))
        for kind, states in sorted(jobs.items())
        for state, number in sorted(states.items())
    ]
    yield _metric("talanoa_jobs", "gauge", "Jobs by kind and state.", of_jobs)
    ages = (
        ("deliveries", out.oldest_at),
        ("received", came_in.oldest_at),
        ("jobs", await work.oldest_due_at(now=now)),
    )
    oldest = [({"queue": name}, max(0.0, (now - at).total_seconds())) for name, at in ages if at]
    yield _metric("talanoa_oldest_seconds", "gauge", "Age of the longest waiting, by queue.", oldest)
    states = await hosts.health(now=now)
    yield _metric("talanoa_hosts", "gauge", "Other servers by how they are doing.", _states(states))
    failing = [({"host": row.name}, float(row.failures)) for row in await hosts.failing()]
    yield _metric("talanoa_host_failures", "gauge", "Failures in a row, of the hosts that fail most.", failing)
    reports = _states(await desk.report_states())
    yield _metric("talanoa_reports", "gauge", "Reports by state.", reports)
    yield _metric("talanoa_http_server_errors_total", "counter", "Answers 5xx of this process.", [({}, FAILURES.total)])


def _states(states: Mapping[str, int]) -> list[Sample]:
    return [({"state": state}, float(number)) for state, number in sorted(states.items())]


def _metric(name: str, kind: str, words: str, samples: Iterable[Sample]) -> str:
    return "".join(_text(name, kind, words, samples))


def _text(name: str, kind: str, words: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP {name} {words}\n# TYPE {name} {kind}\n"
    for labels, value in samples:
        told = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        yield f"{name}{{{told}}} {value:g}\n" if told else f"{name} {value:g}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/metrics", "metrics.metrics", metrics, methods=["GET"])
