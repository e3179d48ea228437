import { isNone, isSome, none, type Option, some } from 'fp-ts/lib/Option.js'
import type { FieldPath } from '../../combinators/issue.js'
import type { TextFormat } from '../../combinators/text-format.js'
import { impure } from '../../types/derivation-output-hash.js'
import {
  type DerivationOutput,
  DerivationOutputHash,
  DerivationOutputMethod,
  type DerivationOutputTexts,
  derivationOutputFromTexts,
  derivationOutputToTexts,
  StrictStorePath,
} from '../../types/index.js'
import type { Reader } from '../aterm/reader.js'
import { formatted, string, type Term } from '../aterm/term.js'

/** A text that may be empty. */
const maybe = <A>(format: TextFormat<A>): Term<Option<A>> => {
  const some_ = formatted(format)
  return {
    read: (reader, path) => {
      if (reader.next('""')) {
        string.read(reader, path)
        return none
      }
      return some(some_.read(reader, path))
    },
    write: (writer, value, path) =>
      isSome(value) ? some_.write(writer, value.value, path) : writer.string('', path),
  }
}

const parts = {
  path: maybe(StrictStorePath.format),
  hashAlgo: maybe(DerivationOutputMethod.format),
  hash: maybe(DerivationOutputHash.format),
}

/** The place of the issue in three texts. */
const misfit = ({
  path,
  hashAlgo,
  hash,
}: DerivationOutputTexts): readonly ['path' | 'hash', string] | null => {
  if (isNone(hashAlgo)) {
    return isSome(hash) ? ['hash', 'no hash without its algorithm'] : null
  }
  const isFixed = isSome(hash) && hash.value !== impure
  if (isFixed) {
    return isNone(path) ? ['path', 'the path of a fixed output'] : null
  }
  return isSome(path) ? ['path', 'no path of an output that has no hash yet'] : null
}

const read = (reader: Reader, at: FieldPath): DerivationOutput => {
  const starts = { path: reader.at, hash: 0 }
  const path = parts.path.read(reader, [...at, 'path'])
  reader.expect(',', at)
  const hashAlgo = parts.hashAlgo.read(reader, [...at, 'hashAlgo'])
  reader.expect(',', at)
  starts.hash = reader.at
  const hash = parts.hash.read(reader, [...at, 'hash'])
  const texts = { path, hashAlgo, hash }
  const wrong = misfit(texts)
  if (wrong !== null) {
    const [field, expected] = wrong
    return reader.refuse(starts[field], [...at, field], expected)
  }
  const output = derivationOutputFromTexts(texts)
  const back = output._tag === 'Right' ? derivationOutputToTexts(output.right) : output
  // For example, the digest was in nix32.
  if (output._tag === 'Right' && back._tag === 'Right') {
    const usual = back.right.hash
    if (isNone(usual) || (isSome(hash) && usual.value === hash.value)) return output.right
  }
  return reader.refuse(starts.hash + 1, [...at, 'hash'], 'the digest of the algorithm in lower-case base16')
}

/** `path,hashAlgo,hash`: an output of a derivation, without its name. */
export const outputTerm: Term<DerivationOutput> = {
  read,
  write: (writer, output, at) => {
    const texts = derivationOutputToTexts(output)
    if (texts._tag === 'Left') {
      return writer.refuse(at, texts.left.replace(/^expected /, ''), 'another output')
    }
    parts.path.write(writer, texts.right.path, [...at, 'path'])
    writer.mark(',', at)
    parts.hashAlgo.write(writer, texts.right.hashAlgo, [...at, 'hashAlgo'])
    writer.mark(',', at)
    parts.hash.write(writer, texts.right.hash, [...at, 'hash'])
  },
}
