import { expect } from 'chai'
import { since, size, u8 } from '../../combinators/index.js'
import * as conversation from '../../conversation/index.js'
import { checkConversationLaws, checkLaws, describeConversationLaws } from '../../laws/index.js'
import { noFlows } from '../support/no-flows.js'

type Given = ReadonlyArray<unknown>

/** The combinators as a program without types sees them. */
type Untyped = { readonly [name: string]: (...given: Given) => unknown }
const untyped = conversation as unknown as Untyped

const { blob, nothing, says } = conversation
const cups = says('client', 'cups', u8)
const cases = { None: [0, nothing] }
const speech = { key: 'note', done: { is: 'Done' }, failed: 'Burnt' }
const misspelt = { noSuch: 1 }

/** Arguments of each combinator with an option, a field or an item too many, and what is said of it. */
const surplus: { readonly [name: string]: ReadonlyArray<readonly [given: Given, said: string]> } = {
  again: [[['orders', misspelt], 'again has no options']],
  agree: [[['version', { cups: u8 }, 'client', () => 0, misspelt], 'agree has no options']],
  atOnce: [[[cups, says('server', 'tea', u8), misspelt], 'part 2 of atOnce must be a flow']],
  blob: [
    [['client', 'bag', null, misspelt], 'blob has no options'],
    [['client', 'bag', misspelt], 'the name of the delimiter of bag must be'],
  ],
  branch: [
    [['cups', cases, null, misspelt], 'branch has no options'],
    [['cups', cases, misspelt], 'otherwise of the branch on cups must be a flow'],
    [
      ['cups', { None: [0, nothing, since('1.2'), misspelt] }],
      'the case None of the branch on cups must be a flow or [label, flow, gate], not 4 items',
    ],
  ],
  conversation: [[['kitchen', cups, misspelt], 'conversation has no options']],
  endOf: [[['cups', 'client', cups, misspelt], 'endOf has no options']],
  ends: [[['client', misspelt], 'ends has no options']],
  gated: [
    [[since('1.2'), cups, nothing, misspelt], 'gated has no options'],
    [[since('1.2'), cups, misspelt], 'otherwise of gated must be a flow'],
  ],
  inFrames: [
    [['client', 'bag', size, cups, misspelt], 'the options of inFrames have no option "noSuch"'],
    [
      ['client', 'bag', size, cups, { brokenOff: { grammar: u8, value: 1, ...misspelt } }],
      'the option brokenOff of inFrames have no field "noSuch"',
    ],
  ],
  inPieces: [
    [
      ['client', 'bag', blob('client', 'pixels'), cups, { of: 'cups', ...misspelt }],
      'the options of inPieces have no option "noSuch"',
    ],
    [
      ['client', 'bag', blob('client', 'pixels'), cups, { of: 'cups', asks: misspelt }],
      'the option asks of inPieces have no field "noSuch"',
    ],
  ],
  loop: [
    [['leaves', cups, misspelt], 'the options of loop have no option "noSuch"'],
    [
      ['leaves', cups, { speech: { ...speech, ...misspelt } }],
      'the option speech of loop have no field "noSuch"',
    ],
  ],
  noted: [[['hot', cups, misspelt], 'noted has no options']],
  part: [[['cups', cups, misspelt], 'part has no options']],
  says: [[['client', 'cups', u8, misspelt], 'the options of says have no option "noSuch"']],
  sequence: [[[cups, misspelt], 'part 1 of sequence must be a flow']],
  turns: [
    [['orders', cups, cases, misspelt], 'turns has no options'],
    [
      ['orders', cups, { None: [0, nothing, since('1.2'), misspelt] }],
      'the case None of the turns orders must be a flow or [label, flow, gate], not 4 items',
    ],
  ],
  unless: [[['server', says('server', 'farewell', u8), cups, misspelt], 'unless has no options']],
}

describe('an option too many', () => {
  // `spec/package/told-at-once.spec.ts` tests the options of what makes no flow.
  it('is in the table for each combinator', () => {
    const functions = Object.keys(untyped).filter((name) => typeof untyped[name] === 'function')
    expect([...Object.keys(surplus), ...noFlows].sort()).to.deep.equal(functions.sort())
  })

  for (const [name, rows] of Object.entries(surplus)) {
    it(`is named at once by ${name}`, () => {
      for (const [given, said] of rows) {
        expect(() => untyped[name]?.(...given)).to.throw(TypeError, said)
      }
    })
  }
})

describe('a mistake is told in the words of the program', () => {
  const newer = conversation.gated(since('1.2'), cups)
  const orders = (name: string) => conversation.turns(name, says('client', name, u8), { None: [0, nothing] })
  const said: { readonly [call: string]: readonly [() => unknown, words: string] } = {
    'a flow for checkLaws': [
      () => checkLaws(newer as never),
      'what checkLaws checks must be a grammar, not a flow, which checkConversationLaws takes',
    ],
    'a grammar for checkConversationLaws': [
      () => checkConversationLaws(u8 as never),
      'what checkConversationLaws takes must be a flow, not a grammar, which checkLaws takes',
    ],
    'a flow without a version': [
      () => checkConversationLaws(newer),
      'the flow of gated depends on a version (protocol version 1.2 or above), but checkConversationLaws was given none',
    ],
    'no such rule': [
      () => checkConversationLaws(cups, { rules: ['a frame is cut'] }),
      'checkConversationLaws can break none of these rules in this flow: a frame is cut',
    ],
    'no such turn': [
      () => describeConversationLaws(orders('orders'), { turns: ['Tea'] }),
      'the option turns has "Tea", which is not a case of turns of this flow',
    ],
    'two turns': [
      () =>
        conversation.connectFlow(
          conversation.sequence(orders('a'), orders('b')),
          new TransformStream() as never,
        ),
      'connectFlow makes the methods of one turns only, but this flow has several: a, b',
    ],
  }
  for (const [what, [call, words]] of Object.entries(said)) {
    it(what, async () => {
      const thrown: unknown = await Promise.resolve()
        .then(call)
        .catch((error: unknown) => error)
      expect(thrown).to.be.instanceOf(Error)
      expect((thrown as Error).message).to.contain(words)
    })
  }
})
