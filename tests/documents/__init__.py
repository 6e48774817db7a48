"""Our own JSON, shaped like what each peer sends; people and hosts are invented."""

from pathlib import Path

from federation.documents import Document, loads_object

_HERE = Path(__file__).parent
NAMES = tuple(sorted(path.stem for path in _HERE.glob("*.json")))


def raw(name: str) -> bytes:
    """Return the bytes of the document called `name`."""
    return (_HERE / f"{name}.json").read_bytes()


def document(name: str) -> Document:
    """Return the document called `name` as JSON."""
    return loads_object(raw(name))
