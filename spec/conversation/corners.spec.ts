import { expect } from 'chai'
import fc from 'fast-check'
import { left } from 'fp-ts/lib/Either.js'
import {
  bool64,
  feature,
  i64,
  paddedBytes,
  restBytes,
  size,
  struct,
  tagged,
  u8,
  u64,
  utf8,
} from '../../combinators/index.js'
import {
  type AnyFlow,
  again,
  agree,
  atOnce,
  blob,
  branch,
  type Delimiter,
  ends,
  gated,
  inFrames,
  inPieces,
  loop,
  nothing,
  observe,
  says,
  sequence,
  turns,
  unless,
} from '../../conversation/index.js'
import { concat, int, padded } from '../support/wire.js'
import { pairs } from './pantry.js'
import { frame, framed, latin } from './sessions.js'
import { linesOf, play, type Step, tape } from './tape.js'

const bytewise: ReadonlyArray<Step> = [
  ['client', 1],
  ['server', 1],
]

/** The events, for the whole bytes and byte by byte. */
const told = (
  flow: AnyFlow,
  client: ReadonlyArray<Uint8Array>,
  server: ReadonlyArray<Uint8Array> = [],
): ReadonlyArray<string> => {
  const given = tape(flow, client, server)
  const lines = linesOf(play(given))
  expect(linesOf(play(given, bytewise))).to.deep.equal(lines)
  return lines
}

/** The place of each byte of a content in frames. */
const placesIn = (lengths: ReadonlyArray<number>, content: number): ReadonlyArray<number> => {
  const places: Array<number> = []
  for (let i = 0, offset = 8; places.length < content; i++) {
    const length = Math.min(lengths[i % lengths.length]!, content - places.length)
    for (let at = 0; at < length; at++) {
      places.push(offset + at)
    }
    offset += length + 8
  }
  return places
}

const inFramesOf = (bytes: Uint8Array, lengths: ReadonlyArray<number>): Uint8Array => {
  const frames: Array<Uint8Array> = []
  for (let i = 0, at = 0; at < bytes.length; i++) {
    const part = bytes.subarray(at, at + lengths[i % lengths.length]!)
    frames.push(frame(part))
    at += part.length
  }
  return concat(...frames, int(0))
}

describe('the place of messages inside frames', () => {
  const words = sequence(
    says('client', 'count', size),
    loop('each', says('client', 'word', utf8), { times: 'count' }),
  )
  const lengthsOf = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 })

  it('is known however they are cut', () => {
    const texts = ['', 'a', 'oolong', 'a rather long name of a tea']
    const content = concat(int(texts.length), ...texts.map(padded))
    fc.assert(
      fc.property(lengthsOf, (lengths) => {
        const events = play(
          tape(inFrames('client', 'bag', size, words), [inFramesOf(content, lengths)], []),
          [['client', 5]],
        )
        const places = placesIn(lengths, content.length)
        let at = 8
        const expected = texts.map((text) => {
          const start = at
          at += padded(text).length
          return [places[start], places[at - 1]! + 1, text]
        })
        const found = events.flatMap((event) =>
          event.kind === 'said' && event.key === 'word' ? [[event.start, event.end, event.value]] : [],
        )
        expect(found).to.deep.equal(expected)
      }),
    )
  })

  it('is known of frames in frames', () => {
    const outer = inFrames('client', 'box', size, inFrames('client', 'bag', size, words))
    fc.assert(
      fc.property(lengthsOf, lengthsOf, (inside, around) => {
        const content = concat(int(2), padded('assam'), padded(latin('ool\xffng')))
        const bag = inFramesOf(content, inside)
        const events = play(tape(outer, [inFramesOf(bag, around)], []))
        const inBag = placesIn(inside, content.length)
        const inBox = placesIn(around, bag.length)
        const lines = linesOf(events)
        expect(linesOf(play(tape(outer, [inFramesOf(bag, around)], []), bytewise))).to.deep.equal(lines)
        expect(lines.find((line) => line.startsWith('client box/bag '))).to.match(/^client box\/bag 8-/)
        expect(lines[1]).to.equal(`client box/bag/word ${inBox[inBag[8]!]}-${inBox[inBag[23]!]! + 1}: assam`)
        // The text begins after its length.
        expect(lines[2]).to.equal(`client fault ${inBox[inBag[32]!]} NotUtf8 box.bag.word: 0xff`)
      }),
    )
  })

  it('is known of a check, however long ago the word was said', () => {
    const flow = inFrames(
      'client',
      'bag',
      size,
      sequence(says('client', 'a', u8), says('client', 'b', u8), branch('a', { One: [1, nothing] })),
    )
    expect(told(flow, [framed(concat(int(7), int(1)), 3)])[2]).to.equal('client fault 8 UnknownTag bag.a: 7')
  })
})

