import { PassThrough } from 'node:stream'
import { expect } from 'chai'
import fc from 'fast-check'
import { right } from 'fp-ts/lib/Either.js'
import { none } from 'fp-ts/lib/Option.js'
import * as combinators from '../../combinators/index.js'
import * as conformance from '../../conformance/index.js'
import * as conversation from '../../conversation/index.js'
import * as daemon from '../../daemon/index.js'
import * as fuzz from '../../fuzz/index.js'
import * as grammar from '../../grammar/index.js'
import * as interpreters from '../../interpreters/index.js'
import * as laws from '../../laws/index.js'
import * as nixJson from '../../nix-json/index.js'
import * as serve from '../../serve/index.js'
import * as session from '../../session/index.js'
import * as store from '../../store/index.js'
import * as stream from '../../stream/index.js'
import * as types from '../../types/index.js'
import * as validation from '../../validation/index.js'
import * as vectors from '../../vectors/index.js'
import { type PublicFunction, type PublicParameter, publicFunctions } from '../support/public-functions.js'

const { u8, u64, utf8, since, struct } = combinators
const { NixReader, NixWriter, CollectingSink } = stream
const modules: { readonly [entry: string]: object } = {
  combinators,
  conversation,
  interpreters,
  grammar,
  types,
  store,
  stream,
  session,
  serve,
  daemon,
  'nix-json': nixJson,
  validation,
  laws,
  fuzz,
  vectors,
  conformance,
}

