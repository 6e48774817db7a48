#!/bin/sh
# Builds .venv from a hash-locked list, with uv where it can and with pip where it can't.
# Usage: deploy/environment.sh requirements.txt [requirements-dev.txt ...]
set -eu
cd "$(dirname "$0")/.."
VENV=${VENV:-.venv}

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if is_new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    found=$(python3 --version 2>/dev/null || echo "no Python 3")
    fail "Talanoa needs Python 3.11 or newer and found $found: let uv bring one" \
        "(uv python install 3.12, then make PYTHON=\"\$(uv python find 3.12)\")" \
        "or run the container of deploy/compose.yaml."
}

make_venv() {
    python=$(find_python) || exit 1
    rm -rf "$VENV"
    if "$python" -m venv "$VENV" >/dev/null 2>&1; then return; fi
    rm -rf "$VENV"
    if uv --version >/dev/null 2>&1; then
        uv venv --quiet --seed --python "$python" "$VENV"
        return
    fi
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "Installing python3-venv, which Debian leaves out of python3."
        { apt-get install -qq -y python3-venv || { apt-get update -qq && apt-get install -qq -y python3-venv; }; } \
            >/dev/null 2>&1 || fail "apt could not install python3-venv; see: apt-get install python3-venv"
        "$python" -m venv "$VENV" && return
    fi
    fail "This Python has no venv module: install it (Debian: sudo apt install python3-venv) and run make again."
}

# The lines of one package in the lock, so that uv itself comes with its hashes.
locked() { sed -n "/^$1==/,/^    # via/p" requirements-dev.txt | sed '/^    #/d'; }

find_uv() {
    if [ "${INSTALLER:-}" = pip ]; then return 1; fi
    if uv --version >/dev/null 2>&1; then echo uv; return; fi
    if [ ! -x "$VENV/bin/uv" ] && [ -x "$VENV/bin/pip" ]; then
        locked uv >"$VENV/uv.txt"
        "$VENV/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: \
            --require-hashes -r "$VENV/uv.txt" >/dev/null 2>&1 || return 1
    fi
    "$VENV/bin/uv" --version >/dev/null 2>&1 && echo "$VENV/bin/uv"
}

install_with_uv() {
    uv=$(find_uv) || return 1
    "$uv" pip install --quiet --compile-bytecode --python "$VENV/bin/python" --require-hashes -r "$1" || {
        say "uv could not install $1 (its reason stands above); trying pip."
        return 1
    }
}

install_with_pip() {
    [ -x "$VENV/bin/pip" ] || "$VENV/bin/python" -m ensurepip >/dev/null 2>&1 || true
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$1" ||
        fail "The packages of $1 could not be installed; pip's reason stands above. Nothing was started."
}

install_project() {
    if [ -x "$VENV/bin/pip" ]; then
        "$VENV/bin/pip" install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation -e .
    else
        uv=$(find_uv)
        "$uv" pip install --quiet --python "$VENV/bin/python" --offline --no-deps --no-build-isolation -e .
    fi
}

fingerprint() { "$VENV/bin/python" -c 'import hashlib,sys
print(hashlib.sha256(b"".join(open(name, "rb").read() for name in sys.argv[1:])).hexdigest(), sys.version)' "$@"; }

is_current() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

is_new_enough "$VENV/bin/python" || make_venv
for lock in "$@"; do
    stamp="$VENV/.made-from-$lock"
    is_current "$stamp" "$(fingerprint "$lock")" && continue
    say "Installing the packages of $lock."
    install_with_uv "$lock" || install_with_pip "$lock"
    fingerprint "$lock" >"$stamp"
done
stamp="$VENV/.made-from-pyproject.toml"
if [ ! -x "$VENV/bin/talanoa" ] || ! is_current "$stamp" "$(fingerprint pyproject.toml)"; then
    install_project
    fingerprint pyproject.toml >"$stamp"
fi
# The service may not write here: without compiled modules each of its starts would take seconds longer.
"$VENV/bin/python" -m compileall -q federation node inbox outbox web 2>/dev/null || true
