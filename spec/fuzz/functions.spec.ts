import { expect } from 'chai'
import { type Either, isRight, left, map, right } from 'fp-ts/lib/Either.js'
import {
  type Finding,
  type FuzzOptions,
  functionTarget,
  fuzz,
  type TargetFunctions,
} from '../../fuzz/index.js'
import { StorePath } from '../../grammar/index.js'
import {
  bool64,
  bytesOf,
  type Grammar,
  lazy,
  listOf,
  mapOf,
  setOf,
  struct,
  type TypeOf,
  u64,
  utf8,
} from '../../index.js'
import { compile } from '../../interpreters/index.js'
import { rightOf } from '../support/either.js'

const Order = struct('Order', { tea: utf8, cups: listOf(u64), milk: bool64, guests: setOf(utf8) })
type Order = TypeOf<typeof Order>

interface Tree {
  readonly name: string
  readonly children: ReadonlyArray<Tree>
}

const codec = compile(Order)
const canonical = compile(Order, {}, { profile: 'canonical' })

// Enough for everything here, so that the clock never ends making a finding smaller.
const patience = 600

const findings = async (
  functions: TargetFunctions<Order>,
  options: FuzzOptions = {},
): Promise<ReadonlyArray<Finding>> => {
  const target = functionTarget(functions)
  return (await fuzz(Order, target, { seed: 1, runs: 2000, minimise: patience, ...options })).findings
}

const told = (all: ReadonlyArray<Finding>): ReadonlyArray<string> =>
  all.map(({ mistake: { kind, group } }) => `${kind} ${group}`)

const changed =
  (change: (order: Order) => Order) =>
  (bytes: Uint8Array): Either<unknown, Order> =>
    map(change)(codec.decode(bytes))

