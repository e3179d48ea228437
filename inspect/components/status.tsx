import type { ComponentChildren } from 'preact'
import type { RowData } from '../engine/api.js'
import type { Span } from '../engine/item.js'
import { type Details, inRow } from '../engine/plain-text.js'
import { countOf, grouped } from '../engine/value-text.js'
import { DetailsText } from './details-text.js'

/** The names of the two sides of a session. */
export type Peers = readonly [client: string, server: string]

interface Props {
  readonly selected: RowData | null
  readonly details: Details
  readonly onAll: () => void
  /** The tools for it. */
  readonly children?: ComponentChildren
  /** Null for a message. */
  readonly peers: Peers | null
}

/** The selected row, with its whole value. */
export const Status = ({ selected, details, peers, onAll, children }: Props) => {
  return (
    <section class="details" aria-label="What is selected">
      <p class="readout" data-testid="selected">
        {selected === null ? 'Nothing is selected.' : <Line row={selected} peers={peers} />}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be in reach of the keys */}
      <section class="value" aria-label="Its value" tabIndex={0}>
        <DetailsText details={selected === null ? nothing : details} onAll={onAll} />
      </section>
      {children}
      <p class="hidden" role="status">
        {selected === null ? '' : spoken(selected)}
      </p>
    </section>
  )
}

const nothing: Details = { text: '', omitted: 0 }

const spoken = ({ trail, grammar, about, value }: RowData): string =>
  inRow([trail, grammar, about, value].filter((text) => text !== '').join(' '))

/** The pointed-at row, on one line. */
export const Readout = ({
  pointed,
  peers,
}: {
  readonly pointed: RowData | null
  readonly peers: Peers | null
}) => (
  <p class="readout footer" data-testid="pointed" aria-hidden="true">
    {pointed === null ? (
      'Point at a byte or at a field, or select one.'
    ) : (
      <>
        <Line row={pointed} peers={peers} /> <span class="value">{pointed.value || pointed.about}</span>
      </>
    )}
  </p>
)

const Line = ({ row, peers }: { readonly row: RowData; readonly peers: Peers | null }) => (
  <>
    <b>{row.trail}</b> <span class="grammar">{row.grammar}</span>{' '}
    <span class="ranges">{row.spans.map((span) => rangeText(span, peers)).join(', ')}</span>
  </>
)

const rangeText = ({ stream, start, end }: Span, peers: Peers | null): string => {
  const side = peers === null ? '' : `${peers[stream]} `
  return `${side}${grouped(start)}–${grouped(end)} (0x${start.toString(16)}, ${countOf(end - start, 'byte')})`
}
