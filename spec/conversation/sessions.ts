import { concat, int, padded } from '../support/wire.js'
import { kitchen } from './kitchen.js'
import { pantry } from './pantry.js'
import { type Tape, tape } from './tape.js'

/** Sessions of both protocols, by hand. */

export const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1')

/** A frame, of at most 8 bytes. */
export const frame = (content: string | Uint8Array): Uint8Array => {
  const bytes = typeof content === 'string' ? latin(content) : content
  return concat(int(bytes.length), bytes)
}

/** Frames of a length, and the end frame. */
export const framed = (bytes: Uint8Array, length: number): Uint8Array => {
  const frames: Array<Uint8Array> = []
  for (let at = 0; at < bytes.length; at += length) {
    frames.push(frame(bytes.subarray(at, at + length)))
  }
  return concat(...frames, int(0))
}

export const remark = (text: string): Uint8Array => concat(int(0), padded(text))
export const done = int(1)
export const burnt = (why: string): Uint8Array => concat(int(2), padded(why))

/**
 * Both send their greeting, after which the client is at 16, and the server at 24 in versions 1.1 and 1.0.
 */
export const greeted = (newest: number) => ({
  client: [int(newest)],
  server: [int(9), int(0)],
})

const { client: hello, server: welcome } = greeted(1)

export const tea: Tape = tape(
  kitchen,
  [...hello, int(1), padded('assam'), int(2), int(3)],
  [...welcome, remark('water'), done, padded('a cup'), padded('noon')],
)

export const burntTea: Tape = tape(
  kitchen,
  [...hello, int(1), padded('assam'), int(2), int(3)],
  [...welcome, remark('water'), burnt('late'), padded('noon')],
)

export const photo: Tape = tape(
  kitchen,
  [...hello, int(2), frame('abc'), frame('d'), int(0), int(3)],
  [...welcome, remark('nice'), done, int(7), padded('noon')],
)

/** The server sends a failure, and the client ends the frames. */
export const burntPhoto: Tape = tape(
  kitchen,
  [...hello, int(2), frame('abc'), int(0), int(3)],
  [...welcome, burnt('dark'), padded('noon')],
)

export const closed: Tape = tape(kitchen, [int(1)], [int(9), concat(int(1), padded('monday'))])

/** The server breaks off where a note is due. */
export const farewell: Tape = tape(
  kitchen,
  [...hello, int(1), padded('assam'), int(2)],
  [...welcome, remark('water'), padded('we have no more tea')],
)

/** It breaks off when nothing was requested. */
export const lateFarewell: Tape = tape(
  kitchen,
  [...hello, int(3)],
  [...welcome, padded('noon'), padded('bye')],
)

const names = (...all: ReadonlyArray<string>): Uint8Array => concat(int(all.length), ...all.map(padded))

/** Both agree on milk, after which the client is at 48 and the server at 24. */
export const offers = [names('milk', 'x'), int(3)]
export const takes = [names('milk')]

const ask = (most: number): Uint8Array => concat(int(0), int(most))

export const pieces: Tape = tape(
  pantry,
  [...offers, int(1), padded(latin('\x05\0\0\0\0')), padded(latin('\0\0\0.a.')), padded(latin('b;c'))],
  [...takes, ask(5), ask(9), ask(3), int(1), int(8)],
)

/** The server ends before all bytes have come. */
export const fire: Tape = tape(
  pantry,
  [...offers, int(1), padded(latin('\x05\0\0\0\0'))],
  [...takes, ask(5), concat(int(2), padded('smoke'))],
)

/** Two parts cut the second line. */
export const tale: Tape = tape(
  pantry,
  [...offers, int(2)],
  [
    ...takes,
    concat(int(0), padded(concat(int(2), padded('once'), int(4)))),
    int(6),
    concat(int(0), padded(concat(latin('upon'), int(0).subarray(4)))),
    int(7),
    int(1),
  ],
)

const leaf = (name: string, grams: number): Uint8Array => concat(padded(name), int(grams))

/** A count, and two leaves of 24 bytes each, in frames of 7 bytes. */
export const bag: Tape = tape(
  pantry,
  [...offers, int(3), framed(concat(int(2), leaf('oolong', 5), leaf('sencha', 6)), 7)],
  [...takes, remark('so much'), done, int(11)],
)

/** The server sends a failure before the frames contain all that the client announced. */
export const burntBag: Tape = tape(
  pantry,
  [...offers, int(3), framed(concat(int(2), leaf('oolong', 5)), 7), int(5)],
  [...takes, burnt('no shelf'), latin(';p')],
)

/** The server has it already, and requests nothing. */
export const knownPhoto: Tape = tape(pantry, [...offers, int(1)], [...takes, int(1), int(8)])

export const letter: Tape = tape(
  pantry,
  [...offers, int(4), latin('.h.i;!'), int(5)],
  [...takes, done, padded('hello'), latin('.s;p')],
)

/** In the middle of the soup the server sends why there is no more. */
export const spilledSoup: Tape = tape(
  pantry,
  [...offers, int(5)],
  [...takes, latin('.s.o'), padded('the pot fell')],
)

/** The departure begins like another pair: 46 is the number of a full stop. */
export const burntSoup: Tape = tape(
  pantry,
  [...offers, int(5)],
  [...takes, latin('.s.o'), padded('the soup is burnt, and there will be no other.')],
)

/** The departure begins like a message of an unknown case. */
export const noSky: Tape = tape(pantry, [...offers, int(7)], [...takes, padded('we are in a cellar')])

/** Without the feature there is no lemon: the server sends its own message for that. */
export const lemon: Tape = tape(pantry, [...offers, int(6), leaf('thin', 3)], [...takes, padded('no lemon')])

export const sessions: { readonly [name: string]: Tape } = {
  tea,
  burntTea,
  photo,
  burntPhoto,
  closed,
  farewell,
  lateFarewell,
  pieces,
  fire,
  tale,
  bag,
  burntBag,
  knownPhoto,
  letter,
  spilledSoup,
  burntSoup,
  noSky,
  lemon,
}
