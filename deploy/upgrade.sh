#!/bin/sh
# Brings an installed node to the newest version: a backup first, then code, packages, restart (which migrates).
# DESTDIR=folder writes the units below that folder.
set -eu
cd "$(dirname "$0")/.."
root=${DESTDIR:-}
systemctl start talanoa-backup.service
git pull --quiet --ff-only
deploy/environment.sh requirements.txt
install -m 0644 deploy/talanoa.service deploy/talanoa-backup.service deploy/talanoa-backup.timer "$root/etc/systemd/system/"
install -m 0755 deploy/talanoa.sh "$root/usr/local/bin/talanoa"
systemctl daemon-reload
systemctl restart talanoa.service
systemctl --no-pager --lines=5 status talanoa.service
