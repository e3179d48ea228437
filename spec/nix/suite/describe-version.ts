import { stripVTControlCharacters } from 'node:util'
import { expect } from 'chai'
import { isSome } from 'fp-ts/lib/Option.js'
import type { ProtocolVersion } from '../../../combinators/version.js'
import { RemoteError } from '../../../daemon/failure.js'
import { type AnyOperation, operations, takesNoArguments } from '../../../grammar/operations/index.js'
import { describeAdditions } from './additions.js'
import { AtVersion, type Given, type LeftOut } from './at-version.js'
import { describeBuilds } from './builds.js'
import { describeKeeping } from './keeping.js'
import { describeQueries } from './queries.js'
import { methodOf, rejection } from './scene.js'

/** All operations of one version of the protocol, by our client, against what the real commands say. */
export const describeVersion = (version: ProtocolVersion, given: () => Given, leftOut: LeftOut): void => {
  const at = new AtVersion(version, given, leftOut)
  before(() => at.open())
  after(() => at.close())

  it('shakes hands', () => {
    const { protocol, daemon: told } = at.client
    expect(protocol.version).to.equal(at.version)
    expect(isSome(told.nixVersion)).to.equal(at.since('1.33'))
    expect(isSome(told.trust)).to.equal(at.since('1.35'))
  })

  it('sets options, at any time', async () => {
    await at.daemon.setOptions({
      keepFailed: false,
      keepGoing: true,
      tryFallback: false,
      verbosity: 'Info',
      maxBuildJobs: 2,
      maxSilentTime: 60,
      verboseBuild: false,
      buildCores: 1,
      useSubstitutes: true,
      overrides: new Map(at.since('1.12') ? [['http-connections', '3']] : []),
    })
  })

  describeQueries(at)
  describeAdditions(at)
  describeBuilds(at)
  describeKeeping(at)

  it('gets an error for an operation that is gone', async () => {
    const { scene, leaf } = at.given()
    for (const name of at.known.filter(at.isGone)) {
      const other = await scene.connect(at.version)
      const methods: unknown = other.promises
      const call = (methods as { [method: string]: (...args: ReadonlyArray<unknown>) => Promise<unknown> })[
        methodOf(name)
      ]
      const operation: AnyOperation = operations[name]
      const request = takesNoArguments(operation) ? [] : [{ path: leaf, paths: [], sign: false }]
      const upload = operation.streams.some(({ direction }) => direction === 'upload') ? [[]] : []
      const error = await rejection(call!(...request, ...upload))
      expect(error, name).to.be.an.instanceOf(RemoteError)
      // Some releases report that there was such an operation.
      const said = new RegExp(`(invalid|Removed) operation ${operations[name].id}\\b`)
      expect(stripVTControlCharacters(error.message)).to.match(said)
      await other.close()
    }
  })

  it('has called all operations of this version and this release', () => {
    expect([...at.called].sort()).to.deep.equal(at.known.filter(at.has).map(methodOf).sort())
  })
}
