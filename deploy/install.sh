#!/bin/sh
# Installs the service for one host: user, settings, backup key, units, Caddy's site. Run again it keeps what is there.
# Usage: deploy/install.sh network.example       DESTDIR=folder installs below that folder and touches nothing else.
set -eu
cd "$(dirname "$0")"
host=${1:-}
root=${DESTDIR:-}
case "$host" in
'' | *[!a-z0-9.-]* | .* | *. | -*) echo "Name the host in lower case: make install HOST=network.example" >&2 && exit 2 ;;
*.*) ;;
*) echo "$host is not a name that other servers can find: make install HOST=network.example" >&2 && exit 2 ;;
esac

if [ -z "$root" ]; then
    [ "$(id -u)" = 0 ] || { echo "Run this as root: sudo make install HOST=$host" >&2 && exit 1; }
    id talanoa >/dev/null 2>&1 ||
        useradd --system --home-dir /var/lib/talanoa --no-create-home --shell /usr/sbin/nologin talanoa
    owner="-o talanoa -g talanoa" reader="-o root -g talanoa"
else
    owner="" reader=""
fi

# shellcheck disable=SC2086
install -d -m 0750 $owner "$root/var/lib/talanoa"
# shellcheck disable=SC2086
install -d -m 0700 $owner "$root/var/backups/talanoa"
# shellcheck disable=SC2086
install -d -m 0750 $reader "$root/etc/talanoa"
install -d "$root/etc/systemd/system" "$root/etc/caddy" "$root/usr/local/bin"

filled=$(mktemp)
trap 'rm -f "$filled"' EXIT
if [ ! -e "$root/etc/talanoa/env" ]; then
    sed "s/network\.example/$host/g" env.example >"$filled"
    # shellcheck disable=SC2086
    install -m 0640 $reader "$filled" "$root/etc/talanoa/env"
fi
if [ ! -e "$root/etc/talanoa/backup-key" ]; then
    head -c 32 /dev/urandom | base64 >"$filled"
    # shellcheck disable=SC2086
    install -m 0640 $reader "$filled" "$root/etc/talanoa/backup-key"
fi
site="$root/etc/caddy/Caddyfile"
sed "s/network\.example/$host/g" Caddyfile >"$filled"
if [ -e "$site" ] && ! cmp -s "$filled" "$site"; then
    mv "$site" "$site.before-talanoa"
fi
install -m 0644 "$filled" "$site"
install -m 0644 talanoa.service talanoa-backup.service talanoa-backup.timer "$root/etc/systemd/system/"
install -m 0755 talanoa.sh "$root/usr/local/bin/talanoa"
if [ -z "$root" ]; then
    systemctl daemon-reload
    systemctl reload-or-restart caddy
fi
echo "Installed for $host. Now: talanoa init"
