import { type AnyFlow, toDiagram, toTable } from '../../conversation/index.js'
import { linkTo, pageOfParts } from './sections.js'

/** Of the first word of a client there is no section of its own. */
const message = (name: string): string =>
  name === 'ClientMagic' ? `the magic of ${linkTo('ClientHello')}` : linkTo(name)

const places: { readonly [part: string]: string } = {
  log: 'logging.md',
  'pulling log': 'logging.md#a-log-that-pulls',
  'pushing log': 'logging.md#a-log-that-pushes',
}

const printing = {
  sides: { server: 'daemon' },
  message,
  part: (name: string) => `[${name}](${places[name] ?? `#${name}`})`,
}

/** A flow as a table. */
export const flowTable = (flow: AnyFlow): string => toTable(flow, printing).trimEnd()

/** A flow as a table and as a diagram. */
export const printedFlow = (flow: AnyFlow): string =>
  pageOfParts(flowTable(flow), `\`\`\`mermaid\n${toDiagram(flow, printing)}\n\`\`\``).trimEnd()
