#!/usr/bin/env bash
# Installs what Waggle needs on Debian 12 (or Ubuntu 24.04) and nothing else.
# Safe to run again: it looks first, says what it does, and skips what is there.
#   scripts/setup.sh          what building and running needs
#   scripts/setup.sh --test   also the real peers that the tests call: a SIP
#                             phone, a SIP load generator and a browser
set -euo pipefail
cd "$(dirname "$0")/.."

ort_version=1.24.1
arch=$(uname -m)
case "$arch" in
x86_64) ort_folder=x64 ort_npm_sha=53ef1ac028dd1b05554b8da28d9159eb3876f99868193d2aaa6e67f0243c23d4 \
  ort_pip_sha=94ac52f650e195b784587e1cb7d25b4bf074048b50fa9a7127795b2ed34db22e ;;
aarch64) ort_folder=arm64 ort_npm_sha=7954e8bdedb497f830c6a679e818d98399b7f4d81ade1126c3e0be74d28111ab ort_pip_sha= ;;
*) echo "setup: no prebuilt ONNX Runtime for $arch; put libonnxruntime.so.1 (>= $ort_version) into lib/ yourself" >&2; exit 1 ;;
esac
lib=lib/libonnxruntime.so.1

say() { printf 'setup: %s\n' "$*"; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# --- tools that must be there already
for tool in go gcc; do have "$tool" || die "$tool is missing: install it first (Debian: apt-get install golang gcc, or Go from its own site; Go 1.26 or newer)"; done

# --- Debian packages
wanted=()
need() { # need PACKAGE CHECK...   installs PACKAGE unless CHECK succeeds
  local package=$1; shift
  "$@" >/dev/null 2>&1 || wanted+=("$package")
}
need pkg-config have pkg-config
need g++ have g++
need make have make
if have pkg-config; then
  need libopencv-dev pkg-config --exists opencv4
  need libopus-dev pkg-config --exists opus
  need libopusfile-dev pkg-config --exists opusfile
else
  wanted+=(libopencv-dev libopus-dev libopusfile-dev)
fi
if [ "${1:-}" = --test ]; then
  need baresip-core have baresip
  need sip-tester have sipp
  need chromium have chromium
  need curl have curl
fi
if [ ${#wanted[@]} -gt 0 ]; then
  have apt-get || die "these Debian packages are missing and there is no apt-get: ${wanted[*]}"
  root=(); if [ "$(id -u)" != 0 ]; then have sudo || die "run once as root: apt-get install -y --no-install-recommends ${wanted[*]}"; root=(sudo); fi
  say "installing ${wanted[*]} (a few hundred MB the first time)"
  "${root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
fi

# --- ONNX Runtime: only a file whose sha256 is known is ever put in place
matches() { [ -n "$2" ] && [ -f "$1" ] && [ "$(sha256sum "$1" | cut -d' ' -f1)" = "$2" ]; }
known() { matches "$1" "$ort_npm_sha" || matches "$1" "$ort_pip_sha"; }
place() { mkdir -p lib && cp "$1" "$lib.part" && chmod 644 "$lib.part" && mv "$lib.part" "$lib"; }
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT

from_prebuilt() {
  local p
  for p in "${WAGGLE_ONNXRUNTIME:-}" /usr/local/lib/libonnxruntime.so.1 /usr/lib/waggle/libonnxruntime.so.1; do
    if [ -n "$p" ] && known "$p"; then say "taking ONNX Runtime from $p"; place "$p"; return 0; fi
  done
  return 1
}
from_npm() {
  have npm || return 1
  say "fetching ONNX Runtime $ort_version as the npm package onnxruntime-node (86 MB)"
  (cd "$work" && npm pack --silent "onnxruntime-node@$ort_version" >/dev/null 2>npm.log) || return 1
  tar -xzf "$work/onnxruntime-node-$ort_version.tgz" -C "$work" "package/bin/napi-v6/linux/$ort_folder/libonnxruntime.so.1" || return 1
  place_checked "$work/package/bin/napi-v6/linux/$ort_folder/libonnxruntime.so.1" "$ort_npm_sha"
}
from_pip() {
  have python3 && have pip3 && [ -n "$ort_pip_sha" ] || return 1
  say "fetching ONNX Runtime $ort_version as the Python wheel onnxruntime"
  pip3 download --quiet --no-deps --only-binary=:all: --python-version 3.11 --dest "$work" "onnxruntime==$ort_version" || return 1
  python3 -c 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); n, = [x for x in z.namelist() if "/libonnxruntime.so." in x]; open(sys.argv[2], "wb").write(z.read(n))' \
    "$work"/onnxruntime-*.whl "$work/lib.so" || return 1
  place_checked "$work/lib.so" "$ort_pip_sha"
}
place_checked() {
  matches "$1" "$2" || { say "the file fetched does not have the expected sha256 and was thrown away"; return 1; }
  place "$1"
}
if known "$lib"; then
  say "ONNX Runtime $ort_version is in place"
else
  from_prebuilt || from_npm || from_pip || die "could not fetch ONNX Runtime $ort_version: check the network (npm or pip), or put libonnxruntime.so.1 into lib/ yourself"
  say "ONNX Runtime $ort_version is in $lib"
fi
say "ready"