describe('the content of frames', () => {
  const restful = inFrames(
    'client',
    'bag',
    size,
    sequence(says('client', 'a', u8), says('client', 'rest', restBytes)),
  )

  it('may read to the end of the frames', () => {
    expect(told(restful, [framed(concat(int(1), latin('xyz')), 4)])).to.deep.equal([
      'client bag/a 8-24: 1',
      'client bag/rest 32-35: xyz',
      'client bag 0-43: 11 bytes in 3',
      'end done, left 0 0',
    ])
  })

  it('may be empty, without any frame', () => {
    expect(told(inFrames('client', 'bag', size, nothing), [int(0)])).to.deep.equal([
      'client bag 0-8: 0 bytes in 0',
      'end done, left 0 0',
    ])
    expect(told(inFrames('client', 'bag', size, blob('client', 'rest')), [int(0)])).to.deep.equal([
      'client bag/rest 0-0: 0 bytes',
      'client bag 0-8: 0 bytes in 0',
      'end done, left 0 0',
    ])
  })

  it('may have bytes after its end', () => {
    expect(
      told(inFrames('client', 'bag', size, says('client', 'a', u8)), [
        framed(concat(int(1), latin('xyz')), 9),
      ]),
    ).to.deep.equal([
      'client bag/a 8-16: 1',
      'client bag 0-35: 11 bytes in 2, 3 behind',
      'end done, left 0 0',
    ])
  })

  it('is reported from its first byte on, also if a frame begins there', () => {
    const flow = inFrames(
      'client',
      'bag',
      size,
      sequence(says('client', 'a', u8), inFrames('client', 'b', size, nothing), blob('client', 'c', pairs)),
    )
    expect(told(flow, [framed(concat(int(1), int(0), latin('.a;b')), 8)])).to.deep.equal([
      'client bag/a 8-16: 1',
      'client bag/b 24-32: 0 bytes in 0',
      'client bag/c 40-44: 4 bytes',
      'client bag 0-52: 20 bytes in 3',
      'end done, left 0 0',
    ])
  })

  it('is reported as cut with all around it', () => {
    const flow = inFrames(
      'client',
      'bag',
      size,
      sequence(says('client', 'a', u8), blob('client', 'c', pairs)),
    )
    expect(told(flow, [frame(int(1)), int(8), latin('.a.')])).to.deep.equal([
      'client bag/a 8-16: 1',
      'client issue 16 UnexpectedEnd bag: 11 bytes',
      'end broken, left 27 0',
    ])
  })

  it('has its issue in each turn, also beside other messages', () => {
    const turns = loop('turns', inFrames('client', 'bag', size, says('client', 'a', u8)), { end: 'client' })
    const events = linesOf(play(tape(atOnce(turns, says('server', 'b', u8)), [int(0), int(0)], [int(1)])))
    expect(events).to.deep.equal([
      'turns 0 begins',
      'client bag 0-8: 0 bytes in 0',
      'client fault 0 FramesEnd bag.a: 0 bytes',
      'turns 0 done: null',
      'turns 1 begins',
      'client bag 8-16: 0 bytes in 0',
      'client fault 8 FramesEnd bag.a: 0 bytes',
      'turns 1 done: null',
      'server b 0-8: 1',
      'end done, left 0 0',
    ])
  })

  it('cannot have a negative length', () => {
    const flow = inFrames('client', 'bag', i64 as never, nothing)
    expect(told(flow, [int(2n ** 64n - 5n)])[0]).to.equal('client issue 0 InvalidValue bag: -5')
  })

  it('may be broken off inside', () => {
    const flow = inFrames(
      'client',
      'bag',
      size,
      unless('client', says('client', 'sorry', utf8), blob('client', 'tea', pairs)),
    )
    expect(told(flow, [framed(concat(latin('.a.'), latin('b'), padded('spilled')), 3)])).to.deep.equal([
      'client bag/sorry 20-76: spilled',
      'client bag 0-84: 20 bytes in 7',
      'end done, left 0 0',
    ])
  })
})

