#!/usr/bin/env bash
# Install, use, upgrade and remove the .deb on a bare Debian without network, as a village laptop would.
#
#   packaging/linux/chroot-test.sh        takes dist/villagedesk_*.deb and dist/villagedesk-*.tar.xz
#
# Needs root, debootstrap, Xvfb, xdotool and ImageMagick. Only the packages the .deb depends on are fetched beforehand;
# from then on the chroot has no network at all. Python is taken out of it. SUITE (bookworm) and PLACE can be set.
# Pictures of the window and the list of written files are left in build/chroot-test.
set -euo pipefail

suite=${SUITE:-bookworm}
place=${PLACE:-/var/tmp/villagedesk-chroot}
source=$(cd "$(dirname "$0")/../.." && pwd)
deb=$(ls "$source"/dist/villagedesk_*.deb)
version=$(dpkg-deb --field "$deb" Version)
tarball=$(ls "$source"/dist/villagedesk-*-linux-"$(uname -m)".tar.xz)
left=$source/build/chroot-test
home='/home/驻村 工作队'
desk="$home/示范村/desk"
display=:77

mirror() { # the first archive this machine's apt knows
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
        sed -nE 's/^(URIs:|deb( \[[^]]*\])?) +([^ ]+).*/\3/p' | head -n 1
}

base() { # a bare system, made once; shared with packaging/chroot-check.sh
    [ -e "$place/$suite.tar" ] && return
    mkdir -p "$place"
    debootstrap --variant=minbase --include=python3,git "$suite" "$place/new" "$(mirror)"
    tar -C "$place/new" -cf "$place/$suite.tar.part" .
    mv "$place/$suite.tar.part" "$place/$suite.tar"
    rm -rf "$place/new"
}

fresh() { # a copy of it, with the packages the .deb needs already on the disk
    root=$(mktemp -d "$place/install-$suite-XXXXXX")
    tar -C "$root" -xf "$place/$suite.tar"
    rm -f "$root/etc/apt/sources.list"
    cp /etc/resolv.conf "$root/etc/"
    cp -r /etc/apt/sources.list* /etc/apt/apt.conf.d /etc/apt/auth.conf.d "$root/etc/apt/" 2>/dev/null || true
    if [ -e /etc/ssl/certs/ca-certificates.crt ]; then
        install -D -m 644 /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
    fi
    cp "$deb" "$root/root/new.deb"
    chroot "$root" apt-get -qq update
    chroot "$root" apt-get -qq install -y --no-install-recommends shared-mime-info desktop-file-utils xz-utils >/dev/null 2>&1
    chroot "$root" apt-get -qq install -y --no-install-recommends --download-only /root/new.deb
    rm -rf "$root"/usr/bin/python3* "$root"/usr/lib/python3*
    chroot "$root" useradd --create-home --home-dir "$home" --shell /bin/bash villager
    [ -s "$root/etc/machine-id" ] || tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
}

as() { # as USER COMMAND: in the chroot, which sees no network, only its own processes and the test's display
    unshare --mount --net --pid --fork --kill-child bash -euc '
        mount -t proc proc "$1/proc"
        mount -t tmpfs tmpfs "$1/dev/shm"
        mkdir -p "$1/tmp/.X11-unix"
        mount --bind /tmp/.X11-unix "$1/tmp/.X11-unix"
        exec chroot --userspec="$2" "$1" env -i "${@:4}" bash -euc "cd; $3"
    ' chroot "$root" "$1" "$2" HOME="$([ "$1" = root ] && echo /root || echo "$home")" USER="$1" \
        PATH=/usr/sbin:/usr/bin:/sbin:/bin DISPLAY="$display" VILLAGEDESK_PASSPHRASE="${passphrase-}" DEBIAN_FRONTEND=noninteractive
}

timed() { # timed WORDS… : one line with the seconds a step took
    local from=$EPOCHREALTIME
    "$@"
    echo "--- ${*:2}: done in $(bc <<<"scale=1; ($EPOCHREALTIME - $from) / 1") s"
}

cold() { # forget the program's files, and only them, as after a reboot
    find "$root/usr/lib/villagedesk" -type f -exec dd if={} iflag=nocache count=0 status=none \;
}

window_after() { # seconds from the command to a window on the screen
    local from=$EPOCHREALTIME
    as villager villagedesk >"$left/window.log" 2>&1 &
    local started=$!
    DISPLAY=$display timeout 60 xdotool search --sync --onlyvisible --name '驻村工作台|VillageDesk' >/dev/null
    bc <<<"scale=2; ($EPOCHREALTIME - $from) / 1"
    sleep 1
    DISPLAY=$display import -window root "$left/$1.png"
    kill -KILL "$(pgrep --parent "$(pgrep --parent "$started")")" # process 1 of its own, deaf to anything softer
    wait "$started" 2>/dev/null || true
    while DISPLAY=$display xdotool search --onlyvisible --name '驻村工作台|VillageDesk' >/dev/null; do sleep 0.2; done
}

older() { # the same package under an older version, to upgrade from
    dpkg-deb --raw-extract "$deb" "$root/root/older"
    sed -i 's/^Version: .*/Version: 0.0.9/' "$root/root/older/DEBIAN/control"
    sed -i "s/\b$version\b/0.0.9/g" "$root/root/older/DEBIAN/preinst"
    dpkg-deb --root-owner-group -Znone --build "$root/root/older" "$root/root/older.deb" >/dev/null
    rm -r "$root/root/older"
}

