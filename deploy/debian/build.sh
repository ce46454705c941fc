#!/bin/sh
# Builds dist/sansheng_VERSION_ARCH.deb and names it: deploy/debian/build.sh [FOLDER]. Needs Debian 12 with python3-venv; no root.
#   LEVEL=3   of compression instead of 10: quicker to build, a tenth larger
# A virtual environment with all that the gateway needs, made with Debian's own Python, which the package depends on.
set -eu
cd "$(dirname "$0")/../.."
out=${1:-dist}
work=var/package
venv=$work/venv
tree=$work/tree
system=/usr/bin/python3

# What is installed is of the requirements, and remade when they change; the gateway itself is put in anew each time.
if ! cmp -s pyproject.toml "$venv/.made-of"; then
    rm -rf "$venv"
    PYTHON=$system deploy/venv.sh "$venv" .
    cp pyproject.toml "$venv/.made-of"
fi
"$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --force-reinstall .
version=$("$venv/bin/python" -c 'from importlib.metadata import version; print(version("sansheng"))')

rm -rf "$tree"
mkdir -p "$tree/opt" "$tree/usr/bin"
cp -a "$venv" "$tree/opt/sansheng"
deploy/debian/trim.sh "$tree"
# Everything names the place where it will be: scripts, messages of what is compiled, the environment itself.
sed -i '/^command = /d' "$tree/opt/sansheng/pyvenv.cfg"
sed -i "1s|^#!.*|#!/opt/sansheng/bin/python|" "$tree/opt/sansheng/bin/sansheng"
"$system" -m compileall -q -f -j 2 -s "$tree" -p / --invalidation-mode unchecked-hash "$tree/opt/sansheng/lib"
ln -s /opt/sansheng/bin/sansheng "$tree/usr/bin/sansheng"

doc=$tree/usr/share/doc/sansheng
install -d "$doc/docs" "$doc/examples"
install -m 644 README.md "$doc/"
install -m 644 docs/*.md docs/*.json docs/*.png docs/*.svg "$doc/docs/"
cp -R deploy/gateway.toml deploy/mosquitto deploy/prometheus-rules.yml deploy/logrotate "$doc/examples/"
for more in deploy/examples deploy/kamailio; do
    [ ! -d $more ] || cp -R $more "$doc/examples/"
done
install -m 644 deploy/debian/copyright "$doc/copyright"
"$tree/opt/sansheng/bin/python" deploy/debian/third_party.py "$tree/opt/sansheng" > "$doc/third-party.txt"
install -m 644 CHANGELOG.md "$doc/"
{
    printf 'sansheng (%s) bookworm; urgency=medium\n\n  * CHANGELOG.md tells what is new.\n\n' "$version"
    printf ' -- %s  %s\n' "$(sed -n 's/^Maintainer: //p' deploy/debian/control)" "$(date -R -r CHANGELOG.md)"
} | gzip -9n > "$doc/changelog.gz"
install -d "$tree/usr/share/man/man1"
gzip -9n < deploy/debian/sansheng.1 > "$tree/usr/share/man/man1/sansheng.1.gz"
install -D -m 644 deploy/systemd/sansheng.service "$tree/lib/systemd/system/sansheng.service"
install -D -m 644 deploy/77-sansheng.rules "$tree/lib/udev/rules.d/77-sansheng.rules"
install -D -m 644 deploy/logrotate/sansheng "$tree/etc/logrotate.d/sansheng"
install -D -m 644 deploy/debian/lintian-overrides "$tree/usr/share/lintian/overrides/sansheng"

deploy/debian/pack.sh "$tree" "$out" "$version"
