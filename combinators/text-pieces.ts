import { expectArray, expectNames, expectOneOf, expectText } from './expect.js'
import { expectGate } from './gate.js'
import { show } from './show.js'
import type { TextPiece, TextSyntax } from './text-format.js'

type Check = (what: string, value: unknown) => void

const texts: Check = (what, value) => {
  expectArray(what, value)
  for (const each of value as ReadonlyArray<unknown>) {
    expectText(`a text of ${what}`, each)
  }
}

const count: Check = (what, value) => {
  if (typeof value !== 'number' || Number.isNaN(value) || value < 0) {
    throw new TypeError(`${what} must be a number of characters, not ${show(value)}`)
  }
}

/** How the members of each piece are checked; the compiler ensures that none is missing. */
const pieces: {
  readonly [T in TextPiece['_tag']]: {
    readonly [K in Exclude<keyof Extract<TextPiece, { readonly _tag: T }>, '_tag'>]: Check
  }
} = {
  literal: { text: expectText },
  storeDir: {},
  chars: { alphabet: expectText, min: count, max: count },
  unless: { whole: texts, starts: texts },
  oneOf: { texts },
  base64: {},
}

const rules: { readonly [K in keyof TextSyntax]-?: Check } = {
  gate: (_, value) => {
    if (value !== undefined) {
      expectGate(value)
    }
  },
  rules: texts,
  note: (what, value) => {
    if (value !== undefined) {
      expectText(what, value)
    }
  },
}

/** @throws TypeError for a syntax with a member that is missing, unknown or of another type. */
export const expectSyntax: Check = (what, syntax) => {
  expectArray(what, syntax)
  for (const [at, given] of (syntax as ReadonlyArray<TextSyntax>).entries()) {
    expectMembers(`part ${at} of ${what}`, given, rules)
  }
}

const expectMembers = (of: string, given: object, checks: { readonly [name: string]: Check }): void => {
  expectNames(`the members of ${of}`, given, 'member', ['_tag', ...Object.keys(checks)])
  for (const [name, check] of Object.entries(checks)) {
    check(`${name} of ${of}`, (given as { readonly [name: string]: unknown })[name])
  }
}

/** @throws TypeError for a piece of an unknown kind, and for a member that is missing, unknown or of another type. */
export const expectPieces: Check = (what, pattern) => {
  expectArray(what, pattern)
  for (const [at, piece] of (pattern as ReadonlyArray<TextPiece>).entries()) {
    const each = `piece ${at} of ${what}`
    const { _tag } = (piece ?? {}) as Partial<TextPiece>
    expectOneOf(`the _tag of ${each}`, _tag, Object.keys(pieces))
    expectMembers(each, piece, pieces[_tag as TextPiece['_tag']])
  }
}
