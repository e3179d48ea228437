import { type Either, isLeft, map } from 'fp-ts/lib/Either.js'
import { encodeEscaped } from '../../bytes/escaped.js'
import type { Protocol } from '../../combinators/protocol.js'
import { alphabet, type TextMaker, type TextsOf } from '../../combinators/text-format.js'
import { baseNamePattern } from '../../types/base-store-path.js'
import { base16Digests, ofAlgorithm } from '../../types/digest-samples.js'
import { namePattern } from '../../types/store-path-name.js'
import { readAll } from '../aterm/reader.js'
import { quotedString, type Token, writeAll } from '../aterm/writer.js'
import { type BrokenText, StoreText } from '../store-text.js'
import type { FieldIssue } from '../text-issue.js'
import { derivationTerm } from './term.js'
import type { Derivation as Value } from './value.js'

export const tokensOf = (value: Value, protocol: Protocol): Either<FieldIssue, ReadonlyArray<Token>> =>
  writeAll(protocol, (writer) => derivationTerm.write(writer, value, []))

const joined = (tokens: ReadonlyArray<Token>): string => tokens.map(({ text }) => text).join('')

const words = alphabet('a-zA-Z0-9 /"\\\n\t=.')

const texts: TextsOf = (make, _protocol) => {
  const inQuotes = (text: ReturnType<typeof word>) => make.mapped(text, quotedString)
  const word = () => make.pattern([{ _tag: 'chars', alphabet: words, min: 0, max: 12 }])
  const path = inQuotes(
    make.pattern([{ _tag: 'storeDir' }, { _tag: 'literal', text: '/' }, ...baseNamePattern]),
  )
  const name = inQuotes(make.pattern(namePattern))
  const listed = <T>(item: T, maker: TextMaker<T>, most: number): T =>
    maker.many(item, 0, most, (all) => `[${[...new Set(all)].join(',')}]`)
  // The key is the first string of an entry.
  const keyed = <T>(entry: T, maker: TextMaker<T>): T =>
    maker.many(entry, 0, 2, (all) => {
      const byKey = new Map(all.map((each) => [/^\("(?:[^"\\]|\\.)*"/.exec(each)?.[0], each]))
      return `[${[...byKey.values()].join(',')}]`
    })
  const fixed = ofAlgorithm(make, (algorithm) =>
    make.joined(path, `,"r:${algorithm}","`, base16Digests(make, algorithm), '"'),
  )
  const output = make.oneOf(
    make.joined('"","",""'),
    make.joined(path, ',"",""'),
    fixed,
    make.joined('"","sha256",""'),
    make.joined('"","text:sha256","impure"'),
  )
  const names = listed(name, make, 2)
  const nested = make.joined('(', names, ',[(', name, ',', names, ')])')
  const rest = make.joined(
    ',',
    listed(path, make, 2),
    ',',
    inQuotes(word()),
    ',',
    inQuotes(word()),
    ',',
    make.many(inQuotes(word()), 0, 3, (all) => `[${all.join(',')}]`),
    ',',
    keyed(make.joined('(', inQuotes(word()), ',', inQuotes(word()), ')'), make),
    ')',
  )
  const outputs = keyed(make.joined('(', name, ',', output, ')'), make)
  return make.oneOf(
    make.joined('Derive(', outputs, ',', keyed(make.joined('(', path, ',', names, ')'), make), rest),
    make.joined('DrvWithVersion("xp-dyn-drv",', outputs, ',[(', path, ',', nested, ')]', rest),
  )
}

const broken = (value: Value, protocol: Protocol): ReadonlyArray<BrokenText> => {
  const tokens = tokensOf(value, protocol)
  if (isLeft(tokens)) return []
  const whole = joined(tokens.right)
  const size = encodeEscaped(whole).length
  const all: Array<BrokenText> = [
    { rule: 'nothing follows', text: `${whole}\n`, offset: size, path: [] },
    { rule: 'the term ends', text: whole.slice(0, -1), offset: size - 1, path: [] },
    { rule: 'it is a derivation', text: whole.toLowerCase(), offset: 0, path: [] },
  ]
  let index = 0
  let offset = 0
  for (const { text, path, is } of tokens.right) {
    const [before, behind] = [whole.slice(0, index), whole.slice(index + text.length)]
    const put = (rule: string, by: string, at: number) =>
      all.push({ rule, text: before + by + behind, offset: offset + at, path })
    if (is === 'string') {
      const inner = text.slice(1)
      put('a string begins with a quotation mark', `'${inner}`, 0)
      put('a string has no newline', `"\n${inner}`, 1)
      put('a string has no escape that is not needed', `"\\q${inner}`, 1)
    } else if (text === ',') {
      put('a comma stands between two terms', ';', 0)
    }
    index += text.length
    offset += encodeEscaped(text).length
  }
  return all
}

/**
 * The text of a `.drv` file: an ATerm, `Derive(…)`, or `DrvWithVersion("xp-dyn-drv",…)` if inputs are outputs of
 * outputs. Sets and maps keep the order of the file; Nix writes them in the order of their bytes.
 *
 * ```ts
 * import { Derivation, showStoreTextIssue } from 'nix-wire/store'
 * import { either as E, function as F } from 'fp-ts'
 *
 * const file =
 *   'Derive([("out","/nix/store/fhaj6gmwns62s6ypkcldbaj2ybvkhx3p-foo","","")],' +
 *   '[("/nix/store/ss2p4wmxijn652haqyd7dckxwl4c7hxx-bar.drv",["out"])],[],":",":",[],[("name","foo")])'
 * F.pipe(
 *   Derivation.parse(file),
 *   E.map(({ inputDrvs, env }) => [...inputDrvs.keys(), env.get('name')]),
 * ) // => { _tag: 'Right', right: ['/nix/store/ss2p4wmxijn652haqyd7dckxwl4c7hxx-bar.drv', 'foo'] }
 * F.pipe(Derivation.parse(file.replace('foo",""', 'foo",sha256')), E.mapLeft(showStoreTextIssue))
 * // => { _tag: 'Left', left: '1:66: outputs.out.hashAlgo: expected "\\"", got "sha256,\\"\\")],[(\\"/nix/stor"…' }
 * ```
 *
 * Forms that Nix reads but would write differently are rejected: an unnecessary escape, a path that is not clean, a
 * hash in nix32, duplicates. Source: the reference implementation.
 */
export const Derivation: StoreText<Value> = new StoreText<Value>({
  name: 'Derivation',
  summary: 'a derivation',
  syntax: [
    {
      rules: [
        'Derivation = "Derive(" Fields ")" | "DrvWithVersion(" <"xp-dyn-drv" as a String> "," Fields ")"',
        'Fields = Outputs "," InputDrvs "," InputSrcs "," String "," String "," Args "," Env',
        'Outputs = "[" [ Output { "," Output } ] "]"',
        'Output = "(" String "," String "," String "," String ")"',
        'InputDrvs = "[" [ InputDrv { "," InputDrv } ] "]"',
        'InputDrv = "(" String "," InputOutputs ")"',
        'InputOutputs = Strings | "(" Strings "," InputDrvs ")"',
        'InputSrcs = Strings',
        'Args = Strings',
        'Strings = "[" [ String { "," String } ] "]"',
        'Env = "[" [ Variable { "," Variable } ] "]"',
        'Variable = "(" String "," String ")"',
        'String = <characters in quotation marks, with \\n, \\r, \\t, \\" and \\\\ escaped>',
      ],
    },
  ],
  parse: (text, protocol) => readAll(text, protocol, (reader) => derivationTerm.read(reader, [])),
  print: (value, protocol) => map(joined)(tokensOf(value, protocol)),
  texts,
  broken,
})
export type Derivation = Value
