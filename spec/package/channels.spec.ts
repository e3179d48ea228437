import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { type PublicResult, publicResults } from '../support/public-functions.js'
import { projectPath } from '../support/shared.js'
import { entryPoints, specifierOf } from './entry-points.js'

type Kind = 'Either' | 'TaskEither' | 'promise' | 'iterator' | 'Option' | 'parser'

const kinds: ReadonlyArray<readonly [RegExp, Kind]> = [
  [/^Either</, 'Either'],
  [/^TaskEither</, 'TaskEither'],
  [/^Promise</, 'promise'],
  [/^(Async)?(Generator|IterableIterator)</, 'iterator'],
  [/^Option</, 'Option'],
  [/^Parser</, 'parser'],
]

interface Exception {
  readonly kind: Kind
  readonly reason: string
  readonly names: ReadonlyArray<string>
}

interface Channel {
  /** How what is wrong comes: the words of the README and of the module's documentation. */
  readonly words: string
  /** The result of every function that can fail, but for the exceptions. */
  readonly kind: Kind | null
  readonly exceptions: ReadonlyArray<Exception>
}

const combinators: Channel = {
  words: 'thrown when the grammar is built',
  kind: null,
  exceptions: [
    {
      kind: 'Either',
      reason: 'a text format reads data',
      names: ['TextFormat.parse', 'TextFormat.print', 'TextFormat.strict'],
    },
    { kind: 'Option', reason: 'a text from elsewhere; nothing is to be said of it', names: ['parseVersion'] },
  ],
}

/** Functions that stand under their own name too, where they answer at once. */
const storeTasks = [
  'contentAddressedPath',
  'derivationPath',
  'hashModulo',
  'outputPath',
  'outputPaths',
  'parseNamedDerivation',
  'placeholder',
  'sign',
  'textPath',
  'upstreamPlaceholder',
  'verify',
].map((name) => `Tasks.${name}`)

const channels: { readonly [entry: string]: Channel } = {
  '': {
    words: 'Either',
    kind: 'Either',
    exceptions: combinators.exceptions.filter(({ kind }) => kind !== 'Either'),
  },
  combinators,
  conversation: {
    words: 'thrown when the flow is built',
    kind: null,
    exceptions: [
      { kind: 'TaskEither', reason: 'a connection', names: ['connectFlow'] },
      { kind: 'promise', reason: 'runs on from the call, which a task would not', names: ['serveFlow'] },
      { kind: 'promise', reason: 'never rejects', names: ['Connected.close'] },
    ],
  },
  interpreters: {
    words: 'Either',
    kind: 'Either',
    exceptions: [
      { kind: 'parser', reason: 'arcsecond has errors of its own', names: ['toParser', 'withTextErrors'] },
    ],
  },
  grammar: {
    words: 'Either',
    kind: 'Either',
    exceptions: [
      { kind: 'Option', reason: 'a look-up; nothing is to be said of it', names: ['operationById'] },
    ],
  },
  types: { words: 'Either', kind: 'Either', exceptions: [] },
  store: {
    words: 'Either',
    kind: 'Either',
    exceptions: [
      {
        kind: 'TaskEither',
        reason: 'WebCrypto answers later',
        names: storeTasks,
      },
      { kind: 'TaskEither', reason: 'waits for what it reads', names: ['listingOf', 'referencesIn'] },
      { kind: 'iterator', reason: 'an iterator can only throw', names: ['ReferenceScanner.through'] },
    ],
  },
  stream: {
    words: 'TaskEither',
    kind: 'TaskEither',
    exceptions: [
      {
        kind: 'iterator',
        reason: 'an iterator can only throw',
        names: [
          'ByteSource.[asyncIterator]',
          'FramedReader.[asyncIterator]',
          'MeasuredNar.[asyncIterator]',
          'narBytes',
          'narEventBatches',
          'narEvents',
          'NixReader.rest',
          'pack',
          'readAddMultiple',
          'readExport',
          'readPathsToAdd',
          'treeEvents',
          'writeAddMultiple',
          'writeExport',
          'writeNario',
        ],
      },
      {
        kind: 'promise',
        reason: 'a source or a sink for others, which can only reject',
        names: ['ByteSource.next', 'FramedReader.next', 'FramedWriter.write'],
      },
      { kind: 'promise', reason: 'fails as file systems do, mostly', names: ['unpack'] },
      { kind: 'Either', reason: 'waits for nothing', names: ['NarWriter.finish', 'NarWriter.write'] },
    ],
  },
  session: { words: 'an event', kind: null, exceptions: [] },
  serve: {
    words: 'Either',
    kind: 'Either',
    exceptions: [
      { kind: 'TaskEither', reason: 'a connection', names: ['connectServe'] },
      { kind: 'promise', reason: 'runs on from the call, which a task would not', names: ['serveStore'] },
    ],
  },
  daemon: {
    words: 'TaskEither',
    kind: 'TaskEither',
    exceptions: [
      {
        kind: 'promise',
        reason: 'runs on from the call, which a task would not',
        names: ['recordingProxy', 'serve', 'serveAt'],
      },
      {
        kind: 'promise',
        reason: 'never rejects',
        names: [
          'ClientBase.close',
          'DiskStore.close',
          'Download.discard',
          'Download.return',
          'RecordingProxy.close',
          'Serving.close',
        ],
      },
      { kind: 'promise', reason: 'a step of an iterator', names: ['Download.next'] },
      { kind: 'iterator', reason: 'never throws', names: ['ClientBase.logs'] },
      { kind: 'iterator', reason: 'an iterator can only throw', names: ['archiveOfFile'] },
      { kind: 'promise', reason: 'fails as file systems do', names: ['diskStore'] },
      { kind: 'Option', reason: 'a reply of the protocol', names: ['pathInfoReply'] },
      {
        kind: 'promise',
        reason: 'for handlers, which are promises',
        names: ['DiskStore.hold', 'DiskStore.receive', 'PathLocks.hold', 'Store.hold', 'Store.receive'],
      },
      { kind: 'promise', reason: 'for handlers, which are promises', names: ['Logger.line', 'Logger.send'] },
    ],
  },
  'nix-json': {
    words: 'Either',
    kind: 'Either',
    exceptions: [{ kind: 'Option', reason: 'a look-up; nothing is to be said of it', names: ['nixJsonFor'] }],
  },
  validation: { words: 'Either', kind: 'Either', exceptions: [] },
  laws: {
    words: 'promise',
    kind: 'promise',
    exceptions: [
      {
        kind: 'Either',
        reason: 'a codec that is tested',
        names: ['Subject.decode', 'Subject.decodeAt', 'Subject.encode'],
      },
      {
        kind: 'TaskEither',
        reason: 'a client that is tested',
        names: ['ConversationLawOptions.client'],
      },
    ],
  },
  fuzz: {
    words: 'rejects for a program that cannot be run',
    kind: 'promise',
    exceptions: [{ kind: 'Either', reason: 'a codec that is given', names: ['JsonFormCodec.decode'] }],
  },
  vectors: {
    words: 'thrown at once',
    kind: null,
    exceptions: [],
  },
  conformance: {
    words: 'rejects for a program that cannot be run',
    kind: 'promise',
    exceptions: [{ kind: 'Either', reason: 'a list of a user', names: ['expectedFailures'] }],
  },
}

