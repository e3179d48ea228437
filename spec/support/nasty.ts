import { expect } from 'chai'
import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import type { AnyGrammar, Grammar } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import { compile } from '../../interpreters/compile/index.js'
import { dissect } from '../../interpreters/dissect/index.js'
import type { Part } from '../../interpreters/dissect/tree.js'
import { nixWire, type Ran } from './cli.js'
import { words } from './nar.js'
import { rawIn } from './raw.js'

/**
 * A text that does to a terminal what a text can: title, clipboard, cursor, colours, their eight-bit forms, reversed
 * letters, invisible characters. It has no NUL, slash or line break, so that it can be a name and an argument.
 */
export const nasty =
  'né\x1b]0;title\x07\x1b]52;c;cm0gLXJm\x1b\\\x1b[2J\x1b[H\x1b[?25l\x1b[>4;1m\x1bc\x1b[31mred\x08\r\x0b\x0c\x0e' +
  '\x7f\x85\x90\x9b2J\x9d0;x\x9c\xad\u061c\u115f\u200b\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2066\u2069' +
  '\u3164\ufeff\u{e0041}end'

/** Fails if an output contains a character of such a text unescaped, or leaves a colour on. */
const expectNothingRaw = (output: string, terminal: boolean, what: string): void => {
  const shown = terminal ? output.replaceAll('\r\x1b[K', '') : output
  expect(rawIn(shown, terminal), `${what}: ${JSON.stringify(output)}`).to.deep.equal([])
  // `red` is the only colour that the command itself does not use, and nothing in the text turns it off.
  const isOn = shown.lastIndexOf('\x1b[31mred') > shown.lastIndexOf('\x1b[0m')
  expect(isOn, `${what}: ${JSON.stringify(output)}`).to.equal(false)
}

interface Expected {
  readonly stdin?: Uint8Array | string
  readonly env?: NodeJS.ProcessEnv
  /** Whether standard output is bytes for programs, unless it is a terminal. */
  readonly bytes?: true
}

/**
 * Runs the command without and with a terminal, and expects no control characters in either. Returns the result without
 * one.
 */
export const tame = async (
  args: ReadonlyArray<string>,
  { stdin = '', env = {}, bytes }: Expected = {},
): Promise<Ran> => {
  const what = args.join(' ')
  const colours = { FORCE_COLOR: '', NO_COLOR: '', NIX_WIRE_DEBUG: '' }
  const shown = await nixWire(args, stdin, { ...colours, ...env }, true)
  expectNothingRaw(shown.stdout.toString(), true, `${what}, on a terminal`)
  expectNothingRaw(shown.stderr, true, `${what}, error on a terminal`)
  const piped = await nixWire(args, stdin, { ...colours, ...env })
  expectNothingRaw(bytes === true ? '' : piped.stdout.toString(), false, what)
  expectNothingRaw(piped.stderr, false, `${what}, error`)
  expect(piped.stderr, what).not.to.match(/^ +at /m)
  expect(piped.exitCode, `${what}: ${piped.stderr}`).to.be.oneOf([0, 1, 2])
  expect(shown.exitCode, `${what}: ${shown.stderr}`).to.be.oneOf([0, 1, 2])
  return piped
}

/** The same if each line on standard output is JSON; returns the values. */
export const tameJson = async (
  args: ReadonlyArray<string>,
  expected: Expected = {},
): Promise<ReadonlyArray<unknown>> =>
  (await tame(args, expected)).stdout
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)

const leavesOf = (part: Part): ReadonlyArray<Part> =>
  part.parts.length === 0 ? [part] : part.parts.flatMap(leavesOf)

const isText = ({ value, start, end }: Part): boolean =>
  (typeof value === 'string' || typeof value === 'object') && end - start >= 8

/** Messages of a grammar, each with the text in place of one kind of text in it. */
export const nastyMessages = (
  grammar: AnyGrammar,
  protocol: Partial<Protocol>,
): ReadonlyArray<Uint8Array> => {
  const known = grammar as Grammar<unknown>
  const messages = new Map<string, Uint8Array>()
  for (const value of fc.sample(toArbitrary(known, protocol), { numRuns: 8, seed: 5 })) {
    const bytes = compile(known, protocol).encode(value)
    const tree = isLeft(bytes) ? null : dissect(known, protocol, bytes.right).tree
    for (const leaf of tree === null || isLeft(bytes) ? [] : leavesOf(tree).filter(isText)) {
      if (!messages.has(leaf.grammar) && !isLeft(bytes)) {
        const [before, behind] = [bytes.right.subarray(0, leaf.start), bytes.right.subarray(leaf.end)]
        messages.set(leaf.grammar, Buffer.concat([before, words(nasty), behind]))
      }
    }
  }
  return [...messages.values()]
}
