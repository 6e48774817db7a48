"""Actors nobody knows: two thousand of five hundred hosts at once, beside one who is known and must not wait longer."""

from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context

from tests.bench.figures import Calibration, Figure
from tests.bench.ground import BASE, Ground
from tests.bench.load import LOOPBACK, Answers, Run, driven_apart
from tests.bench.newcomers import Brought, brought, newcomers
from tests.bench.processes import Running, running
from tests.peers.keys import pem_of

HOSTS = 500
EACH = 4
KNOWN_CONNECTIONS = 4
KNOWN_SECONDS = 8.0
KNOWN_REQUESTS = 8_000
DEMANDED_SECONDS = 60


@dataclass
class Crowd(Ground):
    """The same ground with five hundred made-up hosts instead of two hundred."""

    @property
    def environment(self) -> dict[str, str]:
        """Return the node's settings as an operator writes them."""
        hosts = ",".join(f"{host}={LOOPBACK}:{self.receiver_port}" for host in _hosts())
        return super().environment | {"TALANOA_STATIC_HOSTS": hosts}


def strangers(ground: Ground, found: Calibration, *, seconds: float) -> list[Figure]:
    """Measure `talanoa web`; `seconds` changes nothing, the number is fixed."""
    crowd = Crowd(**vars(ground))
    alone = crowd.requests(KNOWN_REQUESTS)
    beside = crowd.requests(KNOWN_REQUESTS)
    uris = [f"http://{host}/users/{name}" for host in _hosts() for name in ("ana", "ben", "cira", "dao")[:EACH]]
    requests = newcomers(
        uris,
        key=crowd.key,
        inbox=f"{BASE}/ap/inbox",
        about=crowd.question,
        when=datetime.now(UTC).replace(microsecond=0),
    )
    with _homes(crowd), crowd.node("web") as node:
        before = driven_apart(Run(crowd.port, alone, KNOWN_CONNECTIONS, seconds=KNOWN_SECONDS))
        cpu = node.cpu
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            coming: Future[Brought] = pool.submit(brought, crowd.port, requests)
            meanwhile = driven_apart(Run(crowd.port, beside, KNOWN_CONNECTIONS, seconds=KNOWN_SECONDS))
            came = coming.result()
        used = node.cpu - cpu
    return [_known("alone", before), _known("beside strangers", meanwhile), _accepted(came, len(requests), used)]


def _known(when: str, answers: Answers) -> Figure:
    return Figure(
        name=f"a known actor, {when}",
        value=answers.statuses[202] / answers.seconds,
        p50_ms=answers.wait_ms(0.5),
        p99_ms=answers.wait_ms(0.99),
        note=f"{KNOWN_CONNECTIONS} connections, as fast as they are answered",
    )


def _accepted(came: Brought, number: int, used: float) -> Figure:
    last = max(came.accepted, default=0.0)
    return Figure(
        name=f"{number} strangers of {HOSTS} hosts, all accepted after",
        value=last,
        unit="s",
        cpu_ms=used / number * 1000,
        limit=DEMANDED_SECONDS,
        limit_is="what is demanded",
        note=f"{len(came.accepted)} accepted; answers {dict(came.statuses)}; processor time with the known actor's",
    )


@contextmanager
def _homes(crowd: Crowd) -> Iterator[Running]:
    pem = crowd.folder / "homes.pem"
    pem.write_text(pem_of(crowd.key), encoding="ascii")
    told = ["tests.bench.homes", str(crowd.receiver_port), str(pem)]
    with running(told, crowd.receiver_port, crowd.folder / "homes.log") as found:
        yield found


def _hosts() -> list[str]:
    return [f"new{number:03}.test" for number in range(HOSTS)]