const kindOf = ({ result }: PublicResult): Kind | undefined =>
  kinds.find(([words]) => words.test(result))?.[1]

const promisesOf = /^(promises|\w+Promises)\.(\w+)$/

const results = publicResults(entryPoints())
const named = (entry: string, wanted: (of: PublicResult) => boolean): ReadonlyArray<string> =>
  results.filter((of) => of.entry === entry && wanted(of)).map(({ name }) => name)

const rowsOf = (table: string): ReadonlyArray<ReadonlyArray<string>> =>
  table
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )

describe('all functions of an entry point report errors in the same way', () => {
  it('each entry point is listed', () => {
    expect(Object.keys(channels)).to.deep.equal(entryPoints())
  })

  for (const [entry, { kind, exceptions }] of Object.entries(channels)) {
    it(`${specifierOf(entry)}: ${kind ?? 'nothing fails but by a mistake'}`, () => {
      const found = results
        .filter((of) => of.entry === entry && !promisesOf.test(of.name))
        .map((of) => [of.name, kindOf(of)] as const)
        .filter(([, each]) => each !== undefined && each !== kind)
      const listed = exceptions.flatMap((each) => each.names.map((name) => [name, each.kind] as const))
      expect(Object.fromEntries(found)).to.deep.equal(Object.fromEntries(listed))
    })
  }

  it('every TaskEither has a promise under promises, and every promise a TaskEither', () => {
    const taskNames = new Set(
      results.filter((of) => kindOf(of) === 'TaskEither').map(({ entry, name }) => `${entry} ${name}`),
    )
    for (const owner of ['NixRead', 'NixReader', 'NixWrite', 'NixWriter', 'FramedWriter']) {
      const tasks = [...taskNames].filter((name) => name.startsWith(`stream ${owner}.`))
      const promises = named('stream', ({ name }) => name.startsWith(`${owner}Promises.`))
      expect(tasks.map((name) => name.split('.')[1]).sort(), owner).to.deep.equal(
        promises.map((name) => name.split('.')[1]).sort(),
      )
    }
    // A mock has the members of its interface, and one method is documented there.
    const others = [...taskNames].filter(
      (name) =>
        !/^store Tasks\.|^stream (NixRead|NixReader|NixWrite|NixWriter|FramedWriter|Mock\w+)\./.test(name),
    )
    expect(others).to.deep.equal([
      'conversation connectFlow',
      'store listingOf',
      'store referencesIn',
      'stream FramedReader.drain',
      // Its argument is the promise.
      'stream catchIssue',
      'serve connectServe',
      'daemon connect',
      'laws ConversationLawOptions.client',
    ])
    expect(named('daemon', ({ name }) => name.startsWith('promises.'))).to.deep.equal(['promises.connect'])
  })

  it('which way is documented in the README and at the beginning of each module', () => {
    const [, section = ''] = readFileSync(projectPath('README.md'), 'utf8').split(
      '### Where things are, and how they fail\n',
    )
    const rows = rowsOf(section.split('\n#')[0] ?? '')
    expect(rows.map(([specifier]) => specifier)).to.deep.equal(
      entryPoints().map((entry) => `\`${specifierOf(entry)}\``),
    )
    for (const [index, [entry, { words }]] of Object.entries(channels).entries()) {
      expect(rows[index]?.[2], entry).to.contain(words)
      const [docs = ''] = readFileSync(projectPath(entry, 'index.ts'), 'utf8').split('@module')
      expect(docs.replace(/\s*\n \*\s*/g, ' '), entry).to.contain(words)
    }
  })
})
