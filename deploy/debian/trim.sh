#!/bin/sh
# Takes out of an environment what nobody runs on a PBX box: deploy/debian/trim.sh ENVIRONMENT
set -eu
home=$1
site=$(echo "$home"/lib/python3*/site-packages)

find "$home/bin" -mindepth 1 ! -name 'python*' -delete
rm -rf "$home/include" "$home/share" "$home/lib64"
# The installer and what it needs.
rm -rf "$site"/pip "$site"/pip-* "$site"/setuptools* "$site"/pkg_resources "$site"/_distutils_hack "$site"/distutils-*
# Other packages' own tests; of ours and of what is imported at work nothing is named so.
find "$site/numpy" "$site/matplotlib" "$site/mpl_toolkits" -type d -name tests -prune -exec rm -rf {} +
rm -rf "$site/matplotlib/mpl-data/sample_data"
# Where pip fetched it from is nobody's business.
find "$site" -name direct_url.json -delete
find "$site" -name RECORD -exec sed -i '/direct_url.json/d' {} +
find "$home" -type d -name __pycache__ -prune -exec rm -rf {} +
find "$home" -type f ! -path "$home/bin/*" -exec chmod 644 {} +
