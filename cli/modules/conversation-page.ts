import { type AnyFlow, flowOf } from '../../conversation/flow.js'
import { toDiagram } from '../../conversation/printer/diagram.js'
import { namedParts } from '../../conversation/printer/named-parts.js'
import { toTable } from '../../conversation/printer/table.js'
import type { OwnConversation } from '../../session/own/own-protocol.js'

const section = (heading: string, flow: AnyFlow): string =>
  `${heading}\n\n${toTable(flow)}\n\n\`\`\`mermaid\n${toDiagram(flow)}\n\`\`\`\n`

/** A conversation as a page of Markdown: who sends what and when, as tables and diagrams, and its named parts. */
export const conversationPage = ({ name, flow }: OwnConversation): string =>
  [
    section(`### ${name}`, flow),
    ...[...namedParts(flowOf(flow.node))].map(([part, each]) => section(`#### ${part}`, each)),
  ].join('\n')