written() { # every file newer than the mark, outside the user's own folder
    find "$root" -xdev -newer "$root/mark" \( -type f -o -type l \) -not -path "$root$home/*" -printf '/%P\n' | sort
}

refused() { # refused USER COMMAND: it must fail; what it says is shown
    if as "$@" >"$left/refused" 2>&1; then
        echo "--- NOT refused: $2"
        exit 1
    fi
    sed 's/^/    /' "$left/refused"
    echo "--- refused, as it should be: $2"
}

updates() { # an update for the stick, one by a stranger, one cut short, an older one; the installed program believes the key
    PYTHONPATH="$source/packaging" "$source/build/environment/bin/python" - "$root" "$deb" <<'PYTHON'
import sys
from pathlib import Path
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from release import update
root, deb = map(Path, sys.argv[1:])
stick = root / "tmp" / "stick"
stick.mkdir()
makers, stranger = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
for key, version, name in (
    (makers, "99.0.0", "good"), (stranger, "99.0.0", "stranger"), (makers, "0.0.9", "older"), (makers, "99.0.0", "cut"),
):
    secret = root / "root" / "secret"
    secret.write_text(key.private_bytes_raw().hex())
    update.pack(deb, secret, target=stick / f"{name}.vdupdate", of=version)
with (stick / "cut.vdupdate").open("r+b") as file:
    file.truncate(40_000_000)
public = root / "usr/lib/villagedesk/_internal/villagedesk/_resources/update/public-key"
public.write_text(f"ed25519 {makers.public_key().public_bytes_raw().hex()}\n")
PYTHON
}

households() {
    as villager "villagedesk list '$desk' households --json" | sha256sum
}

rm -rf "$left" && mkdir -p "$left"
base
fresh
older
passphrase=demo-village
Xvfb $display -screen 0 1366x768x24 -nolisten tcp >/dev/null 2>&1 &
screen=$!
trap 'kill $screen; [ -z "${failed-1}" ] || echo "--- left for a look: $root"' EXIT
echo "--- $(basename "$deb"), $(stat -c %s "$deb") bytes, in a bare $suite without network and Python"

timed as root "dpkg -i /var/cache/apt/archives/*.deb >/root/needed.log 2>&1" # what a desktop has anyway
timed as root "dpkg -i /root/older.deb >/dev/null"
echo "--- installed: $(chroot "$root" du -sB1 /usr/lib/villagedesk | cut -f 1) bytes on disk"
sleep 1.1 && touch "$root/mark" && sleep 1.1
timed as villager "villagedesk selftest --lang en"
timed as villager "LC_ALL=C.UTF-8 villagedesk selftest --json"
timed as villager "villagedesk demo '${desk%/desk}' --households 6 >demo.log"
before=$(households)
[ -n "$(find "$root${desk%/desk}" -name '*.vdsend' -size +1k)" ]
echo "--- made there: $(find "$root${desk%/desk}" -name '*.vdsend' | wc -l) send files, $(find "$root${desk%/desk}" -name '*.pdf' -exec head -c 5 {} \; -exec echo \; | grep -c '^%PDF-') PDF"
passphrase=
for start in first later again; do
    [ $start = first ] && cold
    echo "--- window on the screen, $start start: $(window_after window-$start) s"
done
passphrase=demo-village
timed as villager "villagedesk demo '$home/second' --households 6 --screenshot '$home/window.png' >/dev/null"
cp "$root$home/window.png" "$left/desk.png"
written >"$left/written-outside-home"
(cd "$root$home" && find . -type f | sort) >"$left/written-in-home"
echo "--- files written outside the home folder: $(grep -c . "$left/written-outside-home" || true)"
cat "$left/written-outside-home"

echo 0.0.9 >"$root$desk/program-version" # as the older version left it
timed as root "dpkg -i /root/new.deb >/dev/null"
[ "$before" = "$(households)" ]
[ -s "$root$desk/before-$version/desk.db" ]
[ "$before" = "$(as villager "villagedesk list '$desk/before-$version' households --json" | sha256sum)" ]
echo "--- the desk was copied before the first start of the new version, and the copy opens"
refused root "dpkg -i /root/older.deb"
[ "$before" = "$(households)" ]
updates
timed as villager "mkdir taken && villagedesk update /tmp/stick/good.vdupdate taken"
cmp "$deb" "$root$home/taken/$(basename "$deb")"
for wrong in stranger cut older; do
    refused villager "villagedesk update /tmp/stick/$wrong.vdupdate taken"
done
timed as villager "villagedesk verify '$desk'"
timed as root "dpkg -r villagedesk >/dev/null"
[ ! -e "$root/usr/lib/villagedesk" ] && [ ! -e "$root/usr/bin/villagedesk" ] && [ -s "$root$desk/desk.db" ]
echo "--- removed; the desk is still there"

cp "$tarball" "$root/tmp/villagedesk.tar.xz"
timed as villager "tar -xf /tmp/villagedesk.tar.xz && ./villagedesk-*/setup.sh"
[ "$before" = "$(as villager ".local/bin/villagedesk list '$desk' households --json" | sha256sum)" ]
echo 9.9.9 >"$root$home/.local/opt/villagedesk/version"
refused villager "./villagedesk-*/setup.sh"
timed as villager "./villagedesk-*/setup.sh remove"
[ ! -e "$root$home/.local/opt/villagedesk" ] && [ -s "$root$desk/desk.db" ]
failed=
rm -rf --one-file-system "$root"
echo "--- all good"
