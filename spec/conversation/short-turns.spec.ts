import { expect } from 'chai'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { shortTurnOf } from '../../conversation/client/short-turn.js'
import { turnsIn } from '../../conversation/line/shape.js'
import { isOffered } from '../../conversation/machine/offered.js'
import { workerOf } from '../../grammar/conversation/worker.js'
import { operations } from '../../grammar/operations/table.js'
import { narDelimiter } from '../../stream/nar/delimiter.js'
import { turns } from '../support/waiting.js'
import { concat, int, padded } from '../support/wire.js'
import { customer } from './cooks.js'
import { wires } from './pipes.js'
import { burnt, done, remark } from './sessions.js'

const order = { leaf: 'assam', cups: 2 }

/** What the cook says to an order of tea and a look at the clock. */
const answers: { readonly [name: string]: Uint8Array } = {
  'an answer': concat(done, padded('a cup'), padded('noon')),
  'an answer behind remarks': concat(
    remark('water'),
    remark('leaves'),
    done,
    padded('a cup'),
    padded('noon'),
  ),
  'a refusal': concat(burnt('late'), padded('noon')),
  'a refusal behind a remark': concat(remark('water'), burnt('late'), padded('noon')),
  'a note that is none': concat(remark('water'), int(7), padded('noon')),
  'a text with wrong padding': concat(done, int(1), Uint8Array.of(97, 1, 0, 0, 0, 0, 0, 0)),
  'a farewell in place of a note': padded('closing'),
  'a farewell in place of the tea': concat(remark('water'), done, padded('a cup'), padded('closing')),
  nothing: new Uint8Array(0),
  'a part of a note': remark('water').subarray(0, 12),
}

interface Outcome {
  readonly told: ReadonlyArray<string>
  readonly results: ReadonlyArray<Either<unknown, unknown>>
}

/** What a client makes of an answer that comes in these pieces, and then ends. */
const outcomeOf = async (pieces: ReadonlyArray<Uint8Array>): Promise<Outcome> => {
  const on = wires()
  const writer = on.server.writable.getWriter()
  await writer.write(concat(int(9), int(0)))
  const { calls } = await customer(on.client)
  const told: Array<string> = []
  const note = (said: { readonly is: string; readonly text?: string }) => {
    told.push(said.text ?? said.is)
  }
  const results = [calls.Tea({ order }, { note: note as never })(), calls.Clock()()]
  try {
    for (const piece of pieces) {
      await turns(5)
      await writer.write(piece)
    }
    await turns(5)
    await writer.close()
  } catch {
    // The client has left meanwhile.
  }
  return { told, results: await Promise.all(results) }
}

const inTwo = (bytes: Uint8Array): ReadonlyArray<ReadonlyArray<Uint8Array>> =>
  Array.from(bytes, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)])

describe('a turn of plain messages', () => {
  for (const [name, bytes] of Object.entries(answers)) {
    it(`comes to the same however its bytes come: ${name}`, async () => {
      const byBytes = await outcomeOf(Array.from(bytes, (_, at) => bytes.subarray(at, at + 1)))
      for (const pieces of [[bytes], ...inTwo(bytes)]) {
        expect(await outcomeOf(pieces)).to.deep.equal(byBytes)
      }
    })
  }

  it('is answered, and tells what it hears', async () => {
    const bytes = answers['an answer behind remarks']!
    expect(await outcomeOf([bytes])).to.deep.equal({
      told: ['water', 'leaves', 'Done'],
      results: [right({ tea: 'a cup' }), right({ time: 'noon' })],
    })
  })

  it('is refused, and the next one is not', async () => {
    const bytes = answers['a refusal behind a remark']!
    expect(await outcomeOf([bytes])).to.deep.equal({
      told: ['water', 'Burnt'],
      results: [left({ is: 'Burnt', why: 'late' }), right({ time: 'noon' })],
    })
  })

  it('waits for a listener that takes its time, and hears nothing meanwhile', async () => {
    const on = wires()
    const writer = on.server.writable.getWriter()
    await writer.write(concat(int(9), int(0)))
    const { calls } = await customer(on.client)
    const told: Array<string> = []
    let go = () => {}
    const note = ({ is }: { readonly is: string }) => {
      told.push(is)
      return new Promise<void>((resolve) => {
        go = resolve
      })
    }
    const tea = calls.Tea({ order }, { note: note as never })()
    await writer.write(answers['an answer behind remarks']!)
    let isAnswered = false
    void tea.then(() => {
      isAnswered = true
    })
    for (const expected of [['Remark'], ['Remark', 'Remark'], ['Remark', 'Remark', 'Done']]) {
      await turns()
      expect(told).to.deep.equal(expected)
      expect(isAnswered).to.equal(false)
      go()
    }
    expect(await tea).to.deep.equal(right({ tea: 'a cup' }))
  })

  it('is what most operations of a daemon are', () => {
    const [menu] = turnsIn(workerOf(operations, { archive: narDelimiter }).node)
    const protocol = { version: '1.38', features: [] } as const
    const long = [...menu!.branch.cases.values()].flatMap((each) =>
      isOffered(each.gate, protocol) && shortTurnOf(each, protocol) === null ? [each.name] : [],
    )
    expect(long).to.have.members([
      'AddToStore',
      'ImportPaths',
      'ExportPath',
      'NarFromPath',
      'AddToStoreNar',
      'AddBuildLog',
      'AddMultipleToStore',
    ])
  })
})
