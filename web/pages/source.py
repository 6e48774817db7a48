"""The source of the running software, as the licence asks (AGPL-3.0 section 13)."""

import asyncio
import io
import tarfile
from functools import cache
from pathlib import Path

from quart import Quart, Response

ROOT = Path(__file__).parents[2]
FOLDERS = ("federation", "node", "inbox", "outbox", "web")
FILES = ("LICENSE", "README.md", "pyproject.toml", "requirements.txt")


async def source() -> Response:
    """Answer the packages that this process runs, as one archive."""
    response = Response(await asyncio.to_thread(archive), content_type="application/gzip")
    response.headers["content-disposition"] = 'attachment; filename="talanoa.tar.gz"'
    response.headers["cache-control"] = "public, max-age=3600"
    return response


@cache
def archive() -> bytes:
    """Return the archive; made once a process."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as packing:
        for path in _files():
            packing.add(path, arcname=f"talanoa/{path.relative_to(ROOT)}", recursive=False, filter=_anonymous)
    return target.getvalue()


def _files() -> list[Path]:
    inside = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*")) if path.is_file()]
    kept = [path for path in inside if "__pycache__" not in path.parts and path.suffix != ".pyc"]
    return kept + [ROOT / name for name in FILES if (ROOT / name).is_file()]


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o644
    return member


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/source", view_func=source, methods=["GET"])