describe('pieces', () => {
  const over = (of: string, grammar: Parameters<typeof says>[2]) =>
    inPieces(
      'client',
      'tale',
      says('client', 'line', utf8),
      loop(
        'telling',
        sequence(
          says('client', 'part', grammar),
          branch('part.is', { Part: again('telling'), End: nothing }),
        ),
      ),
      { of },
    )
  const bad = padded(latin('\xff'))

  /** The offset of the issue in a text that begins 8 bytes into the pieces. */
  const faultOf = (flow: AnyFlow, client: Uint8Array): string | undefined =>
    told(flow, [client]).find((line) => line.includes('fault'))

  it('have their offset in their message, whatever follows them in it', () => {
    const Part = (rest: object) =>
      tagged('is', u8, { Part: [0, { data: paddedBytes, ...rest }], End: [1, {}] }) as never
    const one = concat(int(0), padded(bad))
    expect(faultOf(over('part.data', Part({})), concat(one, int(1)))).to.equal(
      'client fault 24 NotUtf8 tale.line: 0xff',
    )
    expect(faultOf(over('part.data', Part({ mood: u8 })), concat(one, int(7), int(1)))).to.equal(
      'client fault 24 NotUtf8 tale.line: 0xff',
    )
    // Before a text the place is unknown: they count as being where the message begins.
    expect(faultOf(over('part.data', Part({ mood: utf8 })), concat(one, padded('x'), int(1)))).to.equal(
      'client fault 8 NotUtf8 tale.line: 0xff',
    )
  })
})

describe('pieces inside pieces', () => {
  it('are taken from one message, and not from their own content', () => {
    const Part = struct('Part', { a: paddedBytes, b: paddedBytes })
    const inner = (key: string, of: string, over: AnyFlow) =>
      inPieces('client', key, sequence(says('client', 'part', u8), says('client', 'more', u8)), over, { of })
    const flow = inner('one', 'part.a', inner('two', 'part.b', says('client', 'part', Part)))
    const word = concat(padded(concat(int(1), int(2))), padded(concat(int(3), int(4))))
    expect(told(flow, [word]).slice(1)).to.deep.equal([
      'client two/part 32-40: 3',
      'client two/more 40-48: 4',
      'client one/part 0-8: 1',
      'client one/more 8-16: 2',
      'client two 0-48: 16 bytes in 1',
      'client one 0-48: 16 bytes in 1',
      'end done, left 0 0',
    ])
  })
})

describe('a piece', () => {
  it('is distinct from a piece inside another with the same key', () => {
    const Part = struct('Part', { a: paddedBytes, b: paddedBytes })
    const Deep = struct('Deep', { a: paddedBytes })
    const two = inPieces('client', 'two', says('client', 'part', Deep), says('client', 'part', Part), {
      of: 'part.b',
    })
    const flow = inPieces('client', 'one', says('client', 'x', u8), two, { of: 'part.a' })
    expect(told(flow, [concat(padded(int(7)), padded(padded('deep')))]).slice(1)).to.deep.equal([
      'client two/part 24-40: {a:deep}',
      'client one/x 0-8: 7',
      'client two 0-40: 16 bytes in 1',
      'client one 0-40: 8 bytes in 1',
      'end done, left 0 0',
    ])
  })
})

describe('an agreement', () => {
  it('is rejected at the last message of the blamed side that it is about', () => {
    const flow = sequence(
      says('client', 'a', u8),
      says('client', 'b', u8),
      says('server', 'c', u8),
      says('client', 'd', u8),
      agree('sum', { b: u8, a: u8, c: u8 }, 'client', () => left('a sum')),
    )
    expect(told(flow, [int(1), int(2), int(4)], [int(3)])[4]).to.equal(
      'client issue 8 InvalidValue b: what was said',
    )
    const none = sequence(
      says('client', 'a', u8),
      agree('it', {}, 'client', () => left('anything')),
    )
    expect(told(none, [int(1)])[1]).to.equal('client issue 0 InvalidValue : what was said')
  })
})

