#!/usr/bin/env bash
# Prints the figures of the README, one JSON object a line. Takes some minutes
# and wants a quiet machine.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '# %s\n' "$*" >&2; }
say "$(nproc) cores, $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2- | sed 's/^ //'), $(go version | cut -d' ' -f3), $(git describe --always --dirty 2>/dev/null || true)"
for kind in asr tts dialog vision call; do
  say "waggle bench $kind --json"
  bin/waggle bench "$kind" --json
done
