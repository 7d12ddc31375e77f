#!/bin/sh
# Make .venv with the first Python found that is new enough and can make virtual environments.
set -eu

found=""
for python in ${PYTHON:-} python3.13 python3.12 python3.11 python3.14 python3 python; do
    command -v "$python" >/dev/null 2>&1 || continue
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        found="$found $python is $version,"
        continue
    fi
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        found="$found $python ($version) lacks the venv module (Debian, Ubuntu: apt install python$version-venv),"
        continue
    fi
    echo "Making .venv with $python ($version) ..."
    rm -rf .venv
    exec "$python" -m venv .venv
done

echo "Parley needs Python 3.11 or newer, with the venv module. Found:${found:- no Python at all,}" | sed 's/,$/./' >&2
echo "Install one, or name it: make PYTHON=/path/to/python3.11" >&2
exit 1
