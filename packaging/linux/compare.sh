#!/usr/bin/env bash
# Two builds of one commit, file by file: packaging/linux/compare.sh FOLDER FOLDER says which files differ.
set -euo pipefail
list() { (cd "$1" && find . \( -type f -printf '%m %T@ ' -exec sha256sum {} \; \) -o \( -type l -printf 'link %l %p\n' \) | sort -k 4); }
diff <(list "$1") <(list "$2") && echo "the same: $(find "$1" -type f | wc -l) files"
