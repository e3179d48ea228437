import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { printJson } from '../../interpreters/json/index.js'
import { FlowFollower } from '../../session/flow-follower.js'
import { followed, SessionFollower } from '../../session/follower.js'
import { eventJson, type SessionEvent, type SessionOptions } from '../../session/index.js'
import { newSha256 } from '../../session/sha256.js'
import { describeWithShared, projectPath, sharedPath } from '../support/shared.js'

interface Streams {
  readonly client: Uint8Array
  readonly server: Uint8Array
}

const textOf = (event: SessionEvent): string =>
  event.kind === 'issue'
    ? JSON.stringify({ ...event, excerpt: [...event.excerpt.bytes] })
    : printJson(eventJson(event))

/** A file of which only a part came in frames is none; of the old decoder it was one, if a frame was cut. */
const cutFile =
  /("outcome":"(?:unfinished|error)".*"way":"framed".*)"trailing":\d+,"content":(?:\{"_tag":"(?:Log|File)"[^}]*\}|null)/

const whole = (
  Follower: typeof SessionFollower | typeof FlowFollower,
  streams: Streams,
  options: SessionOptions,
) =>
  [...followed(new Follower(options, newSha256), streams.client, streams.server)].map((event) =>
    textOf(event).replace(cutFile, '$1'),
  )

const bytewise = (streams: Streams, first: 'client' | 'server') => {
  const follower = new FlowFollower({}, newSha256)
  const second = first === 'client' ? 'server' : 'client'
  const events = [first, second].flatMap((side) =>
    [...streams[side as 'client']].flatMap((byte) => [
      ...follower.push(side as 'client', Uint8Array.of(byte)),
    ]),
  )
  return [...events, ...follower.end(second), ...follower.end(first)]
}

const expectSame = (name: string, streams: Streams, options: SessionOptions = {}) =>
  expect(whole(FlowFollower, streams, options), name).to.deep.equal(whole(SessionFollower, streams, options))

const recordingsIn = (folder: string): ReadonlyArray<readonly [string, Streams]> =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.client.bin'))
    .map((file) => {
      const name = file.replace('.client.bin', '')
      const bytes = (side: string) => new Uint8Array(readFileSync(`${folder}/${name}.${side}.bin`))
      return [name, { client: bytes('client'), server: bytes('server') }] as const
    })

describeWithShared('a session followed by its flow, beside the decoder by hand:', () => {
  const all = [
    ...recordingsIn(sharedPath('nix', 'sessions')),
    ...recordingsIn(sharedPath('cases', 'sessions')),
    ...recordingsIn(projectPath('examples', 'sessions')),
  ]
  const small = all.filter(([, { client, server }]) => client.length + server.length < 700)

  it('the same events, with what is told on the way and without, with few kept', () => {
    expect(all).to.have.length.above(80)
    for (const [name, streams] of all) {
      expectSame(name, streams)
      expectSame(name, streams, { progress: true })
      expectSame(name, streams, { keep: 1, issues: 1 })
    }
  })

  it('the same of one that is cut', () => {
    expect(small).to.have.length.above(10)
    for (const [name, { client, server }] of small) {
      for (let at = 0; at < client.length; at += 5) {
        expectSame(`${name}, client cut at ${at}`, { client: client.subarray(0, at), server })
      }
      for (let at = 0; at < server.length; at += 5) {
        expectSame(`${name}, server cut at ${at}`, { client, server: server.subarray(0, at) })
      }
    }
  })

  it('the same of one with a wrong byte', () => {
    for (const [name, { client, server }] of small) {
      const broken = (bytes: Uint8Array, at: number) =>
        bytes.map((byte, i) => (i === at ? byte ^ 0x11 : byte))
      for (let at = 0; at < client.length; at += 8) {
        expectSame(`${name}, client at ${at}`, { client: broken(client, at), server })
      }
      for (let at = 0; at < server.length; at += 8) {
        expectSame(`${name}, server at ${at}`, { client, server: broken(server, at) })
      }
    }
  })

  it('the same byte by byte, whichever side comes first', () => {
    const told = ({ kind }: SessionEvent) => kind === 'operation' || kind === 'handshake' || kind === 'end'
    for (const [name, streams] of all.filter(
      ([, { client, server }]) => client.length + server.length < 5000,
    )) {
      const expected = [...followed(new SessionFollower({}, newSha256), streams.client, streams.server)]
      for (const first of ['client', 'server'] as const) {
        expect(bytewise(streams, first).filter(told).map(textOf), `${name}, ${first} first`).to.deep.equal(
          expected.filter(told).map(textOf),
        )
      }
    }
  })
})
