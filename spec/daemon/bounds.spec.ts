import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import fc from 'fast-check'
import { some } from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { gatesIn } from '../../combinators/asked.js'
import { type Gate, holds, leavesOf } from '../../combinators/gate.js'
import type { AnyGrammar, Grammar } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { armUnder } from '../../combinators/resolved.js'
import { type ProtocolVersion, versionBits, versionFromBits } from '../../combinators/version.js'
import { daemonError, RemoteError } from '../../daemon/failure.js'
import { serve } from '../../daemon/server.js'
import type { Handlers } from '../../daemon/server-types.js'
import { ClientHandshakeInfo } from '../../grammar/client-handshake-info.js'
import { FeatureList } from '../../grammar/handshake.js'
import { Error as ErrorGrammar } from '../../grammar/index.js'
import { type AnyOperation, operations, streamOf, takesNoArguments } from '../../grammar/operations/index.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import { compile } from '../../interpreters/index.js'
import type { StorePath } from '../../types/index.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import { issueOf, rightOf } from '../support/either.js'
import { collect } from '../support/memory-store.js'
import { concat, int, padded } from '../support/wire.js'
import { joined } from './pair.js'

const path = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo' as StorePath

const versionsIn = (gate: Gate): ReadonlyArray<ProtocolVersion> =>
  leavesOf(gate).flatMap((leaf) => (leaf._tag === 'feature' ? [] : [leaf.version]))

/** The last version without and the first with each bound, as far as there are daemons of it. */
const aroundBounds = (gates: ReadonlyArray<Gate>): ReadonlyArray<ProtocolVersion> => {
  const bits = gates.flatMap(versionsIn).map(versionBits)
  const both = [...new Set(bits.flatMap((each) => [each - 1, each]))].sort((a, b) => a - b)
  return both
    .filter((each) => each >= versionBits('1.10') && each <= versionBits('1.38'))
    .map(versionFromBits)
}

/** What is left of a value under a protocol: fields that it does not send have their defaults. */
const fitted = <A extends object>({ node }: Grammar<A>, given: Protocol, value: A): A => {
  if (node._tag !== 'struct') {
    throw new TypeError('not a struct')
  }
  const kept = node.fields.flatMap(({ key: name, node: field }) => {
    if (!Object.hasOwn(value, name)) {
      return []
    }
    const sent = field._tag === 'gated' ? armUnder(field, given) : field
    return [[name, sent._tag === 'pure' ? sent.value : value[name as keyof A]]]
  })
  return Object.fromEntries(kept) as A
}

type Method = TaskEither<unknown, unknown>

const untyped = (grammar: AnyGrammar): Grammar<unknown> => grammar as Grammar<unknown>

