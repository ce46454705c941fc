#!/bin/sh
# Builds FOLDER/sansheng_VERSION_ARCH.deb and names it: deploy/debian/build.sh [FOLDER], by default dist; `make package` calls it.
#   LEVEL=3   of compression instead of 10: quicker to build, a tenth larger
set -eu
out=${1:-dist}
cd "$(dirname "$0")/../.."
deploy/debian/tree.sh
deploy/debian/pack.sh var/package/tree "$out" "$(cat var/package/tree.version)"