describe('a departure', () => {
  it('needs a message', () => {
    const flow = unless('server', nothing, says('server', 'a', bool64))
    expect(told(flow, [], [int(1).subarray(1)])[0]).to.equal('server issue 0 UnexpectedEnd a: 7 bytes')
  })

  it('is not looked for before the flow allows it', () => {
    const check = agree('check', { a: u8 }, 'server', () => left('another'))
    const flow = sequence(says('server', 'a', u8), unless('server', says('server', 'bye', u8), check))
    expect(told(flow, [], [int(1)])).to.deep.equal([
      'server a 0-8: 1',
      'server issue 0 InvalidValue a: what was said',
      'end broken, left 0 0',
    ])
  })
})

describe('a delimiter', () => {
  it('is reported as a mistake if it leaves bytes without an end', () => {
    const lazy: Delimiter = {
      name: 'lazy bytes',
      open: () => ({ ...pairs.open(0, {}), push: () => ({ used: 0, over: false }) }),
    }
    const observer = observe(blob('client', 'x', lazy))
    expect(() => observer.push('client', int(1))).to.throw(
      'lazy bytes used 0 of 8 bytes, but has not found the end',
    )
  })
})

describe('turns whose number was announced', () => {
  it('do not begin for 0, and may be repeated or left', () => {
    const flow = sequence(
      says('client', 'count', u64),
      loop(
        'each',
        sequence(
          says('client', 'word', u8),
          branch('word', { Skip: [1, again('each')], Stop: [2, ends('client')] }, nothing),
        ),
        { times: 'count' },
      ),
    )
    expect(told(flow, [int(0)])).to.deep.equal(['client count 0-8: 0', 'end done, left 0 0'])
    expect(told(flow, [int(3), int(1), int(5), int(2)])).to.deep.equal([
      'client count 0-8: 3',
      'client word 8-16: 1',
      'client word 16-24: 5',
      'client word 24-32: 2',
      'end closed, left 0 0',
    ])
  })
})

describe('bytes without a delimiter', () => {
  it('go to the end of the stream', () => {
    expect(
      told(sequence(says('client', 'a', u8), blob('client', 'b')), [int(1), latin('xyz')]),
    ).to.deep.equal(['client a 0-8: 1', 'client b 8-11: 3 bytes', 'end done, left 0 0'])
  })
})

describe('a side that departs while the other breaks', () => {
  const flow = unless(
    'server',
    says('server', 'sorry', utf8),
    atOnce(blob('client', 'tea', pairs), blob('server', 'milk', pairs)),
  )
  const parts = [latin('.a'), concat(latin('.m'), padded('spilled'))] as const

  it('is reported, and the issue stays', () => {
    expect(told(flow, [parts[0]], [parts[1]])).to.deep.equal([
      'client issue 2 UnexpectedEnd tea: 0 bytes',
      'server sorry 2-18: spilled',
      'end broken, left 2 0',
    ])
  })

  it('is reported with both issues if its departure is invalid too', () => {
    expect(told(flow, [parts[0]], [parts[1].subarray(0, 12)])).to.deep.equal([
      'client issue 2 UnexpectedEnd tea: 0 bytes',
      'server issue 2 UnknownTag milk: 7',
      'end broken, left 2 12',
    ])
  })

  it('may be inside another departure', () => {
    const both = unless('client', says('client', 'bye', utf8), flow)
    expect(told(both, [latin('.a'), padded('enough')], [parts[1]])).to.deep.equal([
      'server sorry 2-18: spilled',
      'client bye 2-18: enough',
      'end departed, left 0 0',
    ])
  })
})

describe('a feature', () => {
  it('does not hold if no side has named it: its case is reported as lacking', () => {
    const flow = turns('jobs', says('client', 'job', u8), {
      Tea: [1, nothing],
      Lemon: [2, says('client', 'slices', u8), feature('lemon')],
    })
    expect(told(flow, [int(2), int(3)])).to.deep.equal([
      'jobs 0 begins',
      'client job 0-8: 2',
      'client slices 8-16: 3',
      'jobs 0 done: Lemon, lacking',
      'end done, left 0 0',
    ])
    const milk = gated(feature('milk'), says('client', 'milk', u8), says('client', 'sugar', u8))
    expect(told(milk, [int(1)])[0]).to.equal('client sugar 0-8: 1')
  })
})
