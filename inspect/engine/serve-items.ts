import { ImportPaths } from '../../grammar/export.js'
import { Int } from '../../grammar/integers.js'
import { Nar } from '../../grammar/nar.js'
import { One } from '../../grammar/operations/operation.js'
import { ServeClientHello, ServeServerHello } from '../../grammar/serve/handshake.js'
import { noEnd } from '../../session/phrases.js'
import { type ServeCommand, serveCommand } from '../../session/serve/commands.js'
import type {
  ServeBegunEvent,
  ServeCommandEvent,
  ServeFlowed,
  ServeHandshakeEvent,
} from '../../session/serve/events.js'
import { type Item, itemOf, type StreamIndex, type Streams } from './item.js'
import type { PartItem } from './part-item.js'
import { Pieces } from './pieces.js'
import { type About, spansOf } from './placing.js'
import { type Happening, happeningOf } from './timeline.js'
import { valueMentions } from './value-mentions.js'
import { countOf } from './value-text.js'

/** Larger archives are not dissected. */
const largestDissected = 4 * 2 ** 20

/** The entry of an event that only the serve protocol has. */
export const serveHappening = (
  event: ServeHandshakeEvent | ServeBegunEvent | ServeCommandEvent,
  streams: Streams,
  about: About,
): Happening => {
  switch (event.kind) {
    case 'handshake':
      return happeningOf(handshakeItem(event, streams, about), about.time)
    case 'command':
      return commandHappening(event, streams, about)
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
    value: said,
    when,
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

const commandHappening = (
  event: ServeCommandEvent,
  streams: Streams,
  { when, isOpen, time }: About,
): Happening => {
  const { number, name, lacking, version, finished, said } = event
  const ending = finished ? 'done' : isOpen ? 'pending' : noEnd
  const head = {
    kind: 'operation',
    name: name ?? `command ${number}`,
    tone: finished ? 'good' : isOpen ? 'note' : 'wrong',
    spans: spansOf(event),
  } as const
  return {
    ...head,
    time,
    mentions: (text) => valueMentions([head.name, number, ending, said], text),
    item: () => {
      const { ours, all } = partsOf(event, streams)
      return itemOf({
        ...head,
        grammar: String(number),
        about: ours.find(({ key }) => key !== '')?.key ?? '',
        value: ending,
        when,
        details: () => [lacking ? `version ${version} does not have it` : '', when].join('\n').trim(),
        children: () => all,
      })
    },
  }
}

/**
 * The parts of a command: its number, and the messages and streams of each side; if it is cut, the parts that came.
 */
const partsOf = (
  event: ServeCommandEvent,
  { client, server }: Streams,
): { readonly ours: ReadonlyArray<PartItem>; readonly all: ReadonlyArray<Item> } => {
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
  return { ours: ours.items, all: [...ours.items, ...sent, ...theirs.items] }
}

const takeWord = (pieces: Pieces, key: string, command: ServeCommand | undefined): void => {
  const grammar = command?.words.get(key)
  if (grammar !== undefined && pieces.left > 0) {
    pieces.takeAny(key, grammar === One ? Int : grammar)
  }
}

/** An archive or an export, which follows the other messages of its side. */
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
    value: `${countOf(size, 'byte')}, sha256 ${sha256}`,
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
