"""What is read: discovery, the actor, and pages without a session."""

from collections.abc import Callable

from tests.bench.figures import Calibration, Figure
from tests.bench.ground import BASE, HOME, MEMBER, Ground
from tests.bench.load import Run, driven_apart
from tests.bench.processes import Running
from tests.bench.sender import get

CONNECTIONS = 8
WARM_UP_SECONDS = 0.3
JSON = "application/activity+json"
HTML = "text/html"
Target = tuple[str, str, str]


def targets(ground: Ground) -> list[Target]:
    """Return names, addresses and what is accepted."""
    return [
        ("WebFinger", f"{BASE}/.well-known/webfinger?resource=acct:amina@{HOME}", "application/jrd+json"),
        ("NodeInfo", f"{BASE}/nodeinfo/2.1", "application/json"),
        ("actor", MEMBER, JSON),
        ("front page", f"{BASE}/", HTML),
        ("practice record", _page(ground.record, "practices"), HTML),
        ("post with 200 answers", _page(ground.question, "posts"), HTML),
    ]


def reads(ground: Ground, found: Calibration, *, seconds: float) -> list[Figure]:
    """Measure `talanoa web`."""
    with ground.node("web") as node:
        measure = _measure(ground, node, found, seconds)
        return [measure(target) for target in targets(ground)]


def _measure(ground: Ground, node: Running, found: Calibration, seconds: float) -> Callable[[Target], Figure]:
    def measure(target: Target) -> Figure:
        name, url, accept = target
        request = get(url, accept)
        driven_apart(Run(ground.port, [request], CONNECTIONS, seconds=WARM_UP_SECONDS, again=True))
        cpu = node.cpu
        answers = driven_apart(Run(ground.port, [request], CONNECTIONS, seconds=seconds / 2, again=True))
        others = {status: number for status, number in answers.statuses.items() if status != 200}
        return Figure(
            name=f"read: {name}",
            value=answers.statuses[200] / answers.seconds,
            cpu_ms=(node.cpu - cpu) / max(answers.statuses[200], 1) * 1000,
            p50_ms=answers.wait_ms(0.5),
            p99_ms=answers.wait_ms(0.99),
            limit=found.bare_get,
            limit_is="bare GET",
            note=f"other answers: {others}" if others else "",
        )

    return measure


def _page(uri: str, folder: str) -> str:
    return f"{BASE}/{folder}/{uri.rpartition('/')[2]}"
