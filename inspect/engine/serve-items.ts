import { ImportPaths } from '../../grammar/export.js'
import { Int } from '../../grammar/integers.js'
import { Nar } from '../../grammar/nar.js'
import { One } from '../../grammar/operations/operation.js'
import { ServeClientHello, ServeServerHello } from '../../grammar/serve/handshake.js'
import { type ServeCommand, serveCommand } from '../../session/serve/commands.js'
import type {
  ServeBegunEvent,
  ServeCommandEvent,
  ServeFlowed,
  ServeHandshakeEvent,
} from '../../session/serve/events.js'
import { type Item, itemOf, type StreamIndex, type Streams } from './item.js'
import { Pieces } from './pieces.js'
import { type About, spansOf, withTime } from './placing.js'

/** Larger archives are not taken apart. */
const largestDissected = 4 * 2 ** 20

/** An event that only the serve protocol has. */
export const serveItem = (
  event: ServeHandshakeEvent | ServeBegunEvent | ServeCommandEvent,
  streams: Streams,
  about: About,
): Item => {
  switch (event.kind) {
    case 'handshake':
      return handshakeItem(event, streams, about)
    case 'command':
      return commandItem(event, streams, about)
    case 'begun':
      throw new Error('a begun event, which was not asked for')
  }
}

const handshakeItem = (event: ServeHandshakeEvent, streams: Streams, { when }: About): Item => {
  const { version, clientVersion, serverVersion } = event
  const said = `serve protocol ${version} (client ${clientVersion}, server ${serverVersion})`
  return itemOf({
    kind: 'handshake',
    name: 'handshake',
    value: withTime(said, when),
    tone: 'good',
    spans: spansOf(event),
    details: () => [said, when].join('\n').trimEnd(),
    children: () => {
      const ours = new Pieces(streams.client, 0, event.client, { version })
      ours.take('client', ServeClientHello)
      const theirs = new Pieces(streams.server, 1, event.server, { version })
      theirs.take('server', ServeServerHello)
      return [...ours.items, ...theirs.items]
    },
  })
}

const commandItem = (event: ServeCommandEvent, streams: Streams, { when, isOpen }: About): Item => {
  const { number, name, lacking, version, finished } = event
  const ending = finished ? 'done' : isOpen ? 'pending' : 'cut: its end is not there'
  return itemOf({
    kind: 'operation',
    name: name ?? `command ${number}`,
    grammar: String(number),
    value: withTime(ending, when),
    tone: finished ? 'good' : isOpen ? 'note' : 'wrong',
    spans: spansOf(event),
    details: () => [lacking ? `version ${version} does not have it` : '', when].join('\n').trim(),
    children: () => partsOf(event, streams),
  })
}

/** What a command is made of: its number, and what each side said and sent; of one that is cut, as much as there is. */
const partsOf = (event: ServeCommandEvent, { client, server }: Streams): ReadonlyArray<Item> => {
  const { name, version, storeDir, said, flowed } = event
  const given = { version, storeDir }
  const command = serveCommand(name)
  const ours = new Pieces(client, 0, event.client, given)
  ours.take('command', Int)
  const theirs = new Pieces(server, 1, event.server, given)
  for (const { side, key } of said) {
    takeWord(side === 'client' ? ours : theirs, key, command)
  }
  const sent = flowed.map((each) => {
    const [pieces, bytes, index] =
      each.side === 'client' ? ([ours, client, 0] as const) : ([theirs, server, 1] as const)
    return sentItem(each, bytes, index, pieces.at, event)
  })
  return [...ours.items, ...sent, ...theirs.items]
}

const takeWord = (pieces: Pieces, key: string, command: ServeCommand | undefined): void => {
  const grammar = command?.words.get(key)
  if (grammar !== undefined && pieces.left > 0) {
    pieces.takeAny(key, grammar === One ? Int : grammar)
  }
}

/** An archive, or an export, which stands behind what its side said before. */
const sentItem = (
  { key, size, sha256 }: ServeFlowed,
  bytes: Uint8Array,
  stream: StreamIndex,
  start: number,
  { name, storeDir }: ServeCommandEvent,
): Item => {
  const isExport = name === 'ImportPaths' || name === 'ExportPaths'
  const range = [start, start + size] as const
  return itemOf({
    kind: 'group',
    name: key,
    grammar: isExport ? 'ImportPaths' : 'Nar',
    value: `${size} bytes, sha256 ${sha256}`,
    spans: [{ stream, start, end: start + size }],
    children: () => {
      const pieces = new Pieces(bytes, stream, range, { version: '1.38', storeDir })
      if (size <= largestDissected) {
        pieces.takeAny('content', isExport ? ImportPaths : Nar)
      }
      return pieces.items
    },
  })
}
