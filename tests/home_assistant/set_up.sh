#!/bin/sh
# Makes a Home Assistant to check against: tests/home_assistant/set_up.sh DIR
#
# It needs a newer Python than the product runs on. Where python3.13 is on this machine, and 3.13.2 or newer, a virtual
# environment of that; else, as root, Debian 13 in a folder. Either way `DIR/hass CONFIG` starts it with CONFIG as its folder.
set -eu
mkdir -p "$1"
dir=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)

if python3.13 -c 'import sys; sys.exit(sys.version_info < (3, 13, 2))' 2>/dev/null; then
    python3.13 -m venv "$dir/ha"
    "$dir/ha/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
    printf '#!/bin/sh\nPATH="%s:$PATH" exec "%s/hass" --config "$1" --log-no-color\n' "$dir/ha/bin" "$dir/ha/bin" > "$dir/hass"
else
    [ "$(id -u)" = 0 ] || {
        echo "Home Assistant needs Python 3.13.2: install it, or run this as root to have it in a folder" >&2
        exit 1
    }
    command -v debootstrap >/dev/null || { apt-get update -qq && apt-get install -y -qq debootstrap >/dev/null; }
    root=$dir/root
    if [ ! -e "$root/ready" ]; then
        echo "Installing Debian 13 into $root …" >&2
        rm -rf "$root"
        # The compiler: some of its packages come as source.
        debootstrap --variant=minbase --include=python3,python3-venv,python3-dev,gcc,g++,libc6-dev,ca-certificates \
            trixie "$root" > "$dir/debootstrap.log"
        touch "$root/ready"
    fi
    # Names and authorities as on this machine, the package index too.
    cp -L /etc/resolv.conf "$root/etc/resolv.conf"
    cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
    [ ! -e /etc/pip.conf ] || cp -L /etc/pip.conf "$root/etc/pip.conf"
    cp "$here/requirements.txt" "$root/requirements.txt"
    echo "Installing Home Assistant into $root …" >&2
    chroot "$root" python3 -m venv /ha
    chroot "$root" /ha/bin/pip install --quiet --disable-pip-version-check --requirement /requirements.txt \
        > "$dir/pip.log" 2>&1 || { tail -20 "$dir/pip.log" >&2; exit 1; }
    mkdir -p "$root/config"
    # In a view of the disk of its own, which goes with it.
    cat > "$dir/hass" <<LAUNCHER
#!/bin/sh
set -eu
exec unshare --mount -- sh -ec '
    mount --bind "\$1" "$root/config"
    mount -t proc proc "$root/proc"
    mount --bind /dev "$root/dev"
    exec chroot "$root" env PATH=/ha/bin:/usr/bin:/bin /ha/bin/hass --config /config --log-no-color
' sh "\$1"
LAUNCHER
fi
chmod +x "$dir/hass"
