import type { FlowPart, FlowSessionEvent } from '../../session/own/flow-events.js'
import type { FlowJson } from '../../session/own/flow-json.js'
import { noEnd } from '../../session/phrases.js'
import { durationText } from '../../session/timed/duration.js'
import { sinceStart } from '../../session/timed/time-phrase.js'
import { colours as pc } from '../colours.js'
import { endText, field, ranges, valueLines } from '../session-text.js'
import { visible } from '../visible.js'

const arrows = { client: '→', server: '←' } as const

const titleOf = ({ turn, name, lacking }: FlowPart): string => {
  if (turn === null) {
    return pc.bold('words')
  }
  const what = name === null ? pc.bold('unknown case') : pc.bold(visible(name))
  const missing = lacking ? ' (what was agreed on does not have it)' : ''
  return `${what} ${pc.dim(`(${visible(turn.loop)} ${turn.number})`)}${missing}`
}

const endingOf = ({ turn, how, to }: FlowPart): ReadonlyArray<string> => {
  if (turn === null || how === 'done') {
    return []
  }
  switch (how) {
    case 'again':
      return [pc.yellow(`left for ${visible(to ?? '')}`)]
    case 'closed':
      return [pc.dim('ends the conversation')]
    case 'departed':
      return [pc.yellow('a side broke off')]
    default:
      return [pc.yellow(noEnd)]
  }
}

const partText = (part: FlowPart, json: FlowJson, all: boolean, start: number | null): string => {
  const { words, omitted, began, ended } = part
  const names = words.map(({ side, within, key }) => `${arrows[side]} ${visible([...within, key].join('.'))}`)
  const width = names.reduce((most, { length }) => Math.max(most, length), 8)
  const when =
    began === null || ended === null || start === null
      ? []
      : [`${sinceStart(began, start)}, took ${durationText(ended - began)}`]
  return [
    `${titleOf(part)}  ${ranges(part)}`,
    ...when.flatMap((text) => field('time'.padEnd(width), [text])),
    ...words.flatMap((word, at) =>
      field((names[at] ?? '').padEnd(width), valueLines(json.word(part, word), all)),
    ),
    ...(omitted === 0 ? [] : field(''.padEnd(width), [`… and ${omitted} more`])),
    ...endingOf(part).map((text) => `  ${text}`),
  ].join('\n')
}

/**
 * An event for people; values are folded unless `all` is set. `start`: when the connection began, if that is known.
 */
export const flowText = (
  event: Exclude<FlowSessionEvent, { readonly kind: 'issue' }>,
  json: FlowJson,
  all: boolean,
  start: number | null,
): string =>
  event.kind === 'end'
    ? endText({ clientLeft: event.left.client, serverLeft: event.left.server }, 'server')
    : partText(event, json, all, start)
