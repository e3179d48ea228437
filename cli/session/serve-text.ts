import type {
  ServeAsked,
  ServeBegunEvent,
  ServeCommandEvent,
  ServeHandshakeEvent,
} from '../../session/serve/events.js'
import { askedParts, partsOf } from '../../session/serve/json.js'
import { colours as pc } from '../colours.js'
import { type EventAbout, field, jsonLine, ranges, timeField, valueLines } from '../session-text.js'

const wide = 8

const title = ({ name, number, lacking, version }: ServeAsked): string => {
  const named = name === null ? pc.bold(`command ${number}`) : `${pc.bold(name)} ${pc.dim(`(${number})`)}`
  return `${named}${lacking ? ` (version ${version} does not have it)` : ''}`
}

const commandText = (
  event: ServeCommandEvent,
  all: boolean,
  { when = '', isOpen = false }: EventAbout,
): string => {
  const { finished, omitted, incomplete } = event
  return [
    `${title(event)}  ${ranges(event)}`,
    ...timeField(when),
    ...partsOf(event).flatMap(({ key, value }) => field(key.padEnd(wide), valueLines(value, all))),
    ...(omitted === 0 ? [] : field('', [`… and ${omitted} more`])),
    ...(incomplete === 0 ? [] : field('', [`${incomplete} bytes of the server are an incomplete answer`])),
    ...(finished ? [] : unfinishedLine(isOpen)),
  ].join('\n')
}

const unfinishedLine = (isOpen: boolean): ReadonlyArray<string> =>
  isOpen
    ? field(pc.yellow('pending'), [''])
    : field(pc.yellow('cut'), [
        'incomplete; a server that fails closes the connection, and writes the reason to its stderr',
      ])

const begunText = (event: ServeBegunEvent, when: string): string => {
  const asked = askedParts(event).map(({ value }) => `  ${jsonLine(value, false)}`)
  return `${pc.dim('→')} ${title(event)}${asked.join('')}${when === '' ? '' : `  ${pc.dim(when)}`}`
}

const handshakeText = (event: ServeHandshakeEvent, when: string): string => {
  const { version, clientVersion, serverVersion } = event
  return [
    `${pc.bold('handshake')}  ${ranges(event)}`,
    ...timeField(when),
    ...field('', [`serve protocol ${version}, client ${clientVersion}, server ${serverVersion}`]),
  ].join('\n')
}

/** An event that only the serve protocol has, for people; values are folded unless `all` is set. */
export const serveText = (
  event: ServeHandshakeEvent | ServeBegunEvent | ServeCommandEvent,
  all: boolean,
  about: EventAbout,
): string => {
  const { when = '' } = about
  switch (event.kind) {
    case 'handshake':
      return handshakeText(event, when)
    case 'begun':
      return begunText(event, when)
    case 'command':
      return commandText(event, all, about)
  }
}
