#!/bin/sh
# Install what the tests need from the system and do not find: PostgreSQL's server and Chromium.
set -eu

missing=""
if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && ! command -v initdb >/dev/null 2>&1; then
    missing="$missing postgresql"
fi
found=""
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null 2>&1; then found=yes; fi
done
[ -n "$found" ] || missing="$missing chromium fonts-liberation"
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" != 0 ]; then as_root="sudo -n"; fi
if ! command -v apt-get >/dev/null 2>&1 || ! $as_root true 2>/dev/null; then
    echo "The tests need what this machine lacks:$missing" >&2
    echo "Install it (Debian, Ubuntu: sudo apt-get install$missing), then run make test again." >&2
    exit 1
fi
echo "Installing what the tests need from the system:$missing ..."
$as_root apt-get update -qq
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
