"""How the node calls itself in the head of each page: one read every few seconds at most."""

from datetime import datetime, timedelta

from node.community import node_profile

KEPT = timedelta(seconds=5)
UNNAMED = "Talanoa"


class NodeName:
    """The name, remembered for `KEPT`."""

    def __init__(self) -> None:
        self._name = UNNAMED
        self._read_at: datetime | None = None

    async def at(self, now: datetime) -> str:
        """Return the name as it was at most `KEPT` ago."""
        if self._read_at is None or now - self._read_at >= KEPT:
            profile = await node_profile.read()
            self._name = profile.name if profile else UNNAMED
            self._read_at = now
        return self._name
