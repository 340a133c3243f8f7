#!/usr/bin/env bash
# Makes the archives that unpack_test.go reads: Go has no bzip2 writer.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
pack() { tar --owner=0 --group=0 --mtime=@0 --sort=name -cjf "$1" -C "$work" "${@:2}"; }
mkdir -p "$work/model-1/test_wavs" "$work/model-1/dict"
printf graph >"$work/model-1/model.onnx"; printf 'a 0\n' >"$work/model-1/tokens.txt"
printf words >"$work/model-1/dict/words.txt"; printf wave >"$work/model-1/test_wavs/0.wav"
ln -s /etc/passwd "$work/model-1/link"
pack good.tar.bz2 model-1
tar --owner=0 --group=0 --mtime=@0 -P --transform 's,model-1/tokens.txt,model-1/../../tokens.txt,' -cjf outside.tar.bz2 -C "$work" model-1/tokens.txt
tar --owner=0 --group=0 --mtime=@0 -P --transform 's,model-1/tokens.txt,/tmp/tokens.txt,' -cjf absolute.tar.bz2 -C "$work" model-1/tokens.txt
truncate -s 5G "$work/model-1/zeros"; pack bomb.tar.bz2 model-1/zeros
head -c 100 good.tar.bz2 >cut.tar.bz2
printf 'not an archive' >text.tar.bz2
