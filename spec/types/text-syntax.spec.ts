import { expect } from 'chai'
import fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { holds } from '../../combinators/gate.js'
import type { Protocol } from '../../combinators/index.js'
import type { Grammar, TextNode } from '../../combinators/node.js'
import { nodesIn } from '../../combinators/parts.js'
import { regexOf } from '../../combinators/pattern-regex.js'
import type { TextFormat } from '../../combinators/text-format.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import { rightOf } from '../support/either.js'
import { allGrammars } from '../support/grammars.js'

const nodes = allGrammars.flatMap(([, { node }]) => [...nodesIn(node)])

const formats: ReadonlyMap<string, TextFormat<unknown>> = new Map(
  nodes.flatMap((node) =>
    node._tag === 'text' && node.format !== null ? [[node.format.name, node.format]] : [],
  ),
)

const base16 = '(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})'
const nix32 = '(?:[0-9a-df-np-sv-z]{26}|[0-9a-df-np-sv-z]{32}|[0-9a-df-np-sv-z]{52}|[0-9a-df-np-sv-z]{103})'
const base64 = '(?:[A-Za-z0-9+/]{22}==|[A-Za-z0-9+/]{27}=|[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==)'

/** What stands in words, as a regular expression. */
const inWords: { readonly [words: string]: string } = {
  'a character other than NUL': '[^\\0]',
  'a digest in base16': base16,
  'a digest in nix32': nix32,
  'a digest in base64': base64,
  'the digest in base16': base16,
  'the digest in nix32': nix32,
  'a Signature as JSON writes a string': '"(?:[^"\\\\]|\\\\.)*"',
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

type Rules = ReadonlyMap<string, string>

const rulesOf = (lines: ReadonlyArray<string>): Rules =>
  new Map(
    lines.map((line) => {
      const [, name = '', is = ''] = /^(\w+) = (.*)$/.exec(line) ?? []
      return [name, is]
    }),
  )

const brackets: { readonly [token: string]: string } = {
  '[': '(?:',
  ']': ')?',
  '{': '(?:',
  '}': ')*',
  '|': '|',
}

/** A rule as a regular expression; its names are those of other rules or of formats. */
const expressionOf = (rule: string, rules: Rules, given: Protocol): string => {
  const tokens = rule.match(/"[^"]*"|'[^']*'|<[^>]*>|\w+|\S/g) ?? []
  return `(?:${tokens
    .map((token) => {
      if (/^["']/.test(token)) {
        return escaped(token.slice(1, -1))
      }
      const words = token.startsWith('<') ? inWords[token.slice(1, -1)] : undefined
      const found =
        words ?? brackets[token] ?? (rules.has(token) ? expressionOf(rules.get(token)!, rules, given) : null)
      return found ?? expressionOfFormat(token, given)
    })
    .join('')})`
}

const expressionOfFormat = (name: string, given: Protocol): string => {
  const format = formats.get(name)
  if (format?.pattern !== undefined) {
    return `(?:${regexOf(format.pattern, given).replace(/^\^|\$$/g, '')})`
  }
  const syntax = format?.syntax?.find(({ gate }) => gate === undefined || holds(gate, given))
  if (syntax === undefined) {
    throw new Error(`nothing is known of ${name}`)
  }
  const rules = rulesOf(syntax.rules)
  return expressionOf(rules.get(name) ?? '', rules, given)
}

/** A realisation keeps the text that it was read from, if that is not the canonical one. */
const isKept = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (value as { text?: { _tag: string } }).text?._tag === 'Some'

const written = (format: TextFormat<unknown>, given: Protocol): ReadonlyArray<string> => {
  const node: TextNode = { _tag: 'text', encoding: 'utf8', format, optional: false }
  const values = toArbitrary({ node } as unknown as Grammar<unknown>, given)
  return fc
    .sample(values, { numRuns: 200, seed: 7 })
    .filter((value) => !isKept(value))
    .map((value) => rightOf(format.print(value, given)))
}

const protocols = [nixProtocol(), nixProtocol({ version: '1.29' })]

describe('the syntax of a text format', () => {
  const described = [...formats.values()].filter(({ syntax }) => syntax !== undefined)

  it('exists for each that has no pattern', () => {
    const silent = [...formats.values()].filter(({ pattern, syntax }) => (pattern ?? syntax) === undefined)
    expect(silent.map(({ name }) => name)).to.deep.equal([])
    expect(described.length).to.be.greaterThan(7)
  })

  for (const format of described) {
    it(`begins with the rule of its name: ${format.name}`, () => {
      for (const { rules } of format.syntax ?? []) {
        expect(rules[0]).to.match(new RegExp(`^${format.name} = `))
      }
    })

    it(`accepts the printed texts: ${format.name}`, () => {
      for (const given of protocols) {
        const whole = new RegExp(`^${expressionOfFormat(format.name, given)}$`, 'su')
        expect(written(format, given).filter((text) => !whole.test(text))).to.deep.equal([])
      }
    })

    it(`accepts little else: ${format.name}`, () => {
      for (const given of protocols) {
        const whole = new RegExp(`^${expressionOfFormat(format.name, given)}$`, 'su')
        // One letter more, one less, another one: the format must read every text that the rules accept.
        const texts = written(format, given)
          .slice(0, 50)
          .flatMap((text) => [`${text}!`, `${text},`, `x${text}`, text.slice(1), text.replace(':', ''), ''])
        const taken = texts.filter((text) => whole.test(text))
        expect(taken.filter((text) => !isRight(format.parse(text, given)))).to.deep.equal([])
        expect(taken.length).to.be.lessThan(texts.length)
      }
    })
  }
})