/** One argument for each type that a parameter has. A new type wants a line here; a new function wants none. */
const samples: ReadonlyArray<readonly [type: RegExp, sample: () => unknown]> = [
  [/\[name: string, grammar: AnyGrammar\]/, () => []],
  [/Uint8Array<ArrayBufferLike>$/, () => new Uint8Array(8)],
  [/^readonly \(readonly \[Gate, Grammar<.*>\]\)\[\]$/, () => [[since('1.2'), u64]]],
  [/Grammar<number/, () => u8],
  [/^Tag$/, () => u8],
  [/Grammar/, () => u64],
  [/^HashAlgorithm$/, () => 'sha1'],
  [/^string$/, () => 'is'],
  [/^number$/, () => 1],
  [/^bigint/, () => 1n],
  [/^(unknown|A|NoInfer<A>.*)$/, () => 1n],
  [/^`\$\{number\}\.\$\{number\}`$/, () => '1.2'],
  [/^Gate$/, () => since('1.2')],
  [/^readonly Gate\[\]$/, () => [since('1.2')]],
  [/^TextFormat</, () => types.HashAlgorithm.format],
  [/^\{ readonly fields: F; \}$/, () => struct('A', { a: u64 })],
  [/^Fields$/, () => ({ a: u64 })],
  [/^Items$/, () => [u64]],
  [/^(FlagMasks|\{ readonly \[name: string\]: (string \| )?number; \})$/, () => ({ A: 2 })],
  [/^TaggedCases$/, () => ({ A: [0, { a: u64 }] })],
  [/^TaggedRest$/, () => ({ B: ['b', { a: u64 }] })],
  [/^\{ readonly next: /, () => ({ next: 1n, end: 0n })],
  [/^Agreed$/, () => ({ version: '1.2', features: [] })],
  [/^"utf8" \| "escaped"$/, () => 'utf8'],
  [/=> boolean\)?$/, () => () => true],
  [/^\(\(?.*\) => Either</, () => right],
  [/^\(\) => /, () => () => u64],
  [/=> Iterable<P>$/, () => () => []],
  [/^Store$/, () => daemon.memoryStore()],
  [/^Partial<Protocol>$/, () => ({})],
  [/^Dissection</, () => interpreters.dissect(u64, {}, new Uint8Array(8))],
  [/^Parser</, () => interpreters.toParser(u64)],
  [/^Json$/, () => 1],
  [/^readonly PageSection\[\]$/, () => []],
  [/^readonly WiresharkMessage\[\]$/, () => []],
  [/^WiresharkOptions$/, () => ({ name: 'tea', header: session.PacketHeader })],
  [/^BaseStorePath$/, () => 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo'],
  [/^FieldPath$/, () => []],
  [/^Issue$/, () => ({ _tag: 'NoSpace', offset: 0, path: [], expected: '', actual: '', grammar: '' })],
  [/^(Source|Source \| ByteSource|Events|(Async)?Iterable<.*)$/, () => []],
  [/^Sink$/, () => new CollectingSink()],
  [/^BytesPair$/, () => new TransformStream()],
  [/^NixReader$/, () => new NixReader([])],
  [/^NixWriter$/, () => new NixWriter(new CollectingSink())],
  [/^string \| Uint8Array/, () => '/nowhere'],
  [/^Target$/, () => '/nowhere'],
  [/^Duplex \| StreamPair$/, () => new PassThrough()],
  [/^Handlers(For|OfMenu)?</, () => ({})],
  [/Arbitrary/, () => fc.bigInt()],
  [/^Side$/, () => 'client'],
  [/^AnyFlow\b/, () => conversation.says('client', 'is', u64)],
  [/^readonly AnyFlow\[\]$/, () => [conversation.nothing]],
  [/^Cases$/, () => ({ A: [1n, conversation.nothing] })],
  [/^readonly PublicKey\[\]$/, () => []],
  [
    /^(ContentAddressed|Derivation|InputAddressed|NamedDerivation|SecretKey|Signable|TextObject|UpstreamOutput|ValidPathInfo|NarFile)$/,
    () => ({}),
  ],
  [/^FindDerivation$/, () => () => none],
  [/^FuzzTarget</, () => fuzz.functionTarget({ decode: right })],
  [
    /^(CodecRun|ConformanceReport|readonly ConformanceResult\[\])$/,
    () => Object.assign([], { checks: [], tells: [], results: [], facts: [], notes: [], tables: [] }),
  ],
  [/^ConformanceTally$/, () => ({ passed: 1, known: 0, failed: 0, skipped: 0 })],
  [/^CodecUnderTest$/, () => conformance.programCodec({ command: 'true' })],
  [/^string \| undefined$/, () => 'client'],
  [/^Witness$/, () => ({ is: u64 })],
]

const sampleOf = ({ type, options }: PublicParameter): unknown => {
  const found = samples.find(([words]) => words.test(type))
  if (found === undefined && options === null) {
    throw new Error(`a parameter of the type ${type} wants a line in the table of samples`)
  }
  return found?.[1]() ?? {}
}

const exported = ({ entry, name }: PublicFunction): unknown =>
  name.split('.').reduce((from: unknown, key) => (from as Record<string, unknown>)[key], modules[entry])

/** What a call throws at once, or rejects with. */
const thrownBy = async (of: PublicFunction, given: ReadonlyArray<unknown>): Promise<unknown> => {
  const value = exported(of) as new (...given: ReadonlyArray<unknown>) => unknown
  try {
    await (of.isClass ? new value(...given) : (value as unknown as (...g: typeof given) => unknown)(...given))
  } catch (error) {
    return error
  }
  return undefined
}

/** What a function needs, with something else in one place. */
const argumentsOf = (of: PublicFunction, at: number, wrong: unknown): ReadonlyArray<unknown> =>
  of.parameters
    .filter(({ required }, index) => required || index <= at)
    .map((each, index) => (index === at ? wrong : sampleOf(each)))

/** What the engine says of what we did not check. */
const engineWords = /Cannot |is not (a function|iterable)|undefined is not|reading '/

const functions = publicFunctions(Object.keys(modules))

const expectTold = async (
  of: PublicFunction,
  given: ReadonlyArray<unknown>,
  words: RegExp,
): Promise<void> => {
  const what = `${of.entry} ${of.name}(${given.map((each) => typeof each).join(', ')})`
  const thrown = await thrownBy(of, given)
  expect(thrown, what).to.be.instanceOf(Error)
  const { message } = thrown as Error
  expect(message, what).to.match(words)
  expect(message, what).not.to.match(engineWords)
}

const places = (
  wanted: (parameter: PublicParameter, of: PublicFunction) => boolean,
): ReadonlyArray<readonly [PublicFunction, number, PublicParameter]> =>
  functions.flatMap((of) =>
    of.parameters.flatMap((each, at) => (wanted(each, of) ? [[of, at, each] as const] : [])),
  )

/** Each has a node, and some of the nodes have the tag of a grammar's. */
const flows = [
  conversation.says('client', 'is', u64),
  conversation.nothing,
  conversation.gated(since('1.2'), conversation.says('client', 'is', u64)),
  conversation.turns('orders', conversation.says('client', 'order', u8), { Tea: [1, conversation.nothing] }),
]

/** What takes a flow and makes none of it. */
const followers = /^(to\w+|namedParts|observe|connectFlow|serveFlow)$/

const isCombinator = ({ entry, result }: PublicFunction): boolean =>
  entry === 'conversation' || (entry === 'combinators' && /Grammar<|^(Literal|Gate|G|Pick<.*)$/.test(result))

describe('plain JavaScript gets an error at once that names', () => {
  it('an argument that is not a grammar, in any function', async () => {
    const found = places(({ type, required }) => required && /^(Tag$|\w*Grammar\b)/.test(type))
    expect(found.length).to.be.above(35)
    for (const [of, at] of found) {
      const words = isCombinator(of) ? '' : `${of.name}\\b.*`
      for (const wrong of [undefined, null, 'u64', {}, combinators.literal(u64, 1n)]) {
        await expectTold(of, argumentsOf(of, at, wrong), new RegExp(`${words}must be a grammar, not `))
      }
      for (const flow of flows) {
        await expectTold(of, argumentsOf(of, at, flow), new RegExp(`${words}must be a grammar, not a flow`))
      }
    }
  })

  it('an argument that is not a flow, in any function', async () => {
    const found = places(({ type, required }) => required && /^AnyFlow$/.test(type))
    expect(found.length).to.be.above(12)
    for (const [of, at] of found) {
      const words = isCombinator(of) && !followers.test(of.name) ? '' : `${of.name}\\b.*`
      for (const wrong of [undefined, null, 'log', {}, u64, { node: { _tag: 'sequence', parts: [] } }]) {
        await expectTold(of, argumentsOf(of, at, wrong), new RegExp(`${words}must be a flow, not `))
      }
    }
    for (const many of [conversation.sequence, conversation.atOnce]) {
      expect(() => many(conversation.nothing, u64 as never)).to.throw(
        /^part 1 of \w+ must be a flow, not a grammar$/,
      )
    }
  })

  it('any other missing argument of a combinator or a part of a conversation', async () => {
    const found = places(
      ({ required, type }, of) => required && isCombinator(of) && type !== 'unknown' && type !== 'A',
    )
    for (const [of, at] of found) {
      await expectTold(of, argumentsOf(of, at, undefined), /undefined/)
    }
  })

  it('a wrong member of a collection of fields, items, cases or arms, with its key', async () => {
    const collections = places(
      ({ type }, of) =>
        isCombinator(of) &&
        /^(Fields|Items|TaggedCases|TaggedRest|Cases|Witness|FlagMasks|readonly .*\b(Gate|Grammar)\b|\{ readonly \[)/.test(
          type,
        ),
    )
    for (const [of, at, parameter] of collections) {
      const sample = sampleOf(parameter)
      const wrong = Array.isArray(sample) ? [undefined] : { A: undefined }
      const given = argumentsOf(of, at, wrong)
      const spread = parameter.type === 'Items' || parameter.type === 'readonly Gate[]'
      await expectTold(of, spread ? [undefined] : given, Array.isArray(sample) ? /undefined/ : /\bA\b/)
    }
    expect(collections.map(([{ name }]) => name)).to.include.members([
      'struct',
      'tagged',
      'enumOf',
      'byProtocol',
      'flagsOf',
    ])
    expect(() => struct('Person', { age: undefined as never })).to.throw(
      TypeError,
      'the field age of Person must be a grammar, not undefined (one that is defined later needs lazy)',
    )
  })

  it('an unknown option, and an invalid value of one', async () => {
    const found = places(
      ({ options, type }) => options !== null && !/^Partial<Protocol>( \| undefined)?$|^Excerpt$/.test(type),
    )
    expect(found.length).to.be.above(30)
    for (const [of, at, { options, type }] of found) {
      if (['daemonError', 'operation', 'ProgramError'].includes(of.name)) {
        continue // Not options: the parts of an error, of an operation, and those of any Error.
      }
      await expectTold(of, argumentsOf(of, at, { noSuchOption: 1 }), /"noSuchOption"/)
      await expectTold(of, argumentsOf(of, at, 'canonical'), /must be an object, not a string/)
      if (options?.includes('profile')) {
        await expectTold(of, argumentsOf(of, at, { profile: 'cannonical' }), /"cannonical"/)
      }
      for (const limits of ['limits', 'narLimits'].filter((name) => options?.includes(name))) {
        await expectTold(of, argumentsOf(of, at, { [limits]: { strings: 5 } }), /"strings"/)
      }
      if (options?.includes('protocol')) {
        await expectTold(of, argumentsOf(of, at, { protocol: '1.37' }), /\{ version: "1.37" \}/)
      }
      expect(type).to.be.a('string')
    }
  })

  it('a version in place of a protocol, and an unknown part of a protocol', async () => {
    for (const [of, at] of places(({ type }) => /^Partial<Protocol>( \| undefined)?$/.test(type))) {
      await expectTold(of, argumentsOf(of, at, '1.37'), /\{ version: "1.37" \}/)
      await expectTold(of, argumentsOf(of, at, { versoin: '1.37' }), /"versoin"/)
      await expectTold(of, argumentsOf(of, at, { features: 'a' }), /features .* array/)
    }
  })

  it('the gate of a grammar that depends on more of the protocol than is given', async () => {
    const Pot = struct('Pot', { lid: combinators.versioned(since('1.2'), u64, 0n) })
    const isOf = (type: RegExp) => (each: PublicParameter) => type.test(each.type)
    const found = functions.filter(
      ({ parameters }) => parameters.some(isOf(/^Grammar</)) && parameters.some(isOf(/^Partial<Protocol>$/)),
    )
    expect(found.map(({ name }) => name)).to.include.members(['compile', 'toParser', 'dissect', 'toJson'])
    for (const of of found) {
      const given = argumentsOf(of, of.parameters.findIndex(isOf(/^Grammar</)), Pot)
      await expectTold(
        of,
        given,
        /^Pot depends on a version \(protocol version 1\.2 or above\), but \w+ was given none/,
      )
    }
  })

  it('an argument that is not bytes', async () => {
    const found = places(({ type }) => /^Uint8Array<ArrayBufferLike>$/.test(type))
    for (const [of, at] of found) {
      await expectTold(of, argumentsOf(of, at, new DataView(new ArrayBuffer(8))), /Uint8Array/)
    }
    const codec = interpreters.compile(utf8)
    for (const call of [
      () => codec.decode(new DataView(new ArrayBuffer(8)) as never),
      () => codec.decodeAt(new ArrayBuffer(8) as never, 0),
      () => codec.encodeInto('', [] as never, 0),
    ]) {
      expect(call).to.throw(TypeError, /must be a Uint8Array, not an object \(/)
    }
  })

  it('an argument of a method that is not bytes', async () => {
    const { ByteSource, FramedWriter, MockReader, MockWriter, NarParser, NarWriter } = stream
    const writer = new NixWriter(new CollectingSink())
    const archive = new NarWriter()
    archive.write({ _tag: 'regular', executable: false, size: 8 })
    const view = new DataView(new ArrayBuffer(8)) as never
    for (const call of [
      () => writer.writeRaw(view),
      () => new FramedWriter(writer).write(view),
      () => new ByteSource([]).unread(view),
      () => new NarParser().push(view),
      () => archive.write({ _tag: 'contents', bytes: view }),
      () => new MockReader().raw(view),
      () => new MockWriter().slice(view),
      () => new MockWriter().raw(view),
      () => new MockWriter().sliceError(view, new Error('gone')),
      () => new session.SessionDecoder().push('client', view),
    ]) {
      const thrown: unknown = await Promise.resolve()
        .then(call)
        .catch((error: unknown) => error)
      expect(thrown, call.toString()).to.be.instanceOf(TypeError)
      expect((thrown as Error).message).to.match(/must be a Uint8Array, not an object \(DataView\)$/)
    }
  })

  it('an argument that is not a text, in any reading function', async () => {
    const found = places(
      ({ type, required }, { entry, isClass }) =>
        type === 'string' && required && entry !== 'daemon' && !isClass,
    )
    expect(found.length).to.be.above(15)
    for (const [of, at] of found) {
      for (const wrong of [undefined, null, 1.37, ['1.37']]) {
        await expectTold(of, argumentsOf(of, at, wrong), /must be a string, not /)
      }
    }
    const { make } = types.StorePath
    expect(() => make(undefined as never)).to.throw(TypeError, 'the text of StorePath must be a string')
    expect(() => combinators.protocol({ version: 1.37 as never })).to.throw(
      TypeError,
      'a protocol version must be a string, not a number',
    )
  })

  it('an argument that is not a stream, source, sink or daemon', async () => {
    const found = places(({ type }) =>
      /^(Source|Source \| ByteSource|Events|(Async)?Iterable<.*|Sink|Target|Duplex \| StreamPair)$/.test(
        type,
      ),
    )
    expect(found.map(([{ name }]) => name)).to.include.members(['NixReader', 'NixWriter', 'connect', 'serve'])
    for (const [of, at, { type }] of found) {
      for (const wrong of [undefined, null, 5, {}, () => [], ...(type === 'Target' ? [] : ['x'])]) {
        await expectTold(of, argumentsOf(of, at, wrong), /must be (a stream|iterable)/)
      }
    }
    const frames = new stream.FramedWriter(new NixWriter(new CollectingSink()))
    expect(() => frames.writeAll(undefined as never)).to.throw(TypeError, 'a source must be')
    expect(() => daemon.connect({ command: 'nix-daemon --stdio' as never })).to.throw(
      TypeError,
      'the command of a target must be an array, not a string',
    )
  })

  it('an event that no archive has', () => {
    const { NarWriter } = stream
    const written = new NarWriter().write({ _tag: 'regulra', executable: false, size: 0 } as never)
    expect(written).to.have.nested.property('left._tag', 'Unrepresentable')
    expect(written).to.have.nested.property('left.actual', '"regulra"')
    expect(() => new NarWriter().write(undefined as never)).to.throw(TypeError, 'an event must be an object')
    const link = { _tag: 'symlink', target: 5 } as never
    expect(() => new NarWriter().write(link)).to.throw(TypeError, 'the target of a link must be a string')
  })

  it('a value that toMalformed cannot write', () => {
    const Person = struct('Person', { name: utf8, age: u8 })
    for (const wrong of [undefined, 5, { name: 'Ada', age: 300 }, { name: 5, age: 3 }]) {
      const { from, pick, sample } = interpreters.toMalformed(Person)
      for (const call of [
        () => [...from(wrong as never)],
        () => pick(wrong as never, 0),
        () => [...sample([wrong as never], 1)],
      ]) {
        expect(call).to.throw(RangeError, /^toMalformed breaks values that can be encoded: /)
      }
    }
  })

  it('an excerpt of explain that is something else', () => {
    const decoded = interpreters.compile(u64).decode(new Uint8Array(3))
    const explain = interpreters.explain as (issue: unknown, bytes?: unknown) => string
    const issue = decoded._tag === 'Left' ? decoded.left : undefined
    expect(explain(issue)).to.match(/^UnexpectedEnd at byte 0[^\n]*$/)
    expect(() => explain(issue, new Uint8Array(3))).to.throw(TypeError, '{ bytes, start: 0 }')
    expect(() => explain(issue, { bytes: new Uint8Array(3) })).to.throw(TypeError, 'start: 0')
  })
})
