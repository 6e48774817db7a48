"""Real reverse proxies with the project's own configuration, on free ports of loopback."""

import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

from tests.house.source import ROOT

_START_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Front:
    """A proxy that answers HTTPS for a host on 127.0.0.1."""

    host: str
    port: int
    authority: Path
    """The certificate that signed the host's."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What arrived behind the proxy."""

    line: str
    headers: dict[str, str]


def require(program: str) -> str:
    """Return the path of a program or skip the test; as root in CI fail instead."""
    found = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is not None:
        return found
    if os.environ.get("CI") and os.geteuid() == 0:
        pytest.fail(f"{program} is not installed; as root in CI its tests must run")
    pytest.skip(f"{program} is not installed")


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def echoing() -> Iterator[tuple[int, list[Seen]]]:
    """Run a server that notes each request; yield its port and the notes."""
    notes: list[Seen] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            notes.append(Seen(self.requestline, {name.lower(): value for name, value in self.headers.items()}))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port, notes
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def caddy(host: str, upstream: int, folder: Path, *, site: Path = ROOT / "deploy" / "Caddyfile") -> Iterator[Front]:
    """Run Caddy with the deployed site and a certificate authority of its own."""
    port = free_port()
    config = folder / "Caddyfile"
    config.write_text(
        "{\n\tadmin off\n\tlocal_certs\n\tskip_install_trust\n\tauto_https disable_redirects\n"
        f"\thttp_port {free_port()}\n\thttps_port {port}\n\tstorage file_system {folder}/caddy\n}}\n"
        + site.read_text(encoding="utf-8").replace("127.0.0.1:8080", f"127.0.0.1:{upstream}"),
        encoding="utf-8",
    )
    command = [require("caddy"), "run", "--config", str(config), "--adapter", "caddyfile"]
    environ = {**os.environ, "SITE_HOST": host, "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    authority = folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"
    with _running(command, environ, folder / "caddy.log", port, authority):
        yield Front(host, port, authority)


@contextmanager
def nginx(host: str, upstream: int, folder: Path) -> Iterator[Front]:
    """Run nginx with the example of the manual and a certificate from an authority made for the test."""
    port = free_port()
    authority = trustme.CA()
    issued = authority.issue_cert(host)
    authority.cert_pem.write_to_path(str(folder / "root.crt"))
    issued.private_key_pem.write_to_path(str(folder / "key.pem"))
    (folder / "chain.pem").write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    site = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8").replace("network.example", host)
    for old, new in (
        (r"listen \[::\]:\d+.*", ""),
        (r"listen 80;", f"listen 127.0.0.1:{free_port()};"),
        (r"listen 443 ", f"listen 127.0.0.1:{port} "),
        (r"127\.0\.0\.1:8080", f"127.0.0.1:{upstream}"),
        (r"/etc/letsencrypt/\S*/fullchain\.pem", f"{folder}/chain.pem"),
        (r"/etc/letsencrypt/\S*/privkey\.pem", f"{folder}/key.pem"),
    ):
        site = re.sub(old, new, site)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"pid {folder}/nginx.pid;\nerror_log {folder}/nginx.log;\ndaemon off;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{site}\n}}\n",
        encoding="utf-8",
    )
    command = [require("nginx"), "-c", str(config), "-p", str(folder)]
    with _running(command, dict(os.environ), folder / "nginx.out", port, folder / "root.crt"):
        yield Front(host, port, folder / "root.crt")


@contextmanager
def _running(command: list[str], environ: dict[str, str], log: Path, port: int, authority: Path) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environ, stdout=output, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not (_listens(port) and authority.exists()):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"{command[0]} did not start: {log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(_START_SECONDS)


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return when somebody listens on a port of loopback; fail if the process ends first."""
    deadline = time.monotonic() + _START_SECONDS
    while not _listens(port):
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"nobody listens on {port}; the process ended with {process.poll()}")
        time.sleep(0.05)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
