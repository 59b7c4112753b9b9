#!/usr/bin/env bash
# Prove the two commands on a machine that has Python and git and nothing else: a bare Debian in a chroot.
#
#   packaging/chroot-check.sh            as root:   bootstrap.py run, run again, test
#   packaging/chroot-check.sh --user     the same without rights (no sudo, no root)
#   packaging/chroot-check.sh [--user] WORDS…   one bootstrap command of your own, e.g. test
#
# Needs root and debootstrap. The mirror, the certificates and the settings of pip and apt are this machine's own; they go
# into the chroot and nowhere else. What is committed is what is checked. SUITE (bookworm) and PLACE can be set.
set -euo pipefail

suite=${SUITE:-bookworm}
place=${PLACE:-/var/tmp/villagedesk-chroot}
source=$(cd "$(dirname "$0")/.." && pwd)
who=root
if [ "${1:-}" = --user ]; then
    who=villager
    shift
fi

mirror() { # the first archive this machine's apt knows
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
        sed -nE 's/^(URIs:|deb( \[[^]]*\])?) +([^ ]+).*/\3/p' | head -n 1
}

base() { # a bare system, made once
    [ -e "$place/$suite.tar" ] && return
    mkdir -p "$place"
    debootstrap --variant=minbase --include=python3,git "$suite" "$place/new" "$(mirror)"
    tar -C "$place/new" -cf "$place/$suite.tar.part" .
    mv "$place/$suite.tar.part" "$place/$suite.tar"
    rm -rf "$place/new"
}

fresh() { # a copy of the bare system with this machine's way to the registries, no lists of packages, and a clean clone
    root=$(mktemp -d "$place/$suite-$who-XXXXXX")
    tar -C "$root" -xf "$place/$suite.tar"
    chroot "$root" useradd --create-home villager
    home=$(chroot "$root" sh -c "echo ~$who")
    rm -rf "$root"/var/lib/apt/lists/*
    cp /etc/resolv.conf "$root/etc/"
    cp -r /etc/apt/sources.list* /etc/apt/apt.conf.d /etc/apt/auth.conf.d "$root/etc/apt/" 2>/dev/null || true
    sed -i "s/\b$(. /etc/os-release && echo "$VERSION_CODENAME")\b/$suite/g" "$root"/etc/apt/sources.list*/* "$root"/etc/apt/sources.list 2>/dev/null || true
    for file in /etc/ssl/certs/ca-certificates.crt /etc/pip.conf; do
        if [ -e "$file" ]; then install -D -m 644 "$file" "$root$file"; fi
    done
    git clone --quiet "$source" "$root$home/villagedesk"
    chroot "$root" chown -R "$who:" "$home"
}

variables() { # which certificates the clients trust; nothing else of this machine
    env | grep -E '^(PIP_CERT|SSL_CERT_FILE|PIP_DEFAULT_TIMEOUT)=' || true
}

inside() { # a command in the chroot, which sees its own mounts, processes and devices, never this machine's
    mapfile -t passed < <(variables)
    unshare --mount --pid --fork bash -euc '
        mount -t proc proc "$1/proc"
        mount -t tmpfs tmpfs "$1/dev/shm"
        exec chroot --userspec="$2" "$1" env -i "${@:4}" bash -euc "cd ~/villagedesk; $3"
    ' chroot "$root" "$who" "$1" HOME="$home" PATH=/usr/sbin:/usr/bin:/sbin:/bin "${passed[@]}"
}

timed() {
    echo "--- $who: $1"
    local from=$SECONDS
    inside "$1"
    echo "--- $who: $1: exit 0 after $((SECONDS - from)) s"
}

base
fresh
trap '[ $? = 0 ] || echo "--- failed; left for a look: $root"' EXIT
echo "--- clean clone of $(git -C "$source" rev-parse --short HEAD) in $root"
if [ $# -gt 0 ]; then
    timed "python3 packaging/bootstrap.py $*"
else
    timed "python3 packaging/bootstrap.py run"
    inside "ls demo-village"
    timed "python3 packaging/bootstrap.py run"
    timed "python3 packaging/bootstrap.py test"
fi
rm -rf --one-file-system "$root"
