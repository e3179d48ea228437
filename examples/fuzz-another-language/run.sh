#!/bin/sh
# Compiles the decoder and looks for its mistake: ./run.sh [directory for what is found]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-fuzz-findings}
mkdir -p "$out"
"${CC:-cc}" -O1 -o "$out/decoder" "$here/decoder.c"
${NIX_WIRE:-npx nix-wire} fuzz 'List<Text>' --exec "$out/decoder" --time 30 --findings 1 --seed 1 --jobs 1 --out "$out"
