import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import { bytesOf, type ProtocolVersion, versionBits, versionFromBits } from '../../combinators/index.js'
import {
  ClientHandshakeInfo,
  ClientHello,
  CpuAffinity,
  CpuAffinityFlag,
  FeatureList,
  ReserveSpace,
  ServerHello,
} from '../../grammar/index.js'
import { compile } from '../../interpreters/index.js'
import { issueOf, rightOf } from '../support/either.js'

const versions: ReadonlyArray<ProtocolVersion> = Array.from({ length: 29 }, (_, i) =>
  versionFromBits(versionBits('1.10') + i),
)

/** The first version at which a grammar takes bytes, by what the encoder writes. */
const firstWith = <A>(grammar: Parameters<typeof compile<A>>[0], value: A): ProtocolVersion | undefined =>
  versions.find((version) => rightOf(compile(grammar, { version }).encode(value)).length > 0)

describe('the handshake', () => {
  it('begins with two integers from each side', () => {
    const client = bytesOf('6378696e00000000 2601000000000000')
    const server = bytesOf('6f69786400000000 2601000000000000')
    expect(compile(ClientHello).encode({ version: '1.38' })).to.deep.equal(right(client))
    expect(compile(ServerHello).encode({ version: '1.38' })).to.deep.equal(right(server))
    expect(compile(ClientHello).decode(client)).to.deep.equal(right({ version: '1.38' }))
    expect(compile(ServerHello).decode(server)).to.deep.equal(right({ version: '1.38' }))
  })

  it('rejects the magic of the other side, and a banner', () => {
    for (const [grammar, hex] of [
      [ClientHello, '6f69786400000000 2601000000000000'],
      [ServerHello, '6378696e00000000 2601000000000000'],
    ] as const) {
      const { _tag, offset, path } = issueOf(compile(grammar).decode(bytesOf(hex)))
      expect([_tag, offset, path]).to.deep.equal(['UnexpectedValue', 0, ['magic']])
    }
    const banner = new TextEncoder().encode('SSH-2.0-OpenSSH')
    expect(issueOf(compile(ServerHello).decode(banner))._tag).to.equal('OutOfRange')
  })

  it('drops the high bits of a version, which the canonical profile rejects', () => {
    const wire = bytesOf('6378696e00000000 2601010000000000')
    expect(compile(ClientHello).decode(wire)).to.deep.equal(right({ version: '1.38' }))
    const issue = issueOf(compile(ClientHello, {}, { profile: 'canonical' }).decode(wire))
    expect([issue._tag, issue.offset, issue.path]).to.deep.equal(['NotCanonical', 8, ['version']])
  })

  it('has features since 1.38, the CPU flag since 1.14, the reserve since 1.11', () => {
    expect(firstWith(FeatureList, [])).to.equal('1.38')
    expect(firstWith(CpuAffinityFlag, 0)).to.equal('1.14')
    expect(firstWith(ReserveSpace, 0)).to.equal('1.11')
    expect(firstWith(CpuAffinity, 0)).to.equal('1.10')
    expect(issueOf(compile(FeatureList, { version: '1.37' }).encode(['x']))._tag).to.equal('Unrepresentable')
  })

  it('writes features in ascending order, and reads them in any order', () => {
    const codec = compile(FeatureList)
    expect(codec.encode(['b', 'a'])).to.deep.equal(codec.encode(['a', 'b']))
    const disordered = bytesOf(
      '0200000000000000 0100000000000000 6200000000000000 0100000000000000 6100000000000000',
    )
    expect(codec.decode(disordered)).to.deep.equal(right(['b', 'a']))
  })

  it('accepts any CPU flag: the version that Nix 2.23 sends twice, and the value of Nix 2.3', () => {
    for (const flag of [0, 1, 2, 0x125, 0x126, 2 ** 32 - 1]) {
      const wire = rightOf(compile(CpuAffinityFlag, { version: '1.37' }).encode(flag))
      expect(compile(CpuAffinityFlag, { version: '1.37' }).decode(wire)).to.deep.equal(right(flag))
    }
    expect(
      issueOf(compile(CpuAffinityFlag, { version: '1.37' }).decode(bytesOf('0000000001000000')))._tag,
    ).to.equal('OutOfRange')
  })

  it('ends with the release of the daemon and whether it trusts the client', () => {
    const wire = bytesOf('0600000000000000 322e33352e320000 0100000000000000')
    const info = { daemonNixVersion: some('2.35.2'), remoteTrustsUs: some('Trusted') }
    expect(compile(ClientHandshakeInfo).decode(wire)).to.deep.equal(right(info))
    expect(compile(ClientHandshakeInfo, { version: '1.34' }).decode(wire.subarray(0, 16))).to.deep.equal(
      right({ ...info, remoteTrustsUs: none }),
    )
  })
})
