#!/bin/sh
# Make the virtual environment VENV and install REQUIREMENTS and xlscore in it.
# usage: sh scripts/setup.sh VENV REQUIREMENTS
set -eu
venv=$1
requirements=$2

# A name on the PATH is not yet a Python that works: it may be too old, a version manager's shim, or
# Debian's python3 without the python3-venv package. So each candidate is asked.
find_python() {
    for name in python3.13 python3.12 python3.11 python3.14 python3 python; do
        if "$name" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
            >/dev/null 2>&1; then
            echo "$name"
            return
        fi
    done
    echo 'xlscore needs Python 3.11 or newer with its venv module.' >&2
    echo 'On Debian or Ubuntu: sudo apt install python3 python3-venv' >&2
    return 1
}

if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    echo "Creating $venv with $("$python" --version) ..."
    "$python" -m venv --clear "$venv"
fi

pip() {
    "$venv/bin/python" -m pip --disable-pip-version-check --quiet "$@"
}

echo "Installing $requirements ..."
pip install --require-hashes -r "$requirements"
pip install --no-build-isolation --no-deps --editable .
