"""The files of the interface: read once, served under a name that changes with their content."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
}
IMMUTABLE = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file as it is served; `packed` is the gzip form, empty where it does not help."""

    media_type: str
    content: bytes
    packed: bytes


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """All files by their hashed name, and the hashed names by the plain ones."""

    by_hashed_name: Mapping[str, StaticFile]
    hashed_names: Mapping[str, str]

    def url(self, name: str) -> str:
        """Return the path of a file, such as `style.css`, with its hash."""
        return f"/static/{self.hashed_names[name]}"


def read_files(folder: Path = FOLDER) -> StaticFiles:
    """Return the files of a folder; called once, when the application is made."""
    by_hashed_name, hashed_names = {}, {}
    for path in sorted(folder.iterdir()):
        if path.suffix not in TYPES:
            continue
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:12]
        hashed = f"{path.stem}.{digest}{path.suffix}"
        hashed_names[path.name] = hashed
        by_hashed_name[hashed] = StaticFile(TYPES[path.suffix], content, _packed(path, content))
    return StaticFiles(by_hashed_name, hashed_names)


def _packed(path: Path, content: bytes) -> bytes:
    if path.suffix not in {".css", ".svg"}:
        return b""
    packed = gzip.compress(content, 9, mtime=0)
    return packed if len(packed) < len(content) else b""
