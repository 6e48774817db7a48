#!/bin/sh
# The command `talanoa` of the installed service: its user, its settings, its folder.
set -eu
set -a
. /etc/talanoa/env
set +a
cd /var/lib/talanoa
if [ "$(id -un)" = talanoa ]; then
    exec /opt/talanoa/.venv/bin/talanoa "$@"
fi
exec runuser -u talanoa -- /opt/talanoa/.venv/bin/talanoa "$@"
