#!/usr/bin/env bash
# install-nix.sh SUITE DIR: the nix-bin of another Debian suite under DIR, which leaves this system as it is.
#
# bullseye has Nix 2.3 (protocol 1.21), trixie 2.26 and sid 2.34 (both 1.38). Afterwards DIR/bin holds the programs.
# Needs apt, set up and updated; fetches patchelf the same way.
set -euo pipefail

suite=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd -P)
[ ! -e "$dir/done" ] || exit 0
root=$dir/root
mkdir -p "$root" "$dir/bin" "$dir/state/lists/partial" "$dir/state/cache/archives/partial"

# The mirror of this machine's own apt serves the other suites too.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
[ -n "$mirror" ] || { echo 'install-nix.sh: apt knows no mirror; run apt-get update first' >&2; exit 1; }

: >"$dir/state/status"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$mirror" "$suite" >"$dir/state/sources.list"

apart() {
  apt-get -qq \
    -o Dir::Etc::SourceList="$dir/state/sources.list" -o Dir::Etc::SourceParts=- \
    -o Dir::State::Lists="$dir/state/lists" -o Dir::State::Status="$dir/state/status" \
    -o Dir::Cache="$dir/state/cache" -o Debug::NoLocking=1 \
    -o APT::Install-Recommends=false -o APT::Sandbox::User=root "$@"
}

apart update
apart -y --download-only install nix-bin patchelf >/dev/null
for package in "$dir"/state/cache/archives/*.deb; do
  dpkg-deb --extract "$package" "$root"
done
rm -rf "$dir/state"

# Programs of another suite need that suite's loader and libraries.
triplet=$(basename "$(dirname "$(find "$root" -name 'libc.so.6' -print -quit)")")
libraries=$root/usr/lib/nix:$root/usr/lib/$triplet:$root/lib/$triplet:$root/usr/lib
loader=$(find "$root" \( -name 'ld-linux-*.so.*' -o -name 'ld-2.*.so' \) -print -quit)
loader=$(readlink -f "$loader")

# Nix 2.3 names its own libraries' folder inside its libraries, so the loader must be told at each start; it also
# looks for its own expressions.
wrap() {
  printf '#!/bin/sh\nexport NIX_DATA_DIR=%s\nexec %s --library-path %s %s "$@"\n' \
    "$root/usr/share" "$loader" "$libraries" "$root/usr/bin/$1" >"$dir/bin/$1"
  chmod +x "$dir/bin/$1"
}

if [ "$suite" != bullseye ]; then
  "$loader" --library-path "$libraries" "$root/usr/bin/patchelf" \
    --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" "$root/usr/bin/nix"
fi
for program in nix nix-build nix-collect-garbage nix-daemon nix-instantiate nix-store; do
  if [ "$suite" = bullseye ]; then
    wrap "$program"
  else
    ln -sf "$root/usr/bin/nix" "$dir/bin/$program"
  fi
done

"$dir/bin/nix-store" --version
touch "$dir/done"
