import type { Grammar } from '../../combinators/node.js'
import { Int } from '../../grammar/integers.js'
import { One } from '../../grammar/operations/operation.js'
import { type Json, toJsonAsItIs } from '../../interpreters/json/index.js'
import { eventJson } from '../json.js'
import { rangeJson } from '../range-json.js'
import { serveCommand } from './commands.js'
import type { ServeAsked, ServeCommandEvent, ServeEvent, ServeFlowed, ServeSaid } from './events.js'

const valueJson = ({ name, version }: ServeAsked, { key, value }: ServeSaid): Json => {
  const grammar = serveCommand(name)?.words.get(key)
  return grammar === undefined
    ? null
    : toJsonAsItIs(
        (grammar === One ? Int : grammar) as Grammar<unknown>,
        { version },
        grammar === One ? 1 : value,
      )
}

const flowedJson = ({ size, sha256 }: ServeFlowed): Json => ({ size: BigInt(size), sha256 })

/** A message or a stream of a command, by its key. */
export interface ServePart {
  readonly key: string
  readonly value: Json
}

/** The messages of the client. */
export const askedParts = (asked: ServeAsked): ReadonlyArray<ServePart> =>
  asked.said.flatMap((said) =>
    said.side === 'client' ? [{ key: said.key, value: valueJson(asked, said) }] : [],
  )

/** The messages and streams of a command, in order. */
export const partsOf = (event: ServeCommandEvent): ReadonlyArray<ServePart> => [
  ...askedParts(event),
  ...event.flowed.map((flowed) => ({ key: flowed.key, value: flowedJson(flowed) })),
  ...event.said.flatMap((said) =>
    said.side === 'server' ? [{ key: said.key, value: valueJson(event, said) }] : [],
  ),
]

/** The JSON form of an event of the serve protocol, as `nix-wire session --json` prints it on one line. */
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
    case 'begun': {
      const { kind, number, name, lacking } = event
      return {
        kind,
        number: BigInt(number),
        name,
        ...(lacking ? { lacking } : {}),
        parts: askedParts(event).map((part) => ({ ...part })),
      }
    }
    case 'command': {
      const { kind, number, name, lacking, finished, omitted, incomplete, client, server } = event
      return {
        kind,
        number: BigInt(number),
        name,
        ...(lacking ? { lacking } : {}),
        finished,
        parts: partsOf(event).map((part) => ({ ...part })),
        ...(omitted === 0 ? {} : { omitted: BigInt(omitted) }),
        ...(incomplete === 0 ? {} : { incomplete: BigInt(incomplete) }),
        client: rangeJson(client),
        server: rangeJson(server),
      }
    }
    case 'issue':
    case 'end':
      return eventJson(event)
  }
}
