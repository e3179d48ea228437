import { expect } from 'chai'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { adapterTarget, type Check, fuzz, type JsonForm, ProgramError } from '../../fuzz/index.js'
import type { FuzzTarget } from '../../fuzz/targets/target.js'
import { listOf, u64 } from '../../index.js'
import { compile } from '../../interpreters/index.js'
import type { Json } from '../../interpreters/json/index.js'

const Cups = listOf(u64)
const { decode, encode } = compile(Cups)

/** A number of cups, in words; there is none for odd numbers, and the contents of the cups are lost. */
const words: JsonForm = {
  name: 'words',
  codec: {
    encode: (cups: ReadonlyArray<bigint>) => {
      if (cups.length % 2 === 1) {
        throw new TypeError('an odd number of cups')
      }
      return { cups: cups.length }
    },
    decode: (json: unknown): Either<unknown, ReadonlyArray<bigint>> => {
      const { cups } = json as { readonly cups: bigint }
      return typeof cups === 'bigint'
        ? right(Array.from({ length: Number(cups) }, () => 0n))
        : left('no cups')
    },
  },
}

/** A program that gets JSON, as far as `fuzz` can tell. */
const program = (
  value: (cups: ReadonlyArray<bigint>) => Json,
  written: (json: Json) => Uint8Array = () => new Uint8Array(),
): FuzzTarget<unknown> => ({
  open: async () => ({
    capacity: 1,
    decode: async (bytes) => {
      const read = decode(bytes)
      return read._tag === 'Left' ? { _tag: 'refuses' } : { _tag: 'accepts', value: value(read.right) }
    },
    encode: async (json) => ({ _tag: 'accepts', bytes: written(json) }),
    close: async () => {},
    kill: () => {},
  }),
})

const zeros = (cups: bigint): Uint8Array => {
  const bytes = encode(Array.from({ length: Number(cups) }, () => 0n))
  if (bytes._tag === 'Left') {
    throw new Error('no bytes')
  }
  return bytes.right
}

const run = (target: FuzzTarget<unknown>, check: Check) =>
  fuzz(Cups, target, { json: words, check, seed: 1, runs: 300, minimise: 600 })

describe('fuzz with another form of JSON', () => {
  it('compares values in it, and counts those that have none', async () => {
    const { findings, runs, uncompared, skipped } = await run(
      program(({ length }) => ({ cups: BigInt(length) })),
      'value',
    )
    expect(findings).to.deep.equal([])
    expect([runs, skipped]).to.deep.equal([300, 0])
    expect(uncompared).to.be.within(20, 280)
  })

  it('finds a wrong value', async () => {
    const { findings } = await run(
      program(({ length }) => ({ cups: BigInt(Math.min(length, 3)) })),
      'value',
    )
    expect(findings.map(({ mistake: { difference, place } }) => [place, difference])).to.deep.equal([
      ['cups', { _tag: 'value', path: ['cups'], expected: 4n, actual: 3n, start: 0, end: 40 }],
    ])
  })

  it('gives it to encoders, and compares their bytes', async () => {
    const told: Array<Json> = []
    const right = await run(
      program(
        () => null,
        (json) => {
          told.push(json)
          return zeros((json as { readonly cups: bigint }).cups)
        },
      ),
      'encode',
    )
    expect(right.findings).to.deep.equal([])
    expect(told.length + right.uncompared).to.equal(300)
    expect(right.uncompared).to.be.within(20, 280)
    const wrong = await run(
      program(
        () => null,
        () => zeros(0n),
      ),
      'encode',
    )
    expect(wrong.findings.map(({ input: { json, bytes } }) => [json, bytes.length])).to.deep.equal([
      [{ cups: 2n }, 24],
    ])
  })

  it('sends it to adapters, and only to those that support it', async () => {
    const script = (can: ReadonlyArray<string>): string => `
      for await (const line of require('node:readline').createInterface({ input: process.stdin })) {
        const { id, do: what, json, bytes } = JSON.parse(line)
        const cups = json === 'words' && what === 'decode' && Number(Buffer.from(bytes, 'base64').readBigUInt64LE())
        console.log(JSON.stringify(what === 'describe'
          ? { id, adapter: 1, can: ${JSON.stringify(can)} }
          : { id, accepts: true, value: { cups } }))
      }`
    const target = (...can: ReadonlyArray<string>) =>
      adapterTarget({
        command: [process.execPath, '-e', `(async () => {${script(can)}})()`],
        timeout: 600,
      })
    const options = { json: words, check: 'value', only: ['valid', 'value'], seed: 1, runs: 30 } as const
    const report = await fuzz(Cups, target('decode', 'value', 'words-json'), options)
    expect(report.findings).to.deep.equal([])
    const error = await fuzz(Cups, target('decode', 'value'), options).catch((thrown: unknown) => thrown)
    expect(error).to.be.an.instanceof(ProgramError)
    expect((error as Error).message).to.match(
      /it cannot words-json: it has values in the JSON of this package/,
    )
  })

  it('rejects an invalid form at once', () => {
    for (const json of [{}, { name: 'words' }, { name: 'Wo"rds', codec: words.codec }, null]) {
      expect(() => fuzz(Cups, program(String), { json: json as JsonForm })).to.throw(/option json of fuzz/)
    }
  })
})
