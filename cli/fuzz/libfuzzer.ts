import { createHash } from 'node:crypto'
import { shellWord } from '../../bytes/shell-word.js'
import { dictionaryOf } from '../dictionary.js'
import { OutputFolder } from '../output-folder.js'
import { mixedOf } from '../sample/messages.js'
import type { Target } from '../sample/target.js'
import { zipOf } from './zip.js'

/** The file name of an input as libFuzzer makes it, so that a merge of two corpora keeps each input once. */
const nameOf = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex')

/** Seeds by name, each once. */
export const seedsOf = async (
  target: Target,
  number: number,
  seed: number,
): Promise<ReadonlyMap<string, Uint8Array>> => {
  const messages = new Map<string, Uint8Array>()
  const mixed = mixedOf(target, seed)
  for (let i = 0; i < number; i++) {
    const { value: bytes } = await mixed.next()
    messages.set(nameOf(bytes), bytes)
  }
  return messages
}

/** A shell command in a comment of one line. */
const lineFor = (words: ReadonlyArray<string>): string =>
  words
    .map(shellWord)
    .join(' ')
    .replaceAll(/[\r\n]/g, ' ')

const harness = (
  type: string,
  given: ReadonlyArray<string>,
): string => `// A fuzz target for libFuzzer: ${lineFor(['nix-wire', 'fuzz', 'init', type, 'DIR', '--libfuzzer', ...given])}
// What it has gathered, with a verdict on each: ${lineFor(['nix-wire', 'fuzz', type, ...given])} --corpus corpus --exec PROGRAM
#include <cstddef>
#include <cstdint>

// Your decoder: whether it accepts the bytes. Build with the files that have it: ./build.sh decoder.cc
extern "C" bool decode(const uint8_t *data, size_t size);

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  decode(data, size);
  return 0;
}
`

const build = `#!/bin/sh
# Builds the fuzz target with your decoder: ./build.sh decoder.cc …
# ClusterFuzzLite and OSS-Fuzz set CXX, CXXFLAGS, LIB_FUZZING_ENGINE and OUT.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=\${OUT:-$here}
if [ $# -eq 0 ]; then
  echo 'expected the files of a decoder: ./build.sh decoder.cc' >&2
  exit 2
fi
\${CXX:-clang++} \${CXXFLAGS:--g -O1 -fsanitize=address,undefined} -std=c++17 "$here/fuzz_target.cc" "$@" \\
  \${LIB_FUZZING_ENGINE:--fsanitize=fuzzer} -o "$out/fuzz_target"
if [ "$out" != "$here" ]; then
  cp "$here/fuzz_target.dict" "$here/fuzz_target_seed_corpus.zip" "$out/"
fi
`

/** Writes what libFuzzer and ClusterFuzzLite need: a target, its build script, a dictionary, and seeds. */
export const writeLibFuzzer = async (
  dir: string,
  type: string,
  target: Target,
  given: ReadonlyArray<string>,
  number: number,
  seed: number,
): Promise<void> => {
  const seeds = [...(await seedsOf(target, number, seed))]
  await OutputFolder.fill(dir, async (folder) => {
    await folder.write('fuzz_target.cc', harness(type, given))
    await folder.write('build.sh', build, 0o755)
    await folder.write('fuzz_target.dict', dictionaryOf(target.grammar, target.protocol))
    await folder.write('fuzz_target_seed_corpus.zip', zipOf(seeds.map(([name, bytes]) => ({ name, bytes }))))
    for (const [name, bytes] of seeds) {
      await folder.write(`corpus/${name}`, bytes)
    }
  })
}
