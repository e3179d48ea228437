import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import {
  byProtocol,
  enumOf,
  lazy,
  listOf,
  optionalByTag,
  paddedBytes,
  pure,
  since,
  size,
  struct,
  tagged,
  u8,
  u64,
  utf8,
  versioned,
} from '../../combinators/index.js'
import {
  type AnyFlow,
  again,
  agree,
  atOnce,
  blob,
  branch,
  conversation,
  ends,
  gated,
  inFrames,
  inPieces,
  loop,
  noted,
  nothing,
  part,
  says,
  sequence,
  turns,
  unless,
} from '../../conversation/index.js'
import { Note, notes, tea } from './kitchen.js'

const cups = says('client', 'cups', u8)
const answer = says('server', 'answer', utf8)
const Ask = tagged('is', u8, { More: [0, { most: u64 }], Enough: [1, {}] })

/** Expects a TypeError with this text. */
const refused = (build: () => unknown, words: string | RegExp) => {
  expect(build).to.throw(TypeError, words)
}

describe('building a flow rejects', () => {
  it('a key twice in a turn', () => {
    const words = 'the key cups occurs twice in a turn'
    refused(() => sequence(cups, answer, says('server', 'cups', u8)), words)
    refused(() => atOnce(cups, says('server', 'cups', u8)), words)
    refused(() => sequence(gated(since('1.1'), cups), cups), words)
    refused(() => sequence(cups, loop('more', cups, { times: 'cups' })), words)
    refused(
      () =>
        inPieces('client', 'piece', blob('client', 'pixels'), says('client', 'piece', paddedBytes), {
          of: 'piece',
        }),
      'the key piece occurs twice',
    )
    // The cases of a branch, turns, and the content of frames have separate messages.
    gated(since('1.1'), cups, cups)
    sequence(cups, turns('orders', says('client', 'order', u8), { A: [1, cups], B: [2, cups] }))
    sequence(cups, inFrames('client', 'bag', size, sequence(cups, blob('client', 'rest'))))
  })

  it('a place in a message that is not sent before it', () => {
    const flow = sequence(answer, branch('cups', { None: [0, nothing], One: [1, nothing] }))
    refused(
      () => conversation('kitchen', flow),
      'the branch on cups refers to cups, which is not sent before it',
    )
    refused(() => sequence(flow, cups), 'the branch on cups refers to cups, which is not sent before it')
    refused(
      () => atOnce(cups, branch('cups', { None: [0, nothing] })),
      'the branch on cups refers to cups, which is not sent before it',
    )
    refused(
      () => sequence(gated(since('1.1'), cups), branch('cups', { None: [0, nothing] })),
      'the branch on cups refers to cups, which is not sent on every way to it',
    )
    refused(
      () =>
        sequence(
          says('client', 'count', u8),
          loop('each', cups, { times: 'count' }),
          says('server', 'tea', utf8, { atMost: 'cups' }),
        ),
      'the most that tea may have refers to cups, which is not sent on every way to it',
    )
    conversation('kitchen', sequence(cups, flow))
    conversation('kitchen', sequence(cups, loop('round', flow, { end: 'server' })))
  })

  it('a place that the message does not have', () => {
    const wrong = (place: string, label: string | number | bigint = 'x') =>
      sequence(says('server', 'note', Note), branch(place, { x: [label, nothing] }))
    refused(() => wrong('note.si'), 'the branch on note.si refers to a field that note does not have: si')
    refused(() => wrong('note.is.is'), 'a field that note does not have: is.is')
    refused(() => sequence(blob('server', 'note'), branch('note.is', { x: nothing })), 'does not have: is')
    refused(() => branch('note..is', { x: nothing }), 'the place of branch must be a key and fields')
    refused(() => branch('', { x: nothing }), 'the place of branch must not be empty')
  })

  it('a label that the value cannot have, and the same label twice', () => {
    const on =
      (grammar: Parameters<typeof says>[2], place: string, label: string | number | bigint | boolean) => () =>
        sequence(says('server', 'it', grammar), branch(place, { x: [label, nothing] }))
    refused(
      on(Note, 'it.is', 'Burned'),
      'the case x of the branch on it.is has the label "Burned", but there is one of "Remark", "Done", "Burnt"',
    )
    refused(on(u8, 'it', 1n), 'has the label 1n, but there is a number')
    refused(on(u64, 'it', 1), 'has the label 1, but there is a bigint from 0 to 18446744073709551615')
    for (const label of [300, -1, 1.5, Number.NaN]) {
      refused(on(u8, 'it', label), `has the label ${label}, but there is a number from 0 to 255`)
    }
    refused(
      () => turns('orders', says('client', 'order', u8), { Tea: [300, nothing] }),
      'the case Tea of the turns orders has the label 300, but there is a number from 0 to 255',
    )
    refused(on(enumOf(u8, { A: 0 }), 'it', 'B'), 'there is one of "A"')
    refused(on(optionalByTag(u8, u8), 'it._tag', 'Nil'), 'there is one of "None", "Some"')
    refused(on(struct('S', { a: listOf(u8) }), 'it.a', 'B'), 'there is list')
    refused(
      () => branch('it', { A: [1, nothing], B: [1, nothing] }),
      'the label of B, 1, belongs to another case of the branch on it',
    )
    refused(() => branch('it', {}), 'the branch on it has no cases')
    // The result of a function, a recursive value, and a value with several forms can be anything.
    on(
      lazy(() => u8),
      'it',
      'any',
    )()
    on(optionalByTag(u8, u8), 'it.value', 7)()
    on(byProtocol<number | bigint>([[since('1.1'), u64 as never]], u8 as never), 'it', 1)()
    on(
      struct('S', { a: versioned(since('1.1'), tagged('is', u8, { B: [0, {}] }), { is: 'B' }) }),
      'it.a.is',
      'B',
    )()
  })

  it('an invalid number, and an agreement on something that was not sent', () => {
    refused(() => sequence(answer, loop('each', cups, { times: 'answer' })), 'must be a number, not utf8')
    refused(
      () => sequence(answer, says('client', 'x', utf8, { atMost: 'answer' })),
      'the most that x may have, answer, must be a number',
    )
    refused(
      () =>
        sequence(
          cups,
          agree('it', { cups: u64 }, 'client', () => right({})),
        ),
      'the agreement on it takes cups as u64, but it is u8',
    )
    sequence(
      cups,
      agree('it', { cups: u8 }, 'client', () => right({})),
    )
  })

  it('again without a loop of that name around it', () => {
    const words = "again('orders') is not inside a loop of that name"
    refused(() => conversation('tea', tea as AnyFlow), words)
    refused(() => conversation('tea', loop('rounds', tea as AnyFlow, { end: 'client' })), words)
    refused(
      () => inFrames('server', 'bag', size, notes),
      "what bag carries cannot hold again('orders'), which leads out of it",
    )
    refused(
      () => unless('server', notes, cups),
      "what the server says when it departs cannot hold again('orders')",
    )
    refused(() => unless('server', sequence(answer, ends('server')), cups), 'cannot hold ends')
    refused(() => again('ends'), 'cannot be ends')
  })

  it('a loop that makes no progress, never ends, or is never repeated', () => {
    const moving =
      (body: AnyFlow, options = {}) =>
      () =>
        loop('round', body, options)
    const cannot = 'the loop round could run forever: a round of it may take no bytes'
    refused(
      moving(sequence(gated(since('1.1'), cups), branch('it', { A: nothing, B: again('round') }))),
      cannot,
    )
    refused(moving(branch('it', { A: nothing, B: again('round') })), cannot)
    refused(moving(sequence(branch('it', { A: nothing, B: again('round') }), cups)), cannot)
    refused(moving(says('client', 'x', pure(1)), { times: 'it' }), cannot)
    refused(moving(says('client', 'x', versioned(since('1.1'), u8, 0)), { end: 'client' }), cannot)
    refused(moving(blob('client', 'x'), { times: 'it' }), cannot)
    refused(moving(sequence(cups, again('round'))), 'the loop round never ends')
    refused(moving(cups), "nothing repeats the loop round: again('round') is missing inside it")
    refused(
      () => loop('round', sequence(cups, loop('round', answer, { end: 'server' })), { end: 'client' }),
      'the loop round holds a loop of the same name',
    )
    refused(moving(cups, { times: 'it', end: 'client' }), 'the loop round cannot have times and end')
    moving(sequence(cups, branch('cups', { A: [1, nothing], B: [2, again('round')] })))()
    moving(sequence(cups, again('round')), { end: 'client' })()
    moving(sequence(cups, branch('cups', { A: [1, again('outside')] }, again('round'))))()
  })

  it('a turn that the other side begins', () => {
    const words = 'a round of round must begin with a message of the server, which ends the loop'
    refused(() => loop('round', cups, { end: 'server' }), words)
    refused(() => loop('round', sequence(gated(since('1.1'), cups), answer), { end: 'server' }), words)
    refused(
      () => turns('round', answer, {}),
      'the first message of the turns round must be one message of the client, made by says',
    )
    refused(() => turns('round', cups, {}), 'the turns round has no cases')
    refused(() => turns('ends', cups, { A: [1, nothing] }), 'the name of turns cannot be ends')
    refused(
      () => turns('round', cups, { A: [1, turns('round', says('client', 'more', u8), { B: [1, nothing] })] }),
      'the turns round holds a loop of the same name',
    )
    refused(
      () => turns('round', says('client', 'none', pure(1)), { A: [1, nothing] }),
      'the turns round could run forever: a round of it may take no bytes',
    )
    refused(
      () => turns('round', cups, { A: ['a', nothing] }),
      'the case A of the turns round has the label "a"',
    )
  })

  it('a part that is never reached', () => {
    const words = 'what comes after a part that always leaves can never be said'
    refused(() => sequence(cups, again('orders'), answer), words)
    refused(() => sequence(branch('it', { A: ends('server'), B: again('orders') }), answer), words)
    refused(() => atOnce(cups), 'atOnce needs at least two parts')
  })

  it('messages of one side in two parts of atOnce', () => {
    const more = says('client', 'more', u8)
    refused(() => atOnce(cups, more), 'two parts of atOnce have messages of the client')
    refused(() => atOnce(answer, sequence(cups, says('server', 'x', u8))), 'have messages of the server')
    refused(() => atOnce(sequence(answer, cups), inFrames('client', 'bag', size, more)), 'of the client')
    atOnce(sequence(cups, more), answer, nothing)
  })

  it('a speech without a side, or one that cannot fail', () => {
    const speech = (key: string, failed: string) => () =>
      loop(
        'notes',
        sequence(says('server', 'note', Note), branch('note.is', { Remark: again('notes'), Done: nothing })),
        { speech: { key, done: { is: 'Done' }, failed } },
      )
    refused(
      speech('text', 'Done'),
      'the speech of the loop notes has the key text, which is not the key of one',
    )
    refused(speech('note', 'Burnt'), 'the speech of the loop notes has no case Burnt of a branch on note')
    speech('note', 'Done')()
  })

  it('messages of the other side inside frames and pieces, and pieces without bytes', () => {
    refused(
      () => inFrames('client', 'bag', size, answer),
      'what bag carries can hold only messages of the client, not of the server',
    )
    const asking = loop(
      'asking',
      sequence(
        says('server', 'ask', Ask),
        branch('ask.is', {
          More: sequence(says('client', 'piece', paddedBytes), again('asking')),
          Enough: nothing,
        }),
      ),
    )
    const pieces = (of: string, key: string, field: string) => () =>
      inPieces('client', 'photo', blob('client', 'pixels'), asking, {
        of,
        asks: { key, value: { is: 'More' }, size: field },
      })
    refused(
      pieces('ask', 'ask', 'most'),
      'the pieces of photo are expected at ask, which is not in a message of the client',
    )
    refused(pieces('piece.x', 'ask', 'most'), 'refers to a field that piece does not have: x')
    refused(
      pieces('piece', 'piece', 'most'),
      'the pieces of photo are asked for by piece, which is not a message of the server',
    )
    refused(pieces('piece', 'ask', 'least'), 'refers to a field that ask does not have: least')
    refused(
      () => inPieces('client', 'photo', blob('client', 'pixels'), cups, { of: 'cups' }),
      'the pieces of photo, cups, must be bytes, not a number',
    )
    pieces('piece', 'ask', 'most')()
  })

  it('keys that an object would not keep, and empty names', () => {
    for (const key of ['7', '__proto__', 'a.b']) {
      refused(() => says('client', key, u8), `the key of says cannot be "${key}"`)
      refused(() => blob('client', key), `the key of blob cannot be "${key}"`)
      refused(() => branch('it', Object.fromEntries([[key, nothing]])), 'cannot be')
    }
    refused(() => says('client', '', u8), 'the key of says must not be empty')
    refused(() => part('', cups), 'the name of a part must not be empty')
    refused(
      () => says('daemon' as never, 'x', u8),
      'the side of says must be "client" or "server", not "daemon"',
    )
  })

  it('two parts with one name', () => {
    const two = sequence(part('greeting', cups), part('greeting', answer))
    refused(() => conversation('kitchen', two), 'two parts have the name greeting')
    const once = part('greeting', cups)
    conversation('kitchen', gated(since('1.1'), once, noted('as before', once)))
  })
})
