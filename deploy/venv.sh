#!/bin/sh
# Makes a virtual environment: deploy/venv.sh DIR [WHAT PIP SHALL INSTALL…], by default the project to work on.
# A bare Debian has python3 without the parts venv needs; then virtualenv through pip, then Debian's package as root.
set -eu
dir=$1
shift
[ $# -gt 0 ] || set -- --editable '.[dev]'
python=${PYTHON:-python3}

"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' || {
    echo "sansheng needs Python 3.11 or 3.12; $python is $("$python" -V 2>&1). Name another: make PYTHON=python3.11 …" >&2
    exit 1
}
if [ ! -x "$dir/bin/pip" ]; then
    rm -rf "$dir"
    if ! "$python" -m venv "$dir" >/dev/null 2>&1; then
        rm -rf "$dir"
        if "$python" -m virtualenv "$dir" >/dev/null 2>&1; then :
        elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            # An old list of packages may still do, so what the update said counts only if nothing comes of it.
            apt-get update -qq || true
            apt-get install -y -qq python3-venv >/dev/null && "$python" -m venv "$dir" || {
                rm -rf "$dir"
                echo "python3-venv could not be installed; why is told above. Mend that (network, proxy, /etc/apt), until" \
                    "apt-get install python3-venv succeeds, and begin again." >&2
                exit 1
            }
        else
            echo "This Python cannot make virtual environments. Run once: sudo apt-get install python3-venv" >&2
            exit 1
        fi
    fi
fi
echo "Installing Python packages into $dir …" >&2
"$dir/bin/pip" install --quiet --disable-pip-version-check "$@"
