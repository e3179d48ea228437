import type { AnyFlow } from '../../conversation/flow.js'
import { toDiagram } from '../../conversation/printer/diagram.js'
import { toSvg } from '../../conversation/printer/svg.js'
import { toTable } from '../../conversation/printer/table.js'
import { linkTo, pageOfParts } from './sections.js'

/** A link to the section of a message; the client's first message has none of its own. */
const message = (name: string): string =>
  name.endsWith('ClientMagic') ? `the magic of ${linkTo(name.replace('Magic', 'Hello'))}` : linkTo(name)

const places: { readonly [part: string]: string } = {
  log: 'logging.md',
  'pulling log': 'logging.md#a-log-that-pulls',
  'pushing log': 'logging.md#a-log-that-pushes',
}

const part = (name: string): string => `[${name}](${places[name] ?? `#${name}`})`

const printing = (server: string) => ({ sides: { server }, message, part })

/** A flow as a table; `server`: the name of that side. */
export const flowTable = (flow: AnyFlow, server = 'daemon'): string =>
  toTable(flow, printing(server)).trimEnd()

/** A flow that has a picture. */
export interface Pictured {
  /** The name of its file. */
  readonly name: string
  /** What it shows, as a title. */
  readonly title: string
  readonly flow: AnyFlow
  /** The name of the server's side, if not daemon. */
  readonly server?: string
}

const fileOf = ({ name }: Pictured): string => `diagrams/${name}.svg`

/** The pictures of flows by their files. */
export const pictures = (
  all: ReadonlyArray<Pictured>,
): ReadonlyArray<readonly [file: string, print: () => string]> =>
  all.map((each) => [fileOf(each), () => toSvg(each.title, each.flow, printing(each.server ?? 'daemon'))])

/** A flow as a table and as a picture; the Mermaid source is included for programs that read it. */
export const printedFlow = (pictured: Pictured): string => {
  const { title, flow, server = 'daemon' } = pictured
  return pageOfParts(
    flowTable(flow, server),
    `![${title}](${fileOf(pictured)})`,
    '<details><summary>The same in Mermaid</summary>',
    `\`\`\`mermaid\n${toDiagram(flow, printing(server))}\n\`\`\``,
    '</details>',
  ).trimEnd()
}
