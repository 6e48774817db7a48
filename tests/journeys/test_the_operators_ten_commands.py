"""deploy/README.md, command by command, as far as loopback and a local authority allow.

What can't be had here is replaced openly: apt is asked for its programs, systemd by running what the installed units
say, `/` by a folder, the DNS by a setting, the packages by the environment of the tests. The node, Caddy with its own
authority, the doctor's look from outside, backup and restore are real.
"""

import hashlib
import json
import os
import re
import shlex
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.house.source import ROOT
from tests.proxies import Front, caddy, free_port, require, wait_for_port

HOST = "home.example"
TALANOA = Path(sys.executable).with_name("talanoa")
MANUAL = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
DONE_SECONDS = 60


@dataclass
class Machine:
    """A Debian made of one folder."""

    root: Path
    started: ExitStack
    port: int = field(default_factory=free_port)
    front: Front | None = None
    node: subprocess.Popen[bytes] | None = None

    def inside(self, text: str) -> str:
        """Return a command or setting with all paths below the folder."""
        moved = re.sub(r"(?<![\w/.])/(etc|var|opt|usr/local)/", rf"{self.root}/\1/", text)
        return moved.replace(f"{self.root}/opt/talanoa/.venv/bin/talanoa", str(TALANOA))

    def settings(self) -> dict[str, str]:
        """Return what systemd reads from the installed file, on a free port."""
        lines = (self.root / "etc/talanoa/env").read_text(encoding="utf-8").splitlines()
        given = dict(line.split("=", 1) for line in lines if line and line[0] != "#")
        moved = {name: self.inside(value) for name, value in given.items()}
        found = {**os.environ, **moved, "TALANOA_LISTEN": f"127.0.0.1:{self.port}"}
        if self.front is not None:
            found["TALANOA_STATIC_HOSTS"] = f"{HOST}=127.0.0.1:{self.front.port}"
            found["TALANOA_ALLOWED_NETWORKS"] = "127.0.0.0/8"
            found["SSL_CERT_FILE"] = str(self.front.authority)
        return found

    def unit(self, name: str, key: str) -> list[str]:
        """Return the command of an installed unit."""
        text = (self.root / "etc/systemd/system" / name).read_text(encoding="utf-8")
        found = re.search(rf"^{key}=(.*)$", text, re.M)
        assert found is not None
        return shlex.split(self.inside(found[1]))

    def run(self, command: list[str]) -> str:
        """Run one command as the installed service would, and return what it printed."""
        done = subprocess.run(
            command,
            env=self.settings(),
            cwd=self.root / "var/lib/talanoa",
            capture_output=True,
            text=True,
            timeout=DONE_SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stdout} {done.stderr}"
        return done.stdout

    def start_node(self) -> None:
        """Start what `systemctl start talanoa` starts, and wait until it listens."""
        command = self.unit("talanoa.service", "ExecStart")
        self.node = subprocess.Popen(command, env=self.settings(), cwd=self.root / "var/lib/talanoa")
        self.started.callback(stop, self.node)
        wait_for_port(self.port, self.node)

    def get(self, target: str) -> httpx.Response:
        """Ask the node as the world would: through the proxy, over TLS, by its name."""
        assert self.front is not None
        trust = ssl.create_default_context(cafile=str(self.front.authority))
        with httpx.Client(verify=trust, timeout=10) as client:
            return client.get(
                f"https://127.0.0.1:{self.front.port}{target}",
                headers={"Host": HOST, "Accept": "application/activity+json, text/html"},
                extensions={"sni_hostname": HOST},
            )


