import { expect } from 'chai'
import { type Compiled, compiled } from '../support/compiler.js'

const source = `
import { struct, tagged, u8, utf8 } from './combinators/index.js'
import { left, right } from 'fp-ts/lib/Either.js'
import { again, branch, type BytesPair, type Connected, connectFlow, conversation, ends, type FailureOf, gated, type HandlersOf, loop, type MethodsOf, nothing, says, sequence, serveFlow, turns } from './conversation/index.js'
import { since } from './combinators/index.js'
import { kitchen as made } from './spec/conversation/kitchen.js'

const Person = struct('Person', { name: utf8 })
const Answer = tagged('is', u8, { No: [0, { why: utf8 }], Yes: [1, {}] })
export const said = sequence(says('client', 'person', Person), says('server', 'age', u8))
export const maybe = gated(since('1.1'), said)
export const either = gated(since('1.1'), says('client', 'who', Person), says('client', 'who', utf8))
export const rounds = sequence(says('client', 'count', u8), loop('each', says('server', 'person', Person), { times: 'count' }))
export const answered = sequence(says('server', 'answer', Answer), branch('answer.is', { No: again('calls'), Yes: says('server', 'age', u8) }))
export const numbered = sequence(says('server', 'code', u8), branch('code', { Good: [0, nothing], Bad: [1, ends('server')] }, says('client', 'why', utf8)))
export const called = turns('calls', says('client', 'call', u8), { Ask: [1, sequence(says('client', 'person', Person), answered)] })
export const kitchen = made
export type Methods = MethodsOf<typeof called, 'gone'>
export type Handlers = HandlersOf<typeof called>
export type Failures = [FailureOf<typeof answered>, FailureOf<typeof numbered>, FailureOf<typeof said>]

declare const methods: Methods
declare const pair: BytesPair
declare const client: Connected<typeof made>
const opened = { welcome: { newest: 1 }, verdict: { is: 'Open' } } as const
const soon = 5
export const tasted = client.calls.Tea({ order: { leaf: 'assam', cups: 1 } }, { note: (note) => void note.is }, { timeout: soon })
export const seen = client.calls.Photo({ photo: [new Uint8Array(1)] })
export const begun = connectFlow(made, pair, { says: { hello: ({ welcome }, { version }) => ({ newest: welcome === undefined ? 1 : 2 }) } })
export const answering = serveFlow(made, pair, {
  Tea: async ({ order }, { note }, { signal }) => {
    await note({ is: 'Remark', text: order.leaf })
    return signal.aborted ? left({ is: 'Burnt', why: '' }) : right({ tea: '' })
  },
  Clock: () => right({ time: 'noon' }),
}, { says: opened, failure: (thrown) => ({ is: 'Burnt', why: String(thrown) }) })
methods.Ask()
methods.Ask({ person: { name: 1 } })
methods.Clock({})
methods.Ask({ person: { name: '' } }, { answer: () => undefined })
connectFlow(made, pair)
connectFlow(made, pair, { says: { hello: { newest: 'x' } } })
client.calls.Tea({ order: { leaf: 'assam', cups: 1 } }, { tea: () => undefined })
client.calls.Photo({ photo: 'pixels' })
serveFlow(made, pair, { Tea: () => right({ tea: 1 }) }, { says: opened })
serveFlow(made, pair, { Clock: () => left({ is: 'Burnt', why: '' }) }, { says: opened })
serveFlow(made, pair, {}, { says: opened, failure: () => ({ is: 'Done' }) })
serveFlow(made, pair, { Cake: () => right({}) }, { says: opened })
conversation('whole', answered)
says('daemon', 'x', u8)
sequence(u8)
says('client', 'x', nothing)
`

