"""The accounts: what the node has acknowledged, written down so that no crash of anybody takes it back."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

REPLY, FOLLOW = "Create", "Follow"


class Ledger:
    """Acknowledged activities by id, each line on the disk before the next is posted."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def acknowledge(self, kind: str, uri: str) -> None:
        """Write down that the node answered 2xx to `uri`."""
        os.write(self._file, f"{kind} {uri}\n".encode())
        os.fsync(self._file)

    def read(self) -> dict[str, str]:
        """Return the kind of each acknowledged activity by its id."""
        lines = self._path.read_text(encoding="utf-8").splitlines()
        return {uri: kind for kind, _, uri in (line.partition(" ") for line in lines)}

    def close(self) -> None:
        """Give the file back."""
        os.close(self._file)


@dataclass(frozen=True)
class Balance:
    """What came of the acknowledged activities."""

    acknowledged: int
    lost: tuple[str, ...] = field(default=())
    doubled: tuple[str, ...] = field(default=())


def balance(ledger: Mapping[str, str], effects: Mapping[str, Iterable[int]]) -> Balance:
    """Compare what was acknowledged with how often each of its effects is there.

    Args:
        ledger: kind by id.
        effects: by id, one number for each effect that it must have had: once is right, never is lost, twice is
            doubled. An activity without an entry is lost.
    """
    counted = {uri: tuple(effects.get(uri, (0,))) for uri in ledger}
    return Balance(
        acknowledged=len(ledger),
        lost=tuple(uri for uri, numbers in counted.items() if 0 in numbers),
        doubled=tuple(uri for uri, numbers in counted.items() if max(numbers) > 1),
    )
