import { showIssue } from '../../combinators/issue.js'
import type { AnyGrammar, Grammar } from '../../combinators/node.js'
import type { FlowNode } from '../../conversation/index.js'
import { flowsIn } from '../../conversation/parts.js'
import { Int } from '../../grammar/integers.js'
import { One } from '../../grammar/operations/operation.js'
import { type Json, toJsonAsItIs } from '../../interpreters/json/index.js'
import type { Range } from '../events.js'
import type { ServeCommandEvent, ServeEvent, ServeFlowed, ServeSaid } from './events.js'
import { serveFlow } from './serve-session.js'

/** The grammars of what is said in a command, by its key. */
type Words = ReadonlyMap<string, AnyGrammar>

const wordsIn = (node: FlowNode): Words =>
  new Map(
    [...flowsIn(node)].flatMap((each) => (each._tag === 'says' ? [[each.key, each.grammar] as const] : [])),
  )

const commands: ReadonlyMap<string, Words> = new Map(
  [...flowsIn(serveFlow.node)].flatMap((node) =>
    node._tag === 'branch' && node.on[0] === 'command'
      ? [...node.cases.values()].map(({ name, flow }) => [name, wordsIn(flow)] as const)
      : [],
  ),
)

const rangeJson = ([start, end]: Range): Json => [BigInt(start), BigInt(end)]

const valueJson = ({ name, version }: ServeCommandEvent, { key, value }: ServeSaid): Json => {
  const grammar = commands.get(name ?? '')?.get(key)
  return grammar === undefined
    ? null
    : toJsonAsItIs(
        (grammar === One ? Int : grammar) as Grammar<unknown>,
        { version },
        grammar === One ? 1 : value,
      )
}

const flowedJson = ({ size, sha256 }: ServeFlowed): Json => ({ size: BigInt(size), sha256 })

/** What was said or flowed in a command: by its key, in order. */
export const partsOf = (event: ServeCommandEvent): ReadonlyArray<readonly [key: string, json: Json]> => [
  ...event.said.flatMap((said) =>
    said.side === 'client' ? [[said.key, valueJson(event, said)] as const] : [],
  ),
  ...event.flowed.map((flowed) => [flowed.key, flowedJson(flowed)] as const),
  ...event.said.flatMap((said) =>
    said.side === 'server' ? [[said.key, valueJson(event, said)] as const] : [],
  ),
]

/** The JSON view of an event of the serve protocol: one line of what `nix-wire session --json` prints. */
export const serveEventJson = (event: ServeEvent): Json => {
  switch (event.kind) {
    case 'handshake': {
      const { kind, protocol, version, clientVersion, serverVersion, client, server } = event
      return {
        kind,
        protocol,
        version,
        clientVersion,
        serverVersion,
        client: rangeJson(client),
        server: rangeJson(server),
      }
    }
    case 'command': {
      const { kind, number, name, lacking, finished, omitted, client, server } = event
      return {
        kind,
        number: BigInt(number),
        name,
        ...(lacking ? { lacking } : {}),
        finished,
        parts: partsOf(event).map(([key, value]) => ({ key, value })),
        ...(omitted === 0 ? {} : { omitted: BigInt(omitted) }),
        client: rangeJson(client),
        server: rangeJson(server),
      }
    }
    case 'issue': {
      const { kind, side, issue, fatal, during } = event
      return {
        kind,
        side,
        issue: issue._tag,
        offset: BigInt(issue.offset),
        path: issue.path.map((step) => (typeof step === 'number' ? BigInt(step) : step)),
        text: showIssue(issue),
        fatal,
        during,
      }
    }
    case 'end':
      return {
        kind: event.kind,
        clientLeft: BigInt(event.clientLeft),
        serverLeft: BigInt(event.serverLeft),
      }
  }
}
