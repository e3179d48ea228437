import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { holds } from '../../../combinators/gate.js'
import {
  type AnyGrammar,
  bounds,
  type Grammar,
  type ProtocolVersion,
  versionBits,
  versionFromBits,
} from '../../../combinators/index.js'
import { resolved } from '../../../combinators/resolved.js'
import { type FlowNode, observe } from '../../../conversation/index.js'
import { handshake } from '../../../grammar/conversation/handshake.js'
import { compile } from '../../../interpreters/index.js'
import { decodeSession } from '../../../session/index.js'
import { issueOf, rightOf } from '../../support/either.js'
import { recordedSessions, sessionBytes } from '../../support/sessions.js'
import { describeWithShared, projectPath } from '../../support/shared.js'

interface Streams {
  readonly client: Uint8Array
  readonly server: Uint8Array
}

/** What is said in the handshake at the beginning of two whole streams; what comes behind it is too much. */
const heard = ({ client, server }: Streams) => {
  const observer = observe(handshake)
  const events = [
    ...observer.push('client', client),
    ...observer.push('server', server),
    ...observer.end('client'),
    ...observer.end('server'),
  ]
  for (const event of events) {
    expect(event.kind === 'issue' ? event.issue._tag : 'TrailingBytes').to.equal('TrailingBytes')
  }
  return { words: events.filter((event) => event.kind === 'said'), protocol: observer.protocol }
}

/** What today's decoder of sessions finds, and what the flow says. */
const expectSame = (streams: Streams, name: string) => {
  const [event] = decodeSession(streams.client, streams.server)
  if (event?.kind !== 'handshake' || event.unfinished) {
    return false
  }
  const { words, protocol } = heard(streams)
  const last = words.at(-1)?.value as { readonly _tag: string }
  expect(last._tag, name).to.equal(event.error._tag === 'Some' ? 'Error' : 'Last')
  expect(protocol, name).to.deep.equal({
    version: event.version,
    ...(versionBits(event.version) >= versionBits('1.38') ? { features: event.features } : {}),
  })
  for (const side of ['client', 'server'] as const) {
    expect(words.findLast((word) => word.side === side)?.end, `${name}, ${side}`).to.equal(event[side][1])
  }
  return true
}

describe('the handshake as a flow', () => {
  it('is the same as a recorded one, message by message', () => {
    const of = (side: string) =>
      new Uint8Array(readFileSync(projectPath('examples', 'sessions', `tea.${side}.bin`)))
    const streams = { client: of('client'), server: of('server') }
    expect(expectSame(streams, 'tea')).to.equal(true)
    const { words } = heard(streams)
    const keys = words.map(({ key }) => key)
    expect(keys.slice(0, 6)).to.deep.equal(['magic', 'version', 'hello', 'cpuFlag', 'reserve', 'info'])
    expect(words.at(-1)?.value).to.deep.equal({ _tag: 'Last' })
  })

  it('has a message in exactly the versions in which its grammar takes bytes', () => {
    const versions: ReadonlyArray<ProtocolVersion> = Array.from({ length: 29 }, (_, i) =>
      versionFromBits(versionBits('1.10') + i),
    )
    const saysIn = (
      node: FlowNode,
      version: ProtocolVersion,
      said: boolean,
    ): ReadonlyArray<readonly [string, AnyGrammar, boolean]> => {
      switch (node._tag) {
        case 'says':
          return [[node.key, node.grammar, said]]
        case 'sequence':
        case 'atOnce':
          return node.parts.flatMap((part) => saysIn(part, version, said))
        case 'gated':
          return saysIn(node.flow, version, said && holds(node.gate, { version, features: [] }))
        default:
          return []
      }
    }
    for (const version of versions) {
      const found = saysIn(handshake.node, version, true)
      expect(found.map(([key]) => key)).to.include.members([
        'magic',
        'features',
        'cpuFlag',
        'reserve',
        'info',
      ])
      for (const [key, grammar, said] of found) {
        const { max } = bounds(resolved(grammar, { version, features: [] }).node)
        expect(max > 0, `${key} at ${version}`).to.equal(said)
      }
    }
  })

  it('agrees on the lower version, and blames the side whose version is rejected', () => {
    const agreed = (name: string, version: ProtocolVersion, hello: ProtocolVersion) => {
      const { node } = handshake
      const found =
        node._tag === 'sequence'
          ? node.parts.find((part) => part._tag === 'agree' && part.name === name)
          : undefined
      if (found?._tag !== 'agree') {
        throw new Error(`no agreement on the ${name}`)
      }
      return [found.blames, found.compute({ version, hello: { version: hello } } as never)] as const
    }
    const refused = (
      name: string,
      version: ProtocolVersion,
      hello: ProtocolVersion,
      blames: string,
      words: string,
    ) => {
      const [side, result] = agreed(name, version, hello)
      expect([side, isLeft(result) ? result.left : undefined]).to.deep.equal([blames, words])
    }
    expect(rightOf(agreed('version', '1.38', '1.35')[1])).to.deep.equal({ version: '1.35' })
    expect(rightOf(agreed('version', '1.21', '1.38')[1])).to.deep.equal({ version: '1.21' })
    expect(rightOf(agreed('client version', '1.10', '1.38')[1])).to.deep.equal({})
    refused(
      'client version',
      '1.9',
      '1.38',
      'client',
      'protocol version 1.9 is too old: 1.10 or above is needed',
    )
    refused('version', '1.38', '1.9', 'server', 'protocol version 1.9 is too old: 1.10 or above is needed')
    refused(
      'version',
      '1.38',
      '2.0',
      'server',
      'protocol version 2.0 is not supported: its major version is not 1',
    )
  })

  it('rejects another magic', () => {
    const streams = { client: new Uint8Array(16), server: new Uint8Array(16) }
    const { node } = handshake
    const [first] = node._tag === 'sequence' ? node.parts : []
    const grammar = first?._tag === 'says' ? (first.grammar as Grammar<unknown>) : undefined
    expect(issueOf(compile(grammar!).decodeAt(streams.client, 0))._tag).to.equal('UnexpectedValue')
  })
})

describeWithShared('the handshake as a flow, in recorded connections', () => {
  it('ends at the same bytes with the same agreement', () => {
    const finished = recordedSessions().filter(({ name }) => expectSame(sessionBytes(name), name))
    expect(finished.length).to.be.above(60)
  })
})
