import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { holds } from '../../../combinators/gate.js'
import {
  type AnyGrammar,
  bounds,
  type Grammar,
  type Protocol,
  type ProtocolVersion,
  versionBits,
  versionFromBits,
} from '../../../combinators/index.js'
import { resolved } from '../../../combinators/resolved.js'
import type { FlowNode, Label } from '../../../conversation/node.js'
import { decodeSession } from '../../../daemon/index.js'
import { handshake } from '../../../grammar/conversation/handshake.js'
import { compile } from '../../../interpreters/index.js'
import { issueOf, rightOf } from '../../support/either.js'
import { recordedSessions, sessionBytes } from '../../support/sessions.js'
import { describeWithShared, projectPath } from '../../support/shared.js'

interface Streams {
  readonly client: Uint8Array
  readonly server: Uint8Array
}

type Way = 'on' | 'again' | 'ended'

/** Reads two whole streams as a flow says, one part after the other: as simple as can be, to hold the flow to facts. */
class Follower {
  readonly said = new Map<string, unknown>()
  readonly at = { client: 0, server: 0 }
  readonly words: Array<string> = []
  protocol: Partial<Protocol> = {}
  readonly #streams: Streams

  constructor(streams: Streams) {
    this.#streams = streams
  }

  follow(node: FlowNode): Way {
    switch (node._tag) {
      case 'says': {
        const codec = compile(node.grammar as Grammar<unknown>, this.protocol)
        const { value, next } = rightOf(codec.decodeAt(this.#streams[node.side], this.at[node.side]))
        this.at[node.side] = next
        this.said.set(node.key, value)
        this.words.push(node.key)
        return 'on'
      }
      case 'sequence':
      case 'atOnce':
        return this.#each(node.parts)
      case 'branch': {
        const [key, ...fields] = node.on
        const label = fields.reduce<unknown>(
          (value, field) => (value as Record<string, unknown>)[field],
          this.said.get(key),
        )
        const flow = node.cases.get(label as Label)?.flow ?? node.otherwise
        expect(flow, `${node.on.join('.')}: ${label}`).not.to.equal(null)
        return this.follow(flow!)
      }
      case 'gated':
        return this.follow(
          holds(node.gate, { version: '1.10', features: [], ...this.protocol }) ? node.flow : node.otherwise,
        )
      case 'agree': {
        const given = Object.fromEntries(node.from.map(({ key }) => [key, this.said.get(key)]))
        this.protocol = { ...this.protocol, ...rightOf(node.compute(given as never)) }
        return 'on'
      }
      case 'loop':
        for (;;) {
          const way = this.follow(node.body)
          if (way !== 'again') {
            return way
          }
        }
      case 'again':
        return 'again'
      case 'ends':
        return 'ended'
      default:
        throw new Error(`no ${node._tag} in a handshake`)
    }
  }

  #each(parts: ReadonlyArray<FlowNode>): Way {
    for (const part of parts) {
      const way = this.follow(part)
      if (way !== 'on') {
        return way
      }
    }
    return 'on'
  }
}

/** What today's decoder of sessions finds, and what the flow says. */
const expectSame = (streams: Streams, name: string) => {
  const [event] = decodeSession(streams.client, streams.server)
  if (event?.kind !== 'handshake' || event.unfinished) {
    return false
  }
  const follower = new Follower(streams)
  const way = follower.follow(handshake.node)
  expect(way, name).to.equal(event.error._tag === 'Some' ? 'ended' : 'on')
  expect(follower.protocol, name).to.deep.equal({
    version: event.version,
    ...(versionBits(event.version) >= versionBits('1.38') ? { features: event.features } : {}),
  })
  expect(follower.at, name).to.deep.equal({ client: event.client[1], server: event.server[1] })
  return true
}

describe('the handshake as a flow', () => {
  it('is that of a recorded connection, word for word', () => {
    const of = (side: string) =>
      new Uint8Array(readFileSync(projectPath('examples', 'sessions', `tea.${side}.bin`)))
    const streams = { client: of('client'), server: of('server') }
    expect(expectSame(streams, 'tea')).to.equal(true)
    const follower = new Follower(streams)
    follower.follow(handshake.node)
    expect(follower.words.slice(0, 6)).to.deep.equal([
      'magic',
      'version',
      'hello',
      'cpuFlag',
      'reserve',
      'info',
    ])
    expect(follower.said.get('log')).to.deep.equal({ _tag: 'Last' })
  })

  it('says a message in just those versions in which its grammar takes bytes', () => {
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

  it('agrees on the lower version, and blames whose version is refused', () => {
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

  it('does not take another magic', () => {
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
