"""What other servers read: discovery and the actor."""

from collections.abc import Callable

from tests.bench.figures import Calibration, Figure
from tests.bench.ground import BASE, HOME, MEMBER, Ground
from tests.bench.load import Run, driven_apart
from tests.bench.processes import Running
from tests.bench.sender import get

CONNECTIONS = 8
WARM_UP_SECONDS = 0.3
JSON = "application/activity+json"
Target = tuple[str, str, str]


def targets() -> list[Target]:
    """Return names, addresses and what is accepted."""
    return [
        ("WebFinger", f"{BASE}/.well-known/webfinger?resource=acct:amina@{HOME}", "application/jrd+json"),
        ("NodeInfo", f"{BASE}/nodeinfo/2.1", "application/json"),
        ("actor", MEMBER, JSON),
    ]


def reads(ground: Ground, found: Calibration, *, seconds: float) -> list[Figure]:
    """Measure `talanoa web`."""
    with ground.node("web") as node:
        measure = measuring(ground, node, found, seconds=seconds)
        return [measure(f"read: {name}", url, accept) for name, url, accept in targets()]


def measuring(
    ground: Ground, node: Running, found: Calibration, *, seconds: float
) -> Callable[[str, str, str], Figure]:
    """Return what measures one address of a running node, by name, address and what is accepted."""

    def measure(name: str, url: str, accept: str) -> Figure:
        request = get(url, accept)
        driven_apart(Run(ground.port, [request], CONNECTIONS, seconds=WARM_UP_SECONDS, again=True))
        cpu = node.cpu
        answers = driven_apart(Run(ground.port, [request], CONNECTIONS, seconds=seconds / 2, again=True))
        others = {status: number for status, number in answers.statuses.items() if status != 200}
        return Figure(
            name=name,
            value=answers.statuses[200] / answers.seconds,
            cpu_ms=(node.cpu - cpu) / max(answers.statuses[200], 1) * 1000,
            p50_ms=answers.wait_ms(0.5),
            p99_ms=answers.wait_ms(0.99),
            limit=found.bare_get,
            limit_is="bare GET",
            note=f"other answers: {others}" if others else "",
        )

    return measure
