"""deploy/: what the ten commands put on a machine, and the proxies in front, real ones, with a local authority."""

import os
import re
import ssl
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

from tests.house.source import ROOT
from tests.proxies import Front, caddy, echoing, nginx, require

MANUAL = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
UNITS = ("talanoa.service", "talanoa-backup.service", "talanoa-backup.timer")


def install(root: Path, host: str) -> subprocess.CompletedProcess[str]:
    """Run the installer below `root`."""
    return subprocess.run(
        [ROOT / "deploy" / "install.sh", host],
        env={**os.environ, "DESTDIR": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )


def ask(front: Front, target: str, **headers: str) -> httpx.Response:
    """Send one request through a proxy, trusting its authority alone."""
    trust = ssl.create_default_context(cafile=str(front.authority))
    with httpx.Client(verify=trust, timeout=10) as client:
        return client.get(
            f"https://127.0.0.1:{front.port}{target}",
            headers={"Host": front.host, **headers},
            extensions={"sni_hostname": front.host},
        )


@pytest.mark.parametrize(
    "host", ["", "localhost", "Network.Example", "network.example/x", "a b.example", "-x.example", "$(id).example"]
)
def test_a_host_that_nobody_finds_is_not_installed(tmp_path: Path, host: str) -> None:
    done = install(tmp_path, host)

    assert done.returncode == 2
    assert "make install HOST=network.example" in done.stderr
    assert [*tmp_path.iterdir()] == []


def test_the_installer_writes_settings_key_units_and_site(tmp_path: Path) -> None:
    done = install(tmp_path, "home.example")

    assert (done.returncode, done.stderr) == (0, "")
    files = {path.relative_to(tmp_path).as_posix(): path for path in tmp_path.rglob("*") if path.is_file()}
    assert {name: f"{path.stat().st_mode & 0o777:o}" for name, path in files.items()} == {
        "etc/talanoa/env": "640",
        "etc/talanoa/backup-key": "640",
        "etc/caddy/Caddyfile": "644",
        "etc/systemd/system/talanoa.service": "644",
        "etc/systemd/system/talanoa-backup.service": "644",
        "etc/systemd/system/talanoa-backup.timer": "644",
        "usr/local/bin/talanoa": "755",
    }
    assert "TALANOA_PUBLIC_URL=https://home.example\n" in files["etc/talanoa/env"].read_text()
    assert "{$SITE_HOST:home.example} {" in files["etc/caddy/Caddyfile"].read_text()
    assert len(files["etc/talanoa/backup-key"].read_text().strip()) == 44


def test_a_second_install_keeps_settings_and_key(tmp_path: Path) -> None:
    install(tmp_path, "home.example")
    key = (tmp_path / "etc/talanoa/backup-key").read_text()
    (tmp_path / "etc/talanoa/env").write_text("TALANOA_PUBLIC_URL=https://home.example\nTALANOA_LISTEN=127.0.0.1:9\n")

    done = install(tmp_path, "home.example")

    assert done.returncode == 0
    assert (tmp_path / "etc/talanoa/backup-key").read_text() == key
    assert (tmp_path / "etc/talanoa/env").read_text().endswith("TALANOA_LISTEN=127.0.0.1:9\n")


def test_another_site_of_the_proxy_is_moved_aside_and_not_lost(tmp_path: Path) -> None:
    site = tmp_path / "etc/caddy/Caddyfile"
    site.parent.mkdir(parents=True)
    site.write_text("other.example {\n}\n")

    install(tmp_path, "home.example")

    assert site.with_name("Caddyfile.before-talanoa").read_text() == "other.example {\n}\n"


def test_systemd_accepts_the_units_and_finds_them_hardened(tmp_path: Path) -> None:
    program = require("systemd-analyze")
    for name in UNITS:
        text = (ROOT / "deploy" / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace("/opt/talanoa/.venv/bin/talanoa", sys.executable))

    verified = subprocess.run(
        [program, "verify", *(str(tmp_path / name) for name in UNITS)], capture_output=True, text=True, check=False
    )
    judged = subprocess.run(
        [program, "security", "--offline=yes", str(tmp_path / "talanoa.service")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (verified.returncode, verified.stderr) == (0, "")
    level = re.search(r"exposure level for talanoa\.service: ([0-9.]+)", judged.stdout)
    assert level is not None
    assert float(level[1]) < 2


@pytest.mark.parametrize("proxy", [caddy, nginx])
def test_a_proxy_hands_on_target_and_host_unchanged_and_says_who_asked(
    tmp_path: Path, proxy: Callable[[str, int, Path], AbstractContextManager[Front]]
) -> None:
    target = "/ap/u/ama%2Fx?page=true&name=%C3%A9"
    lies = {"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9", "Accept": "application/activity+json"}

    with echoing() as (port, notes), proxy("home.example", port, tmp_path) as front:
        answer = ask(front, target, **lies)

    assert (answer.status_code, answer.text) == (200, "ok")
    seen = notes[0]
    assert seen.line == f"GET {target} HTTP/1.1"
    assert seen.headers["host"] == "home.example"
    assert seen.headers["x-forwarded-for"] == "127.0.0.1"
    assert seen.headers["accept"] == "application/activity+json"
    assert "forwarded" not in seen.headers


def test_the_manual_needs_ten_commands_at_most_and_each_exists() -> None:
    block = re.search(r"## Ten commands.*?```sh\n(.*?)```", MANUAL, re.S)
    assert block is not None
    commands = block[1].strip().splitlines()
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert len(commands) <= 10
    for target in re.findall(r"make -C /opt/talanoa ([a-z-]+)", block[1]):
        assert re.search(rf"^{target}:", makefile, re.M)
