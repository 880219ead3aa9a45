# What the scripts share; each one sources it with $me set to its own name.
# Plain POSIX sh: no bash, and no tool beyond python3 and what every Unix has.

unset CDPATH
cd "$(dirname "$0")/.."

say() {
    printf '%s: %s\n' "$me" "$1"
}

fail() {
    printf '%s: %s\n' "$me" "$1" >&2
    exit 1
}

# Sets $python and $version to the first Python on the PATH that is new enough.
find_python() {
    too_old=
    for python in python3 python3.14 python3.13 python3.12 python3.11; do
        # A version manager's shim may be on the PATH and still refuse to run.
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) ||
            continue
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            return
        fi
        too_old=${too_old:-$version}
    done
    if [ -n "$too_old" ]; then
        fail "needs Python 3.11 or newer, but python3 is $too_old; install a newer one beside it."
    fi
    fail "needs Python 3.11 or newer, and there is no python3 on the PATH."
}

# ensure_venv FOLDER LOCK: a virtual environment with exactly what the lock file names.
# The stamp is written last, so an interrupted install is done again from the start; a changed
# lock, another Python or a moved folder (environments cannot be moved) are told by it too.
ensure_venv() {
    wanted="$(cksum <"$2") $version $PWD"
    if [ -x "$1/bin/python" ] && [ "$(cat "$1/stamp" 2>/dev/null)" = "$wanted" ]; then
        return
    fi
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "$python cannot make virtual environments; on Debian or Ubuntu: apt-get install python3-venv"
    say "installing the libraries named in $2 into $1 (once; takes up to a minute)"
    "$python" -m venv --clear "$1" || fail "could not make the virtual environment $1, see above."
    "$1/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
        --only-binary :all: --require-hashes --requirement "$2" ||
        fail "could not install the libraries named in $2, see above; nothing else was changed."
    printf '%s\n' "$wanted" >"$1/stamp"
}
