#!/bin/sh
# Installs what the tests need beside Python: Chromium, PostgreSQL, fonts, a web server. Only as root on Debian.
set -eu

missing=""
need() { [ -n "$2" ] || missing="$missing $1"; }
first_of() { for path in "$@"; do if [ -e "$path" ]; then echo "$path"; return; fi; done; }
on_path() { for name in "$@"; do command -v "$name" 2>/dev/null && return; done; true; }

need chromium "$(on_path chromium chromium-browser google-chrome)"
need postgresql "$(first_of /usr/lib/postgresql/*/bin/initdb)$(on_path initdb)"
need fonts-noto-core "$(first_of /usr/share/fonts/truetype/noto/*Arabic* /usr/share/fonts/noto/*Arabic*)"
need systemd "$(on_path systemd-analyze)"
need caddy "$(on_path caddy)"
need nginx-light "$(PATH="$PATH:/usr/sbin" on_path nginx)"

[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "These tests will be skipped for want of:$missing (on Debian: sudo apt-get install$missing)." >&2
    exit 0
fi
echo "Installing for the tests:$missing." >&2
export DEBIAN_FRONTEND=noninteractive
# No server may start by itself: the tests start their own on free ports.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
fi
log=$(mktemp)
# shellcheck disable=SC2086
if ! { apt-get install -qq -y --no-install-recommends $missing ||
    { apt-get update -qq && apt-get install -qq -y --no-install-recommends $missing; }; } >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    echo "apt-get could not install$missing; its last words stand above. Install them and run make test again." >&2
    exit 1
fi
rm -f "$log"
