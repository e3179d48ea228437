import type { ServeCommandEvent, ServeEvent } from '../../session/serve/events.js'
import { partsOf } from '../../session/serve/json.js'
import { colours as pc } from '../colours.js'
import { endText, field, ranges, valueLines } from '../session-text.js'

const wide = 8

const commandText = (event: ServeCommandEvent, all: boolean): string => {
  const { name, number, lacking, version, finished, omitted } = event
  const title = name === null ? pc.bold(`command ${number}`) : `${pc.bold(name)} ${pc.dim(`(${number})`)}`
  return [
    `${title}${lacking ? ` (version ${version} does not have it)` : ''}  ${ranges(event)}`,
    ...partsOf(event).flatMap(([key, json]) => field(key.padEnd(wide), valueLines(json, all))),
    ...(omitted === 0 ? [] : field('', [`… and ${omitted} more`])),
    ...(finished
      ? []
      : field(pc.yellow('cut'), [
          'its end is not there; a server that fails closes, and says why on its stderr',
        ])),
  ].join('\n')
}

/** An event of the serve protocol for people; values are folded unless `all` of them is wanted. */
export const serveText = (event: Exclude<ServeEvent, { readonly kind: 'issue' }>, all: boolean): string => {
  switch (event.kind) {
    case 'handshake': {
      const { version, clientVersion, serverVersion } = event
      return [
        `${pc.bold('handshake')}  ${ranges(event)}`,
        ...field('', [`serve protocol ${version}, client ${clientVersion}, server ${serverVersion}`]),
      ].join('\n')
    }
    case 'command':
      return commandText(event, all)
    case 'end':
      return endText(event)
  }
}
