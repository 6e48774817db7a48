"""talanoa init and doctor through a real Caddy and a real nginx, over TLS, by the node's own name."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import pytest

from tests.proxies import Front, caddy, free_port, nginx, wait_for_port

HOST = "home.example"
SECONDS = 60
Proxy = Callable[[str, int, Path], AbstractContextManager[Front]]
ANSWERS = ("--name", "Home", "--steward", "Ama Owusu", "--contact", "ama@home.example", "--rules", "Be kind.", "--yes")


@dataclass
class Machine:
    """A machine behind a proxy; `port` is where the node is to listen."""

    folder: Path
    port: int = field(default_factory=free_port)

    def settings(self, front: Front, *, trusted: bool = True) -> dict[str, str]:
        """Return what the operator decided; the made-up name leads to the proxy."""
        return {
            **os.environ,
            "TALANOA_PUBLIC_URL": f"https://{HOST}",
            "TALANOA_LISTEN": f"127.0.0.1:{self.port}",
            "TALANOA_DATA_DIR": str(self.folder),
            "TALANOA_CONFIG": str(self.folder / "talanoa.toml"),
            "TALANOA_TRUSTED_PROXIES": "127.0.0.1/32",
            "TALANOA_STATIC_HOSTS": f"{HOST}=127.0.0.1:{front.port}",
            "TALANOA_ALLOWED_NETWORKS": "127.0.0.0/8",
        } | ({"SSL_CERT_FILE": str(front.authority)} if trusted else {})

    def types(self, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command as the operator types it."""
        return subprocess.run(
            [sys.executable, "-m", "node", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return a machine without a node."""
    (tmp_path / "talanoa.toml").touch()
    return Machine(tmp_path)


def test_a_certificate_that_nobody_knows_keeps_the_address_from_being_fixed(machine: Machine) -> None:
    with nginx(HOST, machine.port, machine.folder) as front:
        done = machine.types(machine.settings(front, trusted=False), "init", *ANSWERS)

    assert done.returncode == 1
    assert "The certificate is not accepted" in done.stdout
    assert "Nothing was fixed yet" in done.stderr


@pytest.mark.parametrize("proxy", [caddy, nginx])
def test_a_proxy_set_up_by_the_manual_is_found_good_before_and_after(machine: Machine, proxy: Proxy) -> None:
    with proxy(HOST, machine.port, machine.folder) as front:
        environment = machine.settings(front)

        done = machine.types(environment, "init", *ANSWERS)

        assert done.returncode == 0, done.stdout + done.stderr
        assert f"ok    address: https://{HOST} leads here." in done.stdout
        assert "ok    proxy: Host and target arrive unchanged." in done.stdout

        found = _examined_while_running(machine, environment)

    assert {each["check"]: each["verdict"] for each in found} == {
        "settings": "ok",
        "secret key": "ok",
        "database": "ok",
        "node": "ok",
        "keys": "ok",
        "steward": "ok",
        "queues": "ok",
        "disk": "ok",
        "mail": "ok",
        "address": "ok",
        "clock": "ok",
        "webfinger": "ok",
        "actor": "ok",
        "outgoing": "ok",
    }


def _examined_while_running(machine: Machine, environment: dict[str, str]) -> list[dict[str, str]]:
    process = subprocess.Popen([sys.executable, "-m", "node", "run"], env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_for_port(machine.port, process)
        done = machine.types(environment, "doctor", "--json")
        found: list[dict[str, str]] = orjson.loads(done.stdout)
        assert done.returncode == 0, done.stdout
        return found
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0
