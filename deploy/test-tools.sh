#!/bin/sh
# Debian packages that the tests call. As root they are installed; otherwise the one line to run is printed and the
# tests that need them say so (in CI a missing tool fails them).
set -eu
missing=
need() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || missing="$missing $2"; }
need sipp sip-tester
need mosquitto mosquitto
[ -d /usr/lib/postgresql ] || missing="$missing postgresql"    # its programs are not on the path
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Debian packages for the tests:$missing" >&2
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "Some tests need Debian packages. Run once: sudo apt-get install$missing" >&2
fi