describe('the bounds of versions', () => {
  it('are the documented ones', () => {
    expect(aroundBounds(gatesIn(ErrorGrammar.node))).to.deep.equal(['1.25', '1.26'])
    expect(aroundBounds(gatesIn(ClientHandshakeInfo.node))).to.deep.equal(['1.32', '1.33', '1.34', '1.35'])
    expect(aroundBounds(gatesIn(FeatureList.node))).to.deep.equal(['1.37', '1.38'])
  })

  for (const version of aroundBounds(gatesIn(ErrorGrammar.node))) {
    it(`a server sends the fields of an error that ${version} has`, async () => {
      const { _tag, ...payload } = daemonError('no', {
        level: 'Warn',
        exitStatus: 7,
        traces: [{ hint: 'while trying' }, { hint: 'from afar' }],
      })
      const { client } = await joined(
        {
          EnsurePath: () => {
            throw new RemoteError({ _tag, ...payload })
          },
        },
        { newest: version },
      )
      const expected = fitted(ErrorGrammar as Grammar<typeof payload>, nixProtocol({ version }), payload)
      expect(issueOf(await client.ensurePath({ path })())).to.deep.equal({ _tag, ...expected })
      await client.close()
    })
  }

  for (const version of aroundBounds(
    [ClientHandshakeInfo, FeatureList].flatMap(({ node }) => gatesIn(node)),
  )) {
    it(`a server sends the facts about itself that ${version} has`, async () => {
      const features = ['delete-dead-specific-referrers']
      const { client } = await joined(
        {},
        { newest: version, features },
        { nixVersion: '2.99', trusted: true, features },
      )
      const given = nixProtocol({ version })
      const info = { daemonNixVersion: some('2.99'), remoteTrustsUs: some('Trusted' as const) }
      const told = fitted(ClientHandshakeInfo, given, info)
      expect(client.daemon.nixVersion).to.deep.equal(told.daemonNixVersion)
      expect(client.daemon.trust).to.deep.equal(told.remoteTrustsUs)
      const [gate] = gatesIn(FeatureList.node)
      expect(client.protocol.features).to.deep.equal(holds(gate!, given) ? features : [])
      await client.close()
    })
  }

  // Not decided by the grammar: a client below 1.20 does not know activities.
  for (const version of ['1.19', '1.20'] as const) {
    it(`a server logs in the messages of ${version}`, async () => {
      const { client } = await joined(
        {
          SyncWithGC: async (_, { log }) => {
            const rest = { level: 'Info', type: 'Build', fields: [], parent: 0n } as const
            await log.send({ _tag: 'StartActivity', id: 1n, text: 'building', ...rest })
            await log.send({ _tag: 'Result', id: 1n, type: 'SetPhase', fields: [] })
            await log.send({ _tag: 'StopActivity', id: 1n })
            return undefined
          },
        },
        { newest: version },
      )
      const heard: Array<string> = []
      await client.promises.syncWithGC({ onLog: (message) => void heard.push(message._tag) })
      expect(heard).to.deep.equal(version === '1.19' ? ['Next'] : ['StartActivity', 'Result', 'StopActivity'])
      await client.close()
    })
  }

  const plain = Object.values(operations).filter(
    ({ name, streams }: AnyOperation) =>
      streams.length === 0 && !['Quit', 'ImportPath', 'OldCollectGarbage'].includes(name),
  )

  for (const operation of plain) {
    const { name, gate } = operation as AnyOperation
    const gates = [gate, ...gatesIn(operation.request.node), ...gatesIn(operation.reply.node)]
    const versions = aroundBounds(gates).filter((version) => holds(gate, nixProtocol({ version })))
    if (versions.length === 0) {
      continue
    }
    it(`a client and a server agree on ${name} at ${versions.join(', ')}`, async () => {
      for (const version of versions) {
        const given = nixProtocol({ version })
        const sample = <A>(grammar: Grammar<A>): A =>
          fc.sample(toArbitrary(grammar, given), { numRuns: 20, seed: 7 }).at(-1)!
        const request = sample(untyped(operation.request))
        const reply = sample(untyped(operation.reply))
        let asked: unknown
        const handler = (given_: unknown) => {
          asked = given_
          return reply
        }
        const { client } = await joined(
          { [name]: handler } as Handlers<typeof operations>,
          { newest: version, features: [] },
          { newest: version, trusted: true },
        )
        const method = `${name.charAt(0).toLowerCase()}${name.slice(1)}`
        const methods = client as unknown as Record<string, (...given: ReadonlyArray<unknown>) => Method>
        const answer = await methods[method]!(...(takesNoArguments(operation) ? [] : [request]))()
        expect(rightOf(answer), version).to.deep.equal(reply)
        expect(asked, version).to.deep.equal(request)
        await client.close()
      }
    })

    it(`a server answers ${name} in the form of each version, byte for byte`, async () => {
      for (const version of versions) {
        const given = nixProtocol({ version })
        const bytesOf = (grammar: Grammar<unknown>, value: unknown): Uint8Array =>
          rightOf(compile(grammar, given).encode(value))
        const [request, reply] = [operation.request, operation.reply].map(
          (grammar) => fc.sample(toArbitrary(untyped(grammar), given), { numRuns: 20, seed: 8 }).at(-1)!,
        )
        const minor = versionBits(version) - 256
        const [here, there] = duplexPair()
        const served = serve(there, { [name]: () => reply } as Handlers<typeof operations>, {
          newest: version,
          features: [],
          nixVersion: 'x',
          trusted: true,
        })
        const said = collect(here)
        here.end(
          concat(
            int(0x6e697863),
            int(256 + minor),
            ...(minor >= 38 ? [int(0)] : []),
            ...(minor >= 14 ? [int(0)] : []),
            ...(minor >= 11 ? [int(0)] : []),
            int(operation.id),
            bytesOf(untyped(operation.request), request),
          ),
        )
        const welcome = concat(
          int(0x6478696f),
          int(256 + minor),
          ...(minor >= 38 ? [int(0)] : []),
          ...(minor >= 33 ? [padded('x')] : []),
          ...(minor >= 35 ? [int(1)] : []),
          int(0x616c7473),
        )
        const answer = concat(int(0x616c7473), bytesOf(untyped(operation.reply), reply))
        expect(Buffer.from(await said).equals(concat(welcome, answer)), version).to.equal(true)
        rightOf(await served)
      }
    })
  }

  for (const { id, name, gate, streams } of Object.values(operations) as ReadonlyArray<AnyOperation>) {
    const uploads = streams.some(({ direction }) => direction === 'upload')
    const [version] = aroundBounds([gate])
    if (version !== undefined && !holds(gate, nixProtocol({ version }))) {
      it(`${name} does not exist at ${version}`, async () => {
        const { client } = await joined({ IsValidPath: () => true }, { newest: version }, { trusted: true })
        const methods = client as unknown as Record<string, (...given: ReadonlyArray<unknown>) => Method>
        const refused = await methods[`${name.charAt(0).toLowerCase()}${name.slice(1)}`]!(
          {},
          ...(uploads ? [[]] : []),
        )()
        expect(issueOf(refused)).to.include({ _tag: 'Unrepresentable', grammar: 'operations' })
        // Nothing was sent.
        expect(await client.promises.isValidPath({ path })).to.equal(true)
        await client.close()
        const table = { Probe: { ...operations.SyncWithGC, id, name: 'Probe' } } as const
        const other = await joined({}, { newest: version, operations: table as never }, { newest: version })
        const probe = other.client as unknown as { readonly probe: () => Method }
        expect(issueOf(await probe.probe()()))
          .to.have.property('msg')
          .that.contains('an operation of this protocol')
        const unknown = issueOf(await other.served)
        expect(unknown).to.include({ _tag: 'UnknownTag' })
        expect(unknown.actual).to.match(new RegExp(`^${id} \\(${name}\\), which needs .*; agreed on: `))
      })
    }
  }

  it('of streams decide which kind of upload or download there is', () => {
    for (const operation of Object.values(operations) as ReadonlyArray<AnyOperation>) {
      for (const [i, { gate }] of operation.streams.entries()) {
        const [before_, first] = aroundBounds([gate]).slice(-2)
        if (before_ !== undefined && first !== undefined) {
          expect(streamOf(operation, nixProtocol({ version: first }))).to.equal(operation.streams[i])
          expect(streamOf(operation, nixProtocol({ version: before_ }))).not.to.equal(operation.streams[i])
        }
      }
    }
  })
})
