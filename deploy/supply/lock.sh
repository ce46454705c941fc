#!/bin/sh
# Writes which versions are in the package, and which build it, each with the hashes of its files: lock.sh TOOLS [--upgrade]
# product.lock: what pyproject.toml depends on. tools.lock: what builds, audits and lists it. What a lock has and is still
# allowed stays; --upgrade takes the newest. TOOLS is an environment with uv.
set -eu
cd "$(dirname "$0")/../.."
tools=$1
shift
lock() {
    out=$1
    shift
    # Debian 12's Python, which the package is for; wheels alone, so that nothing is compiled where it is built.
    "$tools/bin/uv" pip compile --quiet --python-version 3.11 --python-platform linux --only-binary :all: --generate-hashes \
        --no-annotate --custom-compile-command "make lock" --output-file "$out" "$@"
}
lock deploy/supply/product.lock pyproject.toml ${1+"$@"}
"$tools/bin/python" -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' |
    lock deploy/supply/tools.lock deploy/supply/requirements.txt - ${1+"$@"}
