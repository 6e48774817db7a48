"""Actors nobody knows: two thousand of five hundred hosts at once, beside one who is known and must not wait longer."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context

from tests.bench.figures import Calibration, Figure
from tests.bench.ground import BASE, Ground
from tests.bench.load import LOOPBACK, Answers
from tests.bench.newcomers import AT_ONCE, Brought, brought, newcomers
from tests.bench.paced import Pace, paced
from tests.bench.processes import Running, running
from tests.peers.keys import pem_of

HOSTS = 500
EACH = 4
KNOWN_A_SECOND = 50
ALONE_SECONDS = 10
BESIDE_SECONDS = 150
WAVE_SECONDS = 5
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
    alone = crowd.requests(KNOWN_A_SECOND * ALONE_SECONDS)
    beside = crowd.requests(KNOWN_A_SECOND * BESIDE_SECONDS)
    uris = [f"http://{host}/users/{name}" for name in ("ana", "ben", "cira", "dao")[:EACH] for host in _hosts()]
    requests = newcomers(
        uris,
        key=crowd.key,
        inbox=f"{BASE}/ap/inbox",
        about=crowd.question,
        when=datetime.now(UTC).replace(microsecond=0),
    )
    all_came, never = crowd.folder / "all_came", crowd.folder / "never"
    with _homes(crowd), crowd.node("web") as node, _apart() as one, _apart() as other:
        one.submit(paced, Pace(crowd.port, alone[:KNOWN_A_SECOND], KNOWN_A_SECOND, never)).result()
        cpu = node.cpu
        before = one.submit(paced, Pace(crowd.port, alone[KNOWN_A_SECOND:], KNOWN_A_SECOND, never)).result()
        each = (node.cpu - cpu) / len(before.waits)
        cpu = node.cpu
        known = one.submit(paced, Pace(crowd.port, beside, KNOWN_A_SECOND, all_came))
        came = other.submit(brought, crowd.port, requests).result()
        all_came.touch()
        meanwhile = known.result()
        used = node.cpu - cpu - each * len(meanwhile.waits)
    return [
        _known("alone", before, each),
        _known("beside strangers", meanwhile, each),
        _known(f"beside strangers, but for their first {WAVE_SECONDS} s", _later(meanwhile), each),
        _accepted(came, len(requests), used),
    ]


def _later(answers: Answers) -> Answers:
    """Return the answers after the first wave, in which two thousand connections are opened and most sent away."""
    first = KNOWN_A_SECOND * WAVE_SECONDS
    late = answers.waits[first:]
    return Answers(answers.seconds - WAVE_SECONDS, Counter({202: answers.statuses[202] - first}), late)


def _apart() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


def _known(when: str, answers: Answers, cpu: float) -> Figure:
    return Figure(
        name=f"a known actor, {when}",
        value=answers.statuses[202] / answers.seconds,
        cpu_ms=cpu * 1000,
        p50_ms=answers.wait_ms(0.5),
        p99_ms=answers.wait_ms(0.99),
        note=f"{KNOWN_A_SECOND} are due a second; answers {dict(answers.statuses)}",
    )


def _accepted(came: Brought, number: int, used: float) -> Figure:
    last = max(came.accepted, default=0.0)
    return Figure(
        name=f"{number} strangers of {HOSTS} hosts, all accepted after",
        value=last,
        unit="s",
        cpu_ms=used / number * 1000,
        p50_ms=came.wait_ms(0.5),
        p99_ms=came.wait_ms(0.99),
        limit=DEMANDED_SECONDS,
        limit_is="what is demanded",
        note=f"{len(came.accepted)} accepted; answers {dict(came.statuses)}; "
        f"{AT_ONCE} at once; waits of the accepted from their first try",
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