describe('fuzz with functions', () => {
  it('finds nothing in a correct function', async () => {
    for (const check of ['accept', 'roundtrip', 'value', 'encode'] as const) {
      expect(await findings({ decode: codec.decode, encode: codec.encode }, { check }), check).to.deep.equal(
        [],
      )
    }
    const strict = { decode: canonical.decode, encode: canonical.encode }
    expect(await findings(strict, { check: 'roundtrip', profile: 'canonical' })).to.deep.equal([])
  })

  it('finds a rule that is not checked, names it, counts it, and makes the input small', async () => {
    const decode = (bytes: Uint8Array): Either<unknown, Order> => {
      const read = codec.decodeAt(bytes, 0)
      return isRight(read) ? right(read.right.value) : read
    }
    const all = await findings({ decode })
    expect(told(all)).to.deep.equal(['verdict nothing behind it'])
    const [found] = all
    expect(found).to.deep.include({ minimised: true, outcome: { _tag: 'accepts' } })
    expect(found?.count).to.be.above(5)
    // Four empty fields, and a byte.
    expect(found?.input.bytes).to.deep.equal(new Uint8Array(33))
    expect(found?.input.expected).to.include({ verdict: 'refuses', tag: 'TrailingBytes' })
  })

  it('finds a decoder that is too strict for either profile', async () => {
    const all = await findings({ decode: canonical.decode })
    expect(told(all)).to.include.members(['verdict 0 or 1'])
    expect(all.every(({ input }) => input.kind === 'acceptable' || input.kind === 'damaged')).to.equal(true)
  })

  it('finds a decoder that is too lenient for the canonical profile', async () => {
    const all = await findings({ decode: codec.decode }, { profile: 'canonical' })
    expect(told(all)).to.include.members(['verdict 0 or 1'])
  })

  it('finds a wrong value: its place, both values, and the bytes', async () => {
    const decode = changed((order) => ({ ...order, cups: order.cups.map((cup) => BigInt.asUintN(32, cup)) }))
    const all = await findings({ decode }, { check: 'value' })
    expect(told(all)).to.deep.equal(['value cups[]: it reads another value'])
    const difference = all[0]?.mistake.difference
    expect(difference).to.include({ _tag: 'value', start: 16, end: 24 })
    expect(difference?._tag === 'value' && difference.path).to.deep.equal(['cups', 0])
    expect(difference?._tag === 'value' && BigInt.asUintN(32, difference.expected as bigint)).to.equal(
      difference?.actual,
    )
    // The check of the verdict alone passes.
    expect(await findings({ decode })).to.deep.equal([])
  })

  it('finds each place at which a value differs, also behind a place that is ignored', async () => {
    const decode = changed(({ tea, guests, ...order }) => ({
      ...order,
      tea: `${tea}!`,
      milk: false,
      guests: [...guests, '~'],
    }))
    const all = await findings({ decode }, { check: 'value' })
    expect(told(all).toSorted()).to.deep.equal([
      'value guests[]: it reads another value',
      'value milk: it reads another value',
      'value tea: it reads another value',
    ])
    const milk = all.find(({ mistake }) => mistake.place === 'milk')
    expect(milk?.mistake.difference).to.deep.include({ path: ['milk'], expected: true, actual: false })
    for (const options of [{ ignore: ['tea', 'guests'] }, { only: ['milk'] }]) {
      const rest = await findings({ decode }, { check: 'value', ...options })
      expect(told(rest)).to.deep.equal(['value milk: it reads another value'])
    }
  })

  it('finds later places also behind a hundred keys that differ', async () => {
    const Prices = struct('Prices', { of: mapOf(utf8, u64), sum: u64 })
    const { decode, encode } = compile(Prices)
    const wrong = functionTarget<TypeOf<typeof Prices>>({
      decode: (bytes) =>
        map(({ of, sum }: TypeOf<typeof Prices>) => ({
          of: new Map([...of].map(([key]) => [key, 0n] as const)),
          sum: sum + 1n,
        }))(decode(bytes)),
    })
    const of = new Map(Array.from({ length: 300 }, (_, i) => [`tea ${i + 1000}`, 1n] as const))
    const inputs = [rightOf(encode({ of, sum: 7n }))]
    const { findings: all } = await fuzz(Prices, wrong, { check: 'value', inputs, minimise: 0 })
    expect(all.map(({ mistake }) => mistake.place)).to.deep.equal(['of[]', 'sum'])
  })

  it('stops at the limit of findings, also within one answer', async () => {
    const decode = changed(({ guests }) => ({ tea: '~', cups: [9n], milk: false, guests }))
    expect(await findings({ decode }, { check: 'value', findings: 1 })).to.have.lengthOf(1)
  })

  it('finds a lost item, and shows that nothing is in its place', async () => {
    const [found] = await findings(
      { decode: changed((order) => ({ ...order, guests: [] })) },
      { check: 'value' },
    )
    expect(found?.mistake).to.deep.include({ kind: 'value', place: 'guests[]' })
    expect(found?.mistake.difference).to.deep.include({ path: ['guests', 0], actual: undefined })
  })

  it('finds a wrong value in a map, under any key', async () => {
    const Prices = mapOf(utf8, u64)
    const { decode } = compile(Prices)
    const free = functionTarget<ReadonlyMap<string, bigint>>({
      decode: (bytes) =>
        map((all: ReadonlyMap<string, bigint>) => new Map([...all].map(([k]) => [k, 0n])))(decode(bytes)),
    })
    const report = await fuzz(Prices, free, { seed: 1, runs: 500, check: 'value', minimise: patience })
    expect(told(report.findings)).to.deep.equal(['value []: it reads another value'])
  })

  it('finds a value that is not encoded back to its message', async () => {
    const encode = (order: Order) => codec.encode({ ...order, milk: false })
    const all = await findings({ decode: codec.decode, encode }, { check: 'roundtrip' })
    expect(told(all)).to.deep.equal(['bytes milk: it writes other bytes'])
  })

  it('finds each field that an encoder writes wrongly, and names it', async () => {
    const encode = (order: Order): Either<unknown, Uint8Array> => {
      const bytes = rightOf(codec.encode(order))
      bytes[8 + Math.ceil(Buffer.byteLength(order.tea) / 8) * 8 + 1] = 1
      return right(bytes)
    }
    const [found] = await findings({ encode }, { check: 'encode', runs: 100 })
    expect(found?.mistake).to.include({ kind: 'bytes', place: 'cups' })
    const difference = found?.mistake.difference
    expect(difference?._tag === 'bytes' && difference.fields).to.deep.equal([
      {
        field: 'cups (count)',
        path: ['cups'],
        start: 8,
        end: 16,
        offsets: [9],
        expected: bytesOf('0000000000000000'),
        actual: bytesOf('0001000000000000'),
      },
    ])
  })

  it('finds a field that is written wrongly behind one that is ignored', async () => {
    const encode = (order: Order) =>
      codec.encode({ ...order, milk: false, cups: order.cups.map((cup) => BigInt.asUintN(8, cup)) })
    for (const check of ['roundtrip', 'encode'] as const) {
      const all = await findings({ decode: codec.decode, encode }, { check })
      expect(told(all), check).to.have.members([
        'bytes cups[]: it writes other bytes',
        'bytes milk: it writes other bytes',
      ])
      const rest = await findings({ decode: codec.decode, encode }, { check, ignore: ['cups'] })
      expect(told(rest), check).to.deep.equal(['bytes milk: it writes other bytes'])
    }
  })

  it('finds bytes that are missing or too many', async () => {
    for (const [change, field] of [
      [(bytes: Uint8Array) => bytes.slice(0, -8), /^guests/],
      [(bytes: Uint8Array) => Uint8Array.of(...bytes, 0), /^behind the message$/],
    ] as const) {
      const [found] = await findings(
        { encode: (order) => map(change)(codec.encode(order)) },
        { check: 'encode' },
      )
      const difference = found?.mistake.difference
      expect(difference?._tag === 'bytes' && difference.fields[0]?.field).to.match(field)
    }
  })

  it('counts an exception as a crash, and the same message once', async () => {
    const decode = (bytes: Uint8Array): Either<unknown, Order> => {
      if (bytes.length < 20) throw new Error(`cannot look at byte ${bytes.length}`)
      return codec.decode(bytes)
    }
    const all = await findings({ decode })
    expect(told(all)).to.deep.equal(['crash throws cannot look at byte #'])
    expect(all[0]?.mistake.rule).to.match(/^throws cannot look at byte \d+$/)
  })

  it('makes one finding of one mistake, whatever the field, the padding byte and the integer', async () => {
    // It looks neither at padding nor at what a length is compared with.
    const decode = (bytes: Uint8Array): Either<unknown, Order> => {
      const read = codec.decode(bytes)
      return isRight(read) || !['NonZeroPadding', 'LimitExceeded'].includes(read.left._tag)
        ? read
        : right({ tea: '', cups: [], milk: false, guests: [] })
    }
    const all = await findings({ decode }, { minimise: 0, findings: 100 })
    expect(told(all).toSorted()).to.deep.equal([
      'verdict a count within the limit',
      'verdict a length within the limit',
      'verdict padding is zero',
    ])
    const padding = all.find(({ mistake }) => mistake.tag === 'NonZeroPadding')
    expect(padding?.places.toSorted()).to.deep.equal(['guests[]', 'tea'])
  })

  it('makes items fewer before it makes letters plain, and knows whether it came to the end', async () => {
    const decode = () => right({ tea: '', cups: [], milk: false, guests: [] })
    const options: FuzzOptions = { only: ['NonZeroPadding'], findings: 1 }
    const [short] = await findings({ decode }, { ...options, minimise: 0.000001 })
    expect(short).to.include({ minimised: false })
    const [found] = await findings({ decode }, options)
    expect(found).to.include({ minimised: true })
    expect(found!.input.bytes.length).to.be.at.most(found!.firstLength)
    // Four fields, and one letter with its padding.
    expect(found?.input.bytes).to.have.lengthOf(found?.mistake.place === 'tea' ? 40 : 48)
  })

  it('leaves out all rules of texts, in what is acceptable and in what is damaged, too', async () => {
    const { decode } = compile(StorePath)
    const strict = compile(StorePath, {}, { profile: 'canonical' })
    const places = async (target: TargetFunctions<string>, structure: boolean) => {
      const options = { seed: 1, runs: 3000, structure, findings: 100, minimise: 0 }
      const report = await fuzz(StorePath, functionTarget<string>(target), options)
      return report.findings.map(({ input }) => input.expected.isOfText)
    }
    expect(await places({ decode: strict.decode }, true)).to.deep.equal([])
    expect(await places({ decode: strict.decode }, false)).to.include(true)
    const lenient = { decode: (bytes: Uint8Array) => (bytes.length > 8 ? right('x') : decode(bytes)) }
    expect(await places(lenient, true))
      .to.include(false)
      .and.not.to.include(true)
  })

  it('runs the same for the same seed, and each shard its part of it', async () => {
    const seen = async (options: FuzzOptions): Promise<ReadonlyArray<string>> => {
      const all: Array<string> = []
      await findings(
        {
          decode: (bytes) => {
            all.push(Buffer.from(bytes).toString('hex'))
            return codec.decode(bytes)
          },
        },
        options,
      )
      return all
    }
    const whole = await seen({ runs: 1000 })
    expect(whole).to.have.lengthOf(1000)
    expect(await seen({ runs: 1000 })).to.deep.equal(whole)
    const parts = await Promise.all([1, 2, 3].map((part) => seen({ runs: 1000, shard: { part, of: 3 } })))
    expect(parts.flat().sort()).to.deep.equal([...whole].sort())
  })

  it('says that a shard got no inputs, which looks like no findings', async () => {
    const target = functionTarget<Order>({ decode: () => left('no') })
    const shards: ReadonlyArray<FuzzOptions> = [
      { runs: 300, shard: { part: 3, of: 4 } },
      { inputs: [new Uint8Array(8), new Uint8Array(16)], shard: { part: 3, of: 4 } },
      { inputs: [] },
    ]
    for (const options of shards) {
      expect(await fuzz(Order, target, { seed: 1, ...options })).to.include({ runs: 0, ended: 'empty' })
    }
    const some = await fuzz(Order, target, { seed: 1, runs: 300, shard: { part: 2, of: 4 } })
    expect(some).to.include({ runs: 44, ended: 'runs' })
  })

  it('tries given inputs', async () => {
    const yes = rightOf(codec.encode({ tea: 'mint', cups: [], milk: true, guests: [] }))
    const inputs = [yes, new Uint8Array(), new Uint8Array(32)]
    const report = await fuzz(Order, functionTarget<Order>({ decode: () => left('no') }), { inputs })
    expect(report).to.include({ runs: 3, ended: 'inputs' })
    expect(report.findings.map(({ count, input }) => [count, input.kind])).to.deep.equal([[2, 'given']])
  })

  it('tries and reports only the selected inputs', async () => {
    const decode = () => right({ tea: '', cups: [], milk: false, guests: [] })
    const places = async (options: FuzzOptions) =>
      new Set(
        (await findings({ decode }, { findings: 1000, minimise: 0, ...options })).map(
          ({ mistake }) => mistake.place,
        ),
      )
    expect([...(await places({ only: ['cups'] }))].every((place) => /^cups/.test(place))).to.equal(true)
    expect((await places({ ignore: ['cups'] })).has('cups')).to.equal(false)
    const tags = new Set(
      (await findings({ decode }, { only: ['NotUtf8'], findings: 1000, minimise: 0 })).map(
        ({ mistake }) => mistake.tag,
      ),
    )
    expect([...tags]).to.deep.equal(['NotUtf8'])
  })

  it('finds mistakes of every kind, and only those, when told to', async () => {
    const decode = (bytes: Uint8Array): Either<unknown, Order> => {
      if (bytes.length > 60) throw new Error('too long')
      return right({ tea: '', cups: [], milk: false, guests: [] })
    }
    const encode = () => right(new Uint8Array())
    for (const [kind, check] of [
      ['verdict', 'accept'],
      ['crash', 'accept'],
      ['value', 'value'],
      ['bytes', 'roundtrip'],
      ['bytes', 'encode'],
    ] as const) {
      const options: FuzzOptions = { check, minimise: 0, runs: 300 }
      const only = await findings({ decode, encode }, { ...options, only: [kind] })
      expect([...new Set(only.map(({ mistake }) => mistake.kind))], check).to.deep.equal([kind])
      const others = await findings({ decode, encode }, { ...options, ignore: [kind] })
      expect(
        others.map(({ mistake }) => mistake.kind),
        check,
      ).not.to.include(kind)
    }
    for (const kind of ['valid', 'malformed', 'damaged']) {
      const found = await findings({ decode: () => left('no'), encode }, { only: [kind] })
      const wrong = await findings({ decode, encode }, { only: [kind], minimise: 0 })
      expect(
        [...new Set([...found, ...wrong].map(({ input }) => input.kind))],
        'what is kept is of this kind',
      ).to.deep.equal([kind])
    }
  })

  it('takes what is acceptable for that, also if it was damaged', async () => {
    const { decode } = canonical
    const damaged = await findings({ decode }, { only: ['damaged'], minimise: 0 })
    expect(damaged.map(({ input }) => input.expected.verdict)).to.include('accepts')
    expect(await findings({ decode }, { ignore: ['acceptable'], minimise: 0 })).to.deep.equal([])
    const inputsOfBool = [bytesOf('0200000000000000')]
    const refusing = functionTarget<boolean>({ decode: () => left('no') })
    for (const [word, count] of [
      ['only', 1],
      ['ignore', 0],
    ] as const) {
      const report = await fuzz(bool64, refusing, { inputs: inputsOfBool, [word]: ['acceptable'] })
      expect(report.findings, word).to.have.lengthOf(count)
    }
  })

  it('rejects a filter that can match nothing', () => {
    const target = functionTarget<Order>({ decode: codec.decode, encode: codec.encode })
    for (const [options, problem] of [
      [{ only: ['NotUtf'] }, 'only of fuzz: there is no tag, path or kind "NotUtf" (did you mean NotUtf8?)'],
      [
        { ignore: ['cup'] },
        'ignore of fuzz: there is no tag, path or kind "cup" (did you mean cups or cups[]?)',
      ],
      [{ only: ['NotUtf8', 'crush'] }, '"crush" (did you mean crash?)'],
      [{ only: ['FramesEnd'] }, 'no message of this type has FramesEnd: its tags are '],
      [{ only: ['value'] }, 'the check accept does not compare values'],
      [{ only: ['bytes'], check: 'value' }, 'the check value does not compare bytes'],
      [{ only: ['malformed'], check: 'encode' }, 'an encoder has valid inputs only'],
      [{ only: ['given'] }, 'only the inputs of a corpus are given'],
      [{ only: ['valid'], inputs: [] }, 'the inputs of a corpus are given, none are valid'],
      [{ only: ['acceptable'], profile: 'canonical' }, 'the canonical profile accepts nothing'],
      [{ only: ['cups[]'], ignore: ['cups'] }, '"cups[]" is ignored as well'],
    ] as const) {
      expect(() => fuzz(Order, target, options as FuzzOptions), problem).to.throw(RangeError, problem)
    }
  })

  it('takes every path that a finding can have', async () => {
    const Tree: Grammar<Tree> = lazy(() => struct('Tree', { name: utf8, children: listOf(Tree) }))
    const paths = ['name', 'children', 'children[]', 'children[].name', 'children[3].children[0].name']
    const target = functionTarget<Tree>({ decode: compile(Tree).decode })
    for (const path of paths) {
      expect(await fuzz(Tree, target, { runs: 20, only: [path] }), path).to.include({ runs: 20 })
    }
    expect(() => fuzz(Tree, target, { only: ['children[].nam'] })).to.throw('there is no tag, path or kind')
  })

  it('says that nothing passes a filter', async () => {
    const target = functionTarget<bigint>({ decode: compile(u64).decode })
    const error = await fuzz(u64, target, { only: ['acceptable'] }).catch(String)
    expect(error).to.contain('no input passes the filter')
  })

  it('ends at its limit, with its findings so far', async () => {
    const stop = new AbortController()
    let calls = 0
    const decode = (): Either<unknown, Order> => {
      if (++calls === 100) stop.abort()
      return left('no')
    }
    const report = await fuzz(Order, functionTarget<Order>({ decode }), {
      seed: 1,
      signal: stop.signal,
      runs: 10 ** 9,
      // Why one of them is refused is asked with further calls.
      ignore: ['acceptable'],
    })
    expect(report.ended).to.equal('aborted')
    expect(report.runs).to.equal(100)
    expect(report.findings).not.to.have.lengthOf(0)
  })

  it('rejects invalid options at once', () => {
    const target = functionTarget<Order>({ decode: codec.decode })
    const wrong: ReadonlyArray<readonly [options: object, told: string]> = [
      [{ check: 'all' }, 'check'],
      [{ runs: 0 }, 'runs'],
      [{ seconds: -1 }, 'seconds'],
      [{ shard: { part: 4, of: 3 } }, 'shard'],
      [{ check: 'encode', inputs: [] }, 'inputs'],
      [{ many: 1 }, 'many'],
    ]
    for (const [options, message] of wrong) {
      expect(() => fuzz(Order, target, options), message).to.throw(message)
    }
    expect(() => functionTarget({ read: 1 } as object)).to.throw('read')
    expect(() => fuzz(Order, {} as never)).to.throw('functionTarget')
  })

  it('says which function a check needs', async () => {
    const error = await findings({ decode: codec.decode }, { check: 'roundtrip' }).catch(String)
    expect(error).to.contain('roundtrip needs the function encode')
  })
})
