#!/bin/sh
# Packs a tree as FOLDER/sansheng_VERSION_ARCH.deb, and names that: deploy/debian/pack.sh TREE FOLDER VERSION
set -eu
tree=$1
out=$2
version=$3
here=$(dirname "$0")
arch=$(dpkg --print-architecture)
site=$(echo "$tree"/opt/sansheng/lib/python3*/site-packages)
python=${site%/site-packages}
python=${python##*/python}
next=3.$((${python#3.} + 1))
# The newest schema of the records that this version knows: who goes back to it has his database opened for it.
schema=$(basename "$(ls "$site"/gateway/database/migrations/versions/[0-9]*_*.py | tail -n 1)" | cut -d_ -f1)

rm -rf "$tree/DEBIAN"
mkdir -p "$tree/DEBIAN" "$out"
chmod -R u+w,go-w,a+rX "$tree"
size=$(du -sk --apparent-size --exclude=DEBIAN "$tree" | cut -f1)
for file in control preinst postinst prerm postrm conffiles; do
    sed -e "s|@VERSION@|$version|g" -e "s|@ARCH@|$arch|g" -e "s|@SIZE@|$size|g" -e "s|@SCHEMA@|$schema|g" \
        -e "s|@PYTHON@|$python|g" -e "s|@NEXT_PYTHON@|$next|g" "$here/$file" > "$tree/DEBIAN/$file"
done
chmod 755 "$tree/DEBIAN/preinst" "$tree/DEBIAN/postinst" "$tree/DEBIAN/prerm" "$tree/DEBIAN/postrm"
(cd "$tree" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | LC_ALL=C sort -z | xargs -0 md5sum > DEBIAN/md5sums)
package=$out/sansheng_${version}_$arch.deb
# Debian 12's dpkg knows zstd: 107 MB in 15 s of a processor; xz makes 86 MB of it in 4 minutes.
dpkg-deb --root-owner-group -Zzstd "-z${LEVEL:-10}" --build "$tree" "$package" >/dev/null
echo "$package: $(du -m --apparent-size "$package" | cut -f1) MB, $((size / 1024)) MB installed" >&2
echo "$package"
