#!/bin/sh
# Makes var/package/tree, all that the Debian package puts on a machine, and var/package/tree.version. Needs Debian 12 with
# python3-venv; no root. A virtual environment with all that the gateway needs, made with Debian's own Python, which the
# package depends on; what is in it is what deploy/supply/product.lock has the hashes of.
set -eu
cd "$(dirname "$0")/../.."
supply=${SUPPLY:-.venv-supply}
work=var/package
venv=$work/venv
tree=$work/tree
lock=deploy/supply/product.lock
system=/usr/bin/python3
[ -x "$supply/bin/cyclonedx-py" ] || { echo "$supply is not there; make package makes it first" >&2; exit 1; }

# What is installed is the lock's, and remade when that changes; the gateway itself is put in anew each time. No wheel is
# compiled here, and none taken that the lock does not know.
mkdir -p "$work"
if ! cmp -s $lock "$venv/.made-of"; then
    rm -rf "$venv"
    PYTHON=$system deploy/venv.sh "$venv" --no-compile --require-hashes --only-binary :all: --requirement $lock \
        --report "$work/installed.json"
    deploy/debian/trim.sh "$venv"
    sed -i '/^command = /d' "$venv/pyvenv.cfg"
    # Everything names the place where it will be, messages of what is compiled, too.
    "$system" -m compileall -q -j 2 -s "$venv" -p /opt/sansheng --invalidation-mode unchecked-hash "$venv/lib"
    cp $lock "$venv/.made-of"
fi

rm -rf "$tree" "$work/wheel"
mkdir -p "$tree/opt" "$tree/usr/bin"
cp -al "$venv" "$tree/opt/sansheng"
rm "$tree/opt/sansheng/.made-of"
# Built with the locked tools, not with whatever is newest today.
"$supply/bin/python" -m pip wheel --quiet --disable-pip-version-check --no-deps --no-index --no-build-isolation \
    --wheel-dir "$work/wheel" .
home=$tree/opt/sansheng
site=$(echo "$home"/lib/python3*/site-packages)
"$supply/bin/python" -m pip --python "$home/bin/python" install --quiet --disable-pip-version-check --no-deps --no-index \
    --no-compile --no-warn-script-location "$work"/wheel/*.whl
find "$site" -name direct_url.json -delete
sed -i '/direct_url.json/d' "$site"/sansheng-*.dist-info/RECORD
for ours in gateway drivers dialplans; do
    "$system" -m compileall -q -s "$tree" -p / --invalidation-mode unchecked-hash "$site/$ours"
done
sed -i "1s|^#!.*|#!/opt/sansheng/bin/python|" "$home/bin/sansheng"
ln -s /opt/sansheng/bin/sansheng "$tree/usr/bin/sansheng"
basename "$work"/wheel/*.whl | cut -d- -f2 > "$work/tree.version"

doc=$tree/usr/share/doc/sansheng
deploy/debian/pages.sh "$doc" "${site#"$tree"}"
install -m 644 deploy/debian/copyright "$doc/copyright"
"$home/bin/python" -B deploy/debian/third_party.py "$home" > "$doc/third-party.txt"
"$supply/bin/python" -B deploy/supply/sbom.py "$home" "$doc/sbom.cdx.json" "$work/installed.json"
{
    printf 'sansheng (%s) bookworm; urgency=medium\n\n  * CHANGELOG.md tells what is new.\n\n' "$(cat "$work/tree.version")"
    printf ' -- %s  %s\n' "$(sed -n 's/^Maintainer: //p' deploy/debian/control)" "$(date -R -r CHANGELOG.md)"
} | gzip -9n > "$doc/changelog.gz"
install -d "$tree/usr/share/man/man1"
gzip -9n < deploy/debian/sansheng.1 > "$tree/usr/share/man/man1/sansheng.1.gz"
install -D -m 644 deploy/systemd/sansheng.service "$tree/lib/systemd/system/sansheng.service"
install -D -m 644 deploy/77-sansheng.rules "$tree/lib/udev/rules.d/77-sansheng.rules"
install -D -m 644 deploy/logrotate/sansheng "$tree/etc/logrotate.d/sansheng"
install -D -m 644 deploy/debian/lintian-overrides "$tree/usr/share/lintian/overrides/sansheng"
