#!/bin/sh
# What Debian's lintian says against a package: deploy/debian/lint.sh FILE.deb. Exit code 1: an error or a warning that
# lintian-overrides gives no reason for.
set -eu
if ! command -v lintian >/dev/null; then
    [ "$(id -u)" = 0 ] || { echo "lintian is missing. Run once: sudo apt-get install lintian" >&2; exit 1; }
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends lintian >/dev/null
fi
# Its own --fail-on counts what is overridden, too.
said=$(lintian --allow-root --fail-on none --tag-display-limit 0 "$1")
if printf '%s\n' "$said" | grep '^[EW]:'; then exit 1; fi
echo "$1: lintian has no error and no warning"