describe('the types of a conversation', () => {
  let types: Compiled['types']
  let says: Compiled['says']

  before(() => {
    ;({ types, says } = compiled(source))
  })

  const person = '{ readonly name: string; }'
  const no = '{ readonly is: "No"; readonly why: string; }'
  const answer = `${no} | { readonly is: "Yes"; }`

  it('are plain objects by key: what the client says, what the server says', () => {
    expect(types).to.include({
      said: `Flow<{ readonly person: ${person}; }, { readonly age: number; }, {}, {}>`,
      maybe: `Flow<{ readonly person?: ${person}; }, { readonly age?: number; }, {}, {}>`,
      either: `Flow<{ readonly who: string | ${person}; }, {}, {}, {}>`,
      rounds: `Flow<{ readonly count: number; }, { readonly person: Many<${person}>; }, {}, {}>`,
    })
  })

  it('have the failures of each loop, and the messages of a case that goes on', () => {
    expect(types).to.include({
      answered: `Flow<{}, { readonly age: number; readonly answer: ${answer}; }, {}, { readonly calls: ${no}; }>`,
      numbered: 'Flow<{ readonly why?: string; }, { readonly code: number; }, {}, { readonly ends: 1; }>',
      Failures: `[${no}, 1, never]`,
    })
  })

  it('have the menu: one flow for each case', () => {
    const asked = `Flow<{ readonly person: ${person}; }, { readonly age: number; readonly answer: ${answer}; }, {}, { readonly calls: ${no}; }>`
    expect(types).to.include({
      called: `Flow<{}, {}, { readonly Ask: ${asked}; }, {}>`,
      Methods:
        `{ readonly Ask: (said: { readonly person: ${person}; }, options?: FlowCallOptions | undefined) => ` +
        `TaskEither<${no} | "gone", { readonly age: number; readonly answer: ${answer}; }>; }`,
      Handlers:
        `{ readonly Ask?: (heard: { readonly person: ${person}; }, say: {}, context: HandlerContext) => ` +
        `Answer<Either<${no}, { readonly age: number; readonly answer: ${answer}; }>>; }`,
    })
  })

  it('have the notices on the way, and the streams', () => {
    const note =
      '{ readonly is: "Remark"; readonly text: string; } | { readonly is: "Done"; } | { readonly is: "Burnt"; readonly why: string; }'
    expect(types.kitchen).to.include(
      `readonly Photo: Flow<{ readonly photo: Streamed; }, { readonly note: Told<${note}>; readonly likes?: number; }, {}, ` +
        '{ readonly orders: { readonly is: "Burnt"; readonly why: string; }; }>;',
    )
  })

  it('reject what a flow does not send, and arguments of the wrong type', () => {
    says('methods.Ask()', 'Expected 1-2 arguments, but got 0')
    says('methods.Ask({ person: { name: 1 } })', "'number' is not assignable to type 'string'")
    says('methods.Clock({})', "'Clock' does not exist")
    says(
      "methods.Ask({ person: { name: '' } }, { answer: () => undefined })",
      "'answer' does not exist in type 'FlowCallOptions'",
    )
    says("conversation('whole', answered)", "again('calls') is not inside a loop of that name")
    says("says('daemon', 'x', u8)", 'is not assignable to')
    says('sequence(u8)', 'FlowNode')
    says("says('client', 'x', nothing)", 'is not assignable to')
  })

  it('give a client its arguments, its notices and its results', () => {
    const burnt = '{ readonly is: "Burnt"; readonly why: string; }'
    expect(types.tasted).to.equal(`TaskEither<${burnt} | Interruption, { readonly tea: string; }>`)
    expect(types.seen).to.equal(`TaskEither<${burnt} | Interruption, { readonly likes?: number; }>`)
    expect(types.begun).to.include(
      '{ readonly is: "Closed"; readonly until: string; } | Interruption, Connected<',
    )
    expect(types.answering).to.equal('Promise<Either<Interruption, void>>')
  })

  it('reject arguments that no client or server of the flow can send', () => {
    says('connectFlow(made, pair)', 'Expected 3 arguments, but got 2')
    says(
      "connectFlow(made, pair, { says: { hello: { newest: 'x' } } })",
      "'string' is not assignable to type 'number'",
    )
    says(
      "client.calls.Tea({ order: { leaf: 'assam', cups: 1 } }, { tea: () => undefined })",
      "'tea' does not exist",
    )
    says("client.calls.Photo({ photo: 'pixels' })", 'BytesOut')
    says(
      'serveFlow(made, pair, { Tea: () => right({ tea: 1 }) }, { says: opened })',
      "'number' is not assignable to type 'string'",
    )
    says("serveFlow(made, pair, { Clock: () => left({ is: 'Burnt', why: '' }) }, { says: opened })", 'never')
    says(
      "serveFlow(made, pair, {}, { says: opened, failure: () => ({ is: 'Done' }) })",
      `Type '() => { is: "Done"; }' is not assignable`,
    )
    says('serveFlow(made, pair, { Cake: () => right({}) }, { says: opened })', "'Cake' does not exist")
  })
})
