#!/bin/sh
# Debian packages that the tests call or read. As root they are installed; otherwise the one line to run is printed and the
# tests that need them say so (in CI a missing tool fails them).
set -eu
missing=
need() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || missing="$missing $2"; }
need sipp sip-tester
need mosquitto mosquitto
need kamailio kamailio                                         # registrar and proxy before agents' telephones
[ -d /usr/lib/postgresql ] || missing="$missing postgresql"    # its programs are not on the path
need chromium chromium                                         # the wallboard is looked at
[ -d /usr/share/fonts/opentype/noto ] || missing="$missing fonts-noto-cjk"    # and its Chinese read
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
