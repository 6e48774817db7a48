"""What people read without a session, with a hundred thousand posts stored; and the first page after a start."""

from tests.bench.figures import Calibration, Figure
from tests.bench.ground import BASE, Ground
from tests.bench.reads import measuring
from tests.bench.stored import LAST_ANSWER, store

HTML = "text/html"
ATOM = "application/atom+xml"


def pages(ground: Ground, found: Calibration, *, seconds: float) -> list[Figure]:
    """Measure `talanoa web`."""
    top = _page(store(ground), "posts")
    last = ground.count(f"SELECT id FROM post WHERE uri = '{LAST_ANSWER}'")
    asked = [
        ("front", f"{BASE}/"),
        ("posts", f"{BASE}/posts"),
        ("network", f"{BASE}/network"),
        ("tag", f"{BASE}/tags/tag7"),
        ("records", f"{BASE}/practices"),
        ("record", _page(ground.record, "practices")),
        ("events", f"{BASE}/events"),
        ("profile with 5,000 posts", f"{BASE}/@amina"),
        ("profile elsewhere", f"{BASE}/@p7@stored7.test"),
        ("search", f"{BASE}/search?q=hearings"),
        ("thread of 1,000 answers", top),
        ("thread of 1,000 answers, where the last one is", f"{top}?answer={last}"),
    ]
    with ground.node("web") as node:
        measure = measuring(ground, node, found, seconds=seconds)
        figures = [measure(f"page: {name}", url, HTML) for name, url in asked]
        return [*figures, measure("page: Atom feed", f"{BASE}/posts.atom", ATOM)]


def _page(uri: str, folder: str) -> str:
    return f"{BASE}/{folder}/{uri.rpartition('/')[2]}"
