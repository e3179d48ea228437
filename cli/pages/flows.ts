import { type AnyFlow, toDiagram, toTable } from '../../conversation/index.js'
import { linkTo, pageOfParts } from './sections.js'

/** Of the first word of a client there is no section of its own. */
const message = (name: string): string =>
  name.endsWith('ClientMagic') ? `the magic of ${linkTo(name.replace('Magic', 'Hello'))}` : linkTo(name)

const places: { readonly [part: string]: string } = {
  log: 'logging.md',
  'pulling log': 'logging.md#a-log-that-pulls',
  'pushing log': 'logging.md#a-log-that-pushes',
}

const part = (name: string): string => `[${name}](${places[name] ?? `#${name}`})`

const printing = (server: string) => ({ sides: { server }, message, part })

/** A flow as a table; `server`: what that side is called. */
export const flowTable = (flow: AnyFlow, server = 'daemon'): string =>
  toTable(flow, printing(server)).trimEnd()

/** A flow as a table and as a diagram. */
export const printedFlow = (flow: AnyFlow, server = 'daemon'): string =>
  pageOfParts(
    flowTable(flow, server),
    `\`\`\`mermaid\n${toDiagram(flow, printing(server))}\n\`\`\``,
  ).trimEnd()
