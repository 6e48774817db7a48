"""Followers synchronisation: read how another server counts our follows, and put them right.

Spec: FEP-8fcf.
"""

from federation.client import Budget
from federation.collections import MOST_FOREIGN_PAGES, require_next_page
from federation.errors import Refused
from federation.followers_sync import digest_of
from federation.names import canonical_uri, host_of
from federation.vocabulary.parse import parse_object
from federation.vocabulary.types import CollectionDocument
from inbox.worker import Bench
from node.community import follower_sets
from node.models import Actor


async def read_followers(uri: str, url: str, digest: str, bench: Bench) -> str:
    """Read which of ours a server counts as followers of its actor `uri`, and put our follows right.

    The list counts only if it has the digest that was announced: one that changed meanwhile is left for the next time.

    Raises:
        ProtocolError: it can't be had.

    Spec: security T-34, V-P01.
    """
    actor = await Actor.get(uri=uri, is_local=False)
    listed = await _listed(url, bench)
    if digest_of(listed) != digest:
        return "the list is not the one that was announced"
    ended, taken_back = await follower_sets.put_right(actor, listed, now=bench.clock.now())
    return f"{ended} follows ended here, {taken_back} taken back there"


async def _listed(url: str, bench: Bench) -> list[str]:
    """Return the ids of ours in a list of at most ten pages."""
    budget = Budget(requests=MOST_FOREIGN_PAGES)
    page = await _collection(url, budget, bench)
    found, read = list(page.items), [url]
    following = page.first.id if page.first is not None and not page.items else page.next
    if page.first is not None and page.first.document is not None:
        inner = parse_object(page.first.document, relaxed=bench.relaxed)
        if isinstance(inner, CollectionDocument):
            found += inner.items
            following = inner.next
    while following is not None:
        following = require_next_page(following, collection_uri=url, pages_read=read, relaxed=bench.relaxed)
        read.append(following)
        page = await _collection(following, budget, bench)
        found += page.items
        following = page.next
    own = bench.registry.book.own_host
    ids = [item.id for item in found if item.id is not None]
    return [each for each in ids if host_of(canonical_uri(each, relaxed=bench.relaxed)) == own]


async def _collection(url: str, budget: Budget, bench: Bench) -> CollectionDocument:
    found = await bench.fetcher.object(url, budget=budget, now=bench.clock.now())
    if not isinstance(found, CollectionDocument):
        raise Refused(f"{url} is no list")
    return found
