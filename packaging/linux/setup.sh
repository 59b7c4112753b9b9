#!/bin/sh
# 安装到本用户,不需要管理员 / Installs for this user; no administrator is needed.
#   ./setup.sh            安装 / install
#   ./setup.sh remove     卸载,台账保留 / remove; desks stay
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
program=$HOME/.local/opt/villagedesk
start=$HOME/.local/bin/villagedesk
version=@VERSION@

refresh() { # menus and file types, where the desktop has the tools
    command -v update-mime-database >/dev/null 2>&1 && update-mime-database "$data/mime" || true
    command -v update-desktop-database >/dev/null 2>&1 && update-desktop-database "$data/applications" || true
    command -v gtk-update-icon-cache >/dev/null 2>&1 && gtk-update-icon-cache -q -t "$data/icons/hicolor" || true
}

remove() {
    if [ -e "$program" ] && [ ! -e "$program/villagedesk" ]; then
        echo "$program 不是本程序,未改动 / is not this program; left alone" >&2
        exit 1
    fi
    rm -rf "$program"
    rm -f "$start" "$data/applications/villagedesk.desktop" "$data/mime/packages/villagedesk.xml"
    find "$data/icons/hicolor" -name "villagedesk.*" -type f -delete 2>/dev/null || true
}

there=$(cat "$program/version" 2>/dev/null || true)
if [ "${1:-}" != remove ] && [ "$(printf '%s\n' "$there" "$version" | sort -V | tail -n 1)" != "$version" ]; then
    echo "这台电脑已装有更新的版本 $there,安装盘上是 $version。请使用更新的安装盘,旧版本可能打不开新台账。未作任何改动。" >&2
    echo "This computer already has the newer version $there; the stick holds $version. Nothing was changed." >&2
    exit 1
fi
remove
if [ "${1:-}" = remove ]; then
    refresh
    echo "已卸载;台账未动 / Removed; desks were not touched"
    exit 0
fi
mkdir -p "$HOME/.local/bin" "${program%/*}" "$data"
cp -R "$here/villagedesk" "$program"
echo "$version" >"$program/version"
cp -R "$here/share/." "$data/"
ln -s "$program/villagedesk" "$start"
sed "s|^Exec=villagedesk|Exec=\"$start\"|" "$here/share/applications/villagedesk.desktop" >"$data/applications/villagedesk.desktop"
refresh
echo "已安装。请从菜单打开“驻村工作台”,或输入 / Installed. Open it from the menu, or type: $start"
