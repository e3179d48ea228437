import { concat, int, padded } from '../support/wire.js'
import { kitchen } from './kitchen.js'
import { pantry } from './pantry.js'
import { burnt, done, frame, framed, greeted, latin, offers, remark, takes } from './sessions.js'
import { type Tape, tape } from './tape.js'

/** One broken rule, and the events of an observer. */
interface Fault {
  readonly session: Tape
  readonly found: ReadonlyArray<string>
}

const { client: hello, server: welcome } = greeted(1)

const inKitchen = (client: ReadonlyArray<Uint8Array>, server: ReadonlyArray<Uint8Array>): Tape =>
  tape(kitchen, [...hello, ...client], [...welcome, ...server])

const inPantry = (client: ReadonlyArray<Uint8Array>, server: ReadonlyArray<Uint8Array>): Tape =>
  tape(pantry, [...offers, ...client], [...takes, ...server])

const ask = (most: number): Uint8Array => concat(int(0), int(most))
const leaf = (name: string, grams: number): Uint8Array => concat(padded(name), int(grams))

const huge = int(2n ** 40n)

export const faults: { readonly [name: string]: Fault } = {
  'says: a word that is cut': {
    session: inKitchen([int(1), padded('assam').subarray(0, 10)], []),
    found: ['client issue 16 UnexpectedEnd order.leaf: 10 bytes'],
  },
  'sequence: a word that is left out': {
    session: inKitchen([int(1), int(3)], []),
    found: ['client issue 16 UnexpectedEnd order.leaf: 8 bytes'],
  },
  'says: a word that is no text': {
    session: inKitchen([int(1), padded(latin('as\xff')), int(2)], []),
    found: ['client issue 24 NotUtf8 order.leaf: 0xff'],
  },
  'says: a side that says nothing': {
    session: inKitchen([int(1), padded('assam'), int(2)], []),
    found: ['server issue 16 UnexpectedEnd note.is: 0 bytes'],
  },
  'says: more than was asked for': {
    session: inPantry([int(1), padded(latin('\x05\0\0\0\0\0'))], [ask(5)]),
    found: ['client issue 56 LimitExceeded piece: a length of 6'],
  },
  'branch: a case that there is not': {
    session: inKitchen([int(9)], []),
    found: ['client issue 8 UnknownTag want: 9'],
  },
  'branch: a case that the protocol does not have, in other words': {
    session: inPantry([int(6), huge, int(7)], []),
    found: [
      'client issue 48 UnknownTag job: 6 (Lemon), which needs feature lemon; agreed on: no feature lemon',
    ],
  },
  'branch: a case that the protocol does not have, and a wrong answer': {
    session: inPantry([int(6), leaf('thin', 3)], [huge]),
    found: ['server issue 24 LimitExceeded lemon: a length of 1099511627776'],
  },
  'branch: a case that there is not, of a word before the last': {
    session: inPantry([int(8)], [concat(int(8), padded('farewell').subarray(8))]),
    found: ['server issue 24 UnknownTag from: 8'],
  },
  'gated: what only others say is left out': {
    session: tape(pantry, [offers[0]!, int(5)], [...takes, latin('.s;p')]),
    found: ['server issue 24 UnexpectedEnd farewell: 4 bytes'],
  },
  'agree: what cannot be agreed on': {
    session: tape(kitchen, [int(1)], [int(0), int(0)]),
    found: ['server issue 0 InvalidValue welcome: what was said'],
  },
  'agree: names that were not offered': {
    session: tape(pantry, [offers[0]!, int(3)], [concat(int(2), padded('milk'), padded('rum'))]),
    found: ['server issue 0 InvalidValue takes: what was said'],
  },
  'loop: what is said in it is none of the cases': {
    session: inKitchen([int(1), padded('assam'), int(2)], [remark('water'), int(7)]),
    found: ['server issue 40 UnknownTag note.is: 7'],
  },
  'loop: fewer rounds than announced': {
    session: inPantry(
      [int(3), framed(concat(int(3), leaf('oolong', 5)), 8), int(5)],
      [done, int(11), latin(';p')],
    ),
    found: ['client fault 120 FramesEnd bag.leaf.name: 0 bytes'],
  },
  'loop: a turn that nobody began': {
    session: inKitchen([int(3)], [padded('noon'), huge]),
    found: ['server issue 32 LimitExceeded farewell: a length of 1099511627776'],
  },
  'again: it goes on although it failed': {
    session: inKitchen([int(1), padded('assam'), int(2)], [burnt('late'), huge]),
    found: ['server issue 40 LimitExceeded farewell: a length of 1099511627776'],
  },
  'atOnce: both sides break': {
    session: inKitchen([int(2), frame('abc').subarray(0, 10)], [remark('nice').subarray(0, 9)]),
    found: [
      'client issue 16 UnexpectedEnd photo: 10 bytes',
      'server issue 24 UnexpectedEnd note.text: 1 bytes',
    ],
  },
  'atOnce: one side is cut, and the other fails': {
    session: inPantry([int(4), latin('.a')], [burnt('no paper')]),
    found: ['client issue 58 UnexpectedEnd letter: 0 bytes'],
  },
  'blob: bytes that do not belong': {
    session: inPantry([int(4), latin('.a.b,c')], [done]),
    found: ['client issue 60 UnknownTag letter: 44'],
  },
  'blob: bytes without an end': {
    session: inPantry([int(5)], [latin('.s.')]),
    found: ['server issue 26 UnexpectedEnd soup: 1 bytes'],
  },
  'carried: a frame that is cut': {
    session: inKitchen([int(2), frame('abc').subarray(0, 10)], [done]),
    found: ['client issue 16 UnexpectedEnd photo: 10 bytes'],
  },
  'carried: frames without an end': {
    session: inKitchen([int(2), frame('abc')], [done, int(7)]),
    found: ['client issue 27 UnexpectedEnd photo: 0 bytes'],
  },
  'carried: frames behind the end': {
    session: inKitchen([int(2), frame('abc'), int(0), frame('d'), int(0)], [done, int(7)]),
    found: ['client issue 43 UnexpectedEnd order.leaf: 9 bytes'],
  },
  'carried: words in frames that are none': {
    session: inPantry(
      [int(3), framed(concat(int(1), leaf('ool\0ng', 5).fill(0xff, 11, 12)), 5), int(5)],
      [done, int(11), latin(';p')],
    ),
    found: ['client fault 104 NotUtf8 bag.leaf.name: 0xff'],
  },
  'carried: a check of words in frames': {
    session: inPantry(
      [int(3), framed(concat(int(2), leaf('oolong', 0), leaf('x', 1)), 9), int(5)],
      [done, int(11), latin(';p')],
    ),
    found: ['client fault 72 InvalidValue bag.leaf: what was said'],
  },
  'carried: pieces that do not belong': {
    session: inPantry(
      [int(1), padded(latin('\x05\0\0\0')), padded(latin('\0\0\0\0.a,b'))],
      [ask(4), ask(8), int(1), int(8)],
    ),
    found: ['client fault 86 UnknownTag photo.pixels: 44'],
  },
  'carried: pieces that are not all': {
    session: inPantry([int(1), padded(latin('\x05\0\0\0\0\0\0\0.a.'))], [ask(99), int(1), int(8)]),
    found: ['client fault 74 FramesEnd photo.pixels: 1 bytes'],
  },
  'unless: what a side departs with is cut': {
    session: inKitchen(
      [int(1), padded('assam'), int(2)],
      [remark('water'), padded('we have no more tea').subarray(0, 20)],
    ),
    found: ['server issue 40 UnknownTag note.is: 19'],
  },
  'unless: what the other side says cannot be read, and it departs': {
    session: inKitchen([int(1), padded(latin('as\xff')), int(2)], [padded('what?')]),
    found: ['client issue 24 NotUtf8 order.leaf: 0xff'],
  },
  'ends: it goes on': {
    session: tape(kitchen, [int(1), int(3)], [int(9), concat(int(1), padded('monday')), int(1)]),
    found: [
      'client issue 8 TrailingBytes : unexpected bytes',
      'server issue 32 TrailingBytes : unexpected bytes',
    ],
  },
}
