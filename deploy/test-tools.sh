#!/bin/sh
# Debian packages that the tests call or read. As root they are installed; otherwise the one line to run is printed and the
# tests that need them say so (in CI a missing tool fails them).
set -eu
missing=
need() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || missing="$missing $2"; }
need sipp sip-tester
need svmap sipvicious                                          # scans the lines
need mosquitto mosquitto
need kamailio kamailio                                         # registrar and proxy before agents' telephones
[ -d /usr/lib/postgresql ] || missing="$missing postgresql"    # its programs are not on the path
need cc "gcc libc6-dev"                                        # a wall clock that is set in mid-call
need baresip baresip                                           # beside us under load (make load)
need linphonec linphone-cli                                    # and calls (make interop)
need chromium chromium                                         # the wallboard is looked at
[ -d /usr/share/fonts/opentype/noto ] || missing="$missing fonts-noto-cjk"    # and its Chinese read
need systemd-analyze systemd                                   # examines the unit
need nft nftables                                              # the pages' command lines are run
need udevadm udev
need sudo sudo
need sqlite3 sqlite3
need sox sox
need curl curl
need openssl openssl
need mosquitto_sub mosquitto-clients
need debootstrap debootstrap                                   # a bare Debian to install the package in
/usr/bin/python3 -c 'import ensurepip' 2>/dev/null || missing="$missing python3-venv"    # which the package is built with
# Recordings that the corpus of benchmarks/corpus is made of.
sounds() { [ -d "/usr/share/asterisk/$1" ] || missing="$missing $2"; }
sounds sounds/en_US_f_Allison asterisk-core-sounds-en-wav
sounds sounds/es_MX_f_Allison asterisk-core-sounds-es-wav
sounds sounds/fr_CA_f_June asterisk-core-sounds-fr-wav
sounds sounds/ru_RU_f_IvrvoiceRU asterisk-core-sounds-ru-wav
sounds sounds/it_IT_m_Carlo asterisk-core-sounds-it-wav
sounds sounds/it_IT_f_Menardi asterisk-prompt-it-menardi-wav
sounds moh asterisk-moh-opsound-wav
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Debian packages for the tests:$missing" >&2
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "Some tests need Debian packages. Run once: sudo apt-get install$missing" >&2
fi