def stop(process: subprocess.Popen[bytes]) -> int:
    """End a process as systemd does and return its exit status."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    return process.wait(DONE_SECONDS)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """Return a machine on which nothing is installed."""
    with ExitStack() as started:
        yield Machine(tmp_path, started)


def install_packages(machine: Machine, command: str) -> None:
    """1. apt: what it would bring is here."""
    assert {"git", "make", "caddy", "python3-venv"} <= set(shlex.split(command))
    for program in ("git", "make", "caddy"):
        require(program)


def clone(machine: Machine, command: str) -> None:
    """2. git: from this very project."""
    target = machine.inside(shlex.split(command)[-1] + "/")
    subprocess.run(["git", "clone", "--quiet", f"file://{ROOT}", target], check=True, timeout=DONE_SECONDS)


def install(machine: Machine, command: str) -> None:
    """3. make install, without its packages; it loads the site into Caddy."""
    subprocess.run(
        [machine.root / "opt/talanoa/deploy/install.sh", HOST],
        env={**os.environ, "DESTDIR": str(machine.root)},
        check=True,
        timeout=DONE_SECONDS,
    )
    site = machine.root / "etc/caddy/Caddyfile"
    machine.front = machine.started.enter_context(caddy(HOST, machine.port, machine.root, site=site))


def found(machine: Machine, command: str) -> None:
    """4. talanoa init, its questions answered; the doctor looks at the public address first."""
    answers = ["--name", "Home", "--steward", "ama", "--contact", "ama@home.example", "--languages", "en,fr"]
    printed = machine.run([str(TALANOA), "init", *answers, "--rules", "Be kind.", "--yes"])
    assert f"https://{HOST}/sign-in/link/" in printed


def start_services(machine: Machine, command: str) -> None:
    """5. systemctl enable --now: the node answers the world through the proxy."""
    assert {"talanoa", "caddy", "talanoa-backup.timer"} <= set(shlex.split(command))
    machine.start_node()
    assert machine.get("/").status_code == 200
    assert machine.get("/actor").json()["id"] == f"https://{HOST}/actor"


def back_up(machine: Machine, command: str) -> None:
    """6. systemctl start talanoa-backup, while the node runs; the web gives nothing of it away (T-98)."""
    machine.run(machine.unit("talanoa-backup.service", "ExecStart"))
    (backup,) = (machine.root / "var/backups/talanoa").iterdir()
    assert backup.stat().st_mode & 0o777 == 0o600
    guesses = (f"/{backup.name}", f"/backups/{backup.name}", "/media/%2e%2e/secret-key", "/talanoa.db", "/.env")
    assert {path: machine.get(path).status_code for path in guesses} == dict.fromkeys(guesses, 404)


def try_restore(machine: Machine, command: str) -> None:
    """7. talanoa restore --check, word for word."""
    moved = machine.inside(command).replace("talanoa restore", f"{TALANOA} restore", 1)
    assert "is whole and can be restored" in machine.run(["sh", "-c", moved])


def show_key(machine: Machine, command: str) -> None:
    """8. cat the key."""
    assert len(machine.run(["sh", "-c", machine.inside(command)]).strip()) == 44


def examine(machine: Machine, command: str) -> None:
    """9. talanoa doctor: asks the public address over TLS as another server would, and finds nothing wrong."""
    findings = json.loads(machine.run([str(TALANOA), "doctor", "--json"]))
    verdicts = {each["check"]: each["verdict"] for each in findings}
    assert {name: verdicts[name] for name in ("address", "webfinger", "actor")} == dict.fromkeys(
        ("address", "webfinger", "actor"), "ok"
    )


def require_current_environment() -> None:
    """Fail where the upgrade would find something to install: it would point these tests at the machine's clone."""
    made_from = Path(sys.executable).parents[1] / ".made-from-pyproject.toml"
    current = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    assert made_from.read_text(encoding="utf-8").startswith(current), "run `make env` first: pyproject.toml has changed"


def upgrade(machine: Machine, command: str) -> None:
    """10. make upgrade, with a systemctl that only notes what it was told."""
    require_current_environment()
    programs = machine.root / "programs"
    programs.mkdir()
    notes = machine.root / "systemctl.log"
    (programs / "systemctl").write_text(f'#!/bin/sh\necho "$*" >>{notes}\n')
    (programs / "systemctl").chmod(0o755)
    subprocess.run(
        [machine.root / "opt/talanoa/deploy/upgrade.sh"],
        env={
            **os.environ,
            "PATH": f"{programs}:{os.environ['PATH']}",
            "DESTDIR": str(machine.root),
            "VENV": str(Path(sys.executable).parents[1]),
        },
        check=True,
        timeout=DONE_SECONDS,
    )
    assert notes.read_text().splitlines() == [
        "start talanoa-backup.service",
        "daemon-reload",
        "restart talanoa.service",
        "--no-pager --lines=5 status talanoa.service",
    ]


STEPS: tuple[tuple[str, Callable[[Machine, str], None]], ...] = (
    ("apt-get install ", install_packages),
    ("git clone ", clone),
    ("make -C /opt/talanoa install HOST=", install),
    ("talanoa init", found),
    ("systemctl enable --now ", start_services),
    ("systemctl start talanoa-backup", back_up),
    ("talanoa restore --check ", try_restore),
    ("cat /etc/talanoa/backup-key", show_key),
    ("talanoa doctor", examine),
    ("make -C /opt/talanoa upgrade", upgrade),
)


def test_the_ten_commands_of_the_manual_bring_up_a_node_and_bring_it_back(machine: Machine) -> None:
    block = re.search(r"## Ten commands.*?```sh\n(.*?)```", MANUAL, re.S)
    assert block is not None
    commands = block[1].strip().splitlines()
    assert len(commands) == len(STEPS) <= 10

    for command, (beginning, step) in zip(commands, STEPS, strict=True):
        assert command.startswith(beginning)
        step(machine, command)

    _lose_and_restore(machine)


def _lose_and_restore(machine: Machine) -> None:
    """What the manual says for a lost machine: the same key, the same actor, and nothing goes out."""
    key_before = machine.get("/actor").json()["publicKey"]["publicKeyPem"]
    (backup,) = (machine.root / "var/backups/talanoa").iterdir()
    assert machine.node is not None
    assert stop(machine.node) == 0
    for path in (machine.root / "var/lib/talanoa").iterdir():
        path.rename(machine.root / f"lost-{path.name}")

    printed = machine.run(
        [str(TALANOA), "restore", "--key-file", str(machine.root / "etc/talanoa/backup-key"), str(backup)]
    )

    assert "Deliveries are held" in printed
    machine.start_node()
    assert machine.get("/actor").json()["publicKey"]["publicKeyPem"] == key_before
    assert "held" in machine.run([str(TALANOA), "queue"])
    machine.run([str(TALANOA), "queue", "release"])
    assert "held" not in machine.run([str(TALANOA), "queue"])
