import type { RowData } from '../engine/api.js'
import type { Span } from '../engine/item.js'

/** What the two sides of a session are called. */
export type Peers = readonly [client: string, server: string]

interface Props {
  readonly selected: RowData | null
  readonly details: string
  /** Null for a message. */
  readonly peers: Peers | null
}

/** What is selected, with the whole of its value. */
export const Status = ({ selected, details, peers }: Props) => {
  return (
    <section class="details" aria-label="What is selected">
      <p class="readout" data-testid="selected">
        {selected === null ? 'Nothing is selected.' : <Line row={selected} peers={peers} />}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be in reach of the keys */}
      <section class="value" aria-label="Its value" tabIndex={0}>
        <pre data-testid="details">{selected === null ? '' : details}</pre>
      </section>
      <p class="hidden" role="status">
        {selected === null ? '' : `${selected.trail} ${selected.grammar} ${selected.value}`}
      </p>
    </section>
  )
}

/** What is pointed at, on one line. */
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
        <Line row={pointed} peers={peers} /> <span class="value">{pointed.value}</span>
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
  const size = end - start === 1 ? '1 byte' : `${(end - start).toLocaleString('en')} bytes`
  const side = peers === null ? '' : `${peers[stream]} `
  return `${side}${start}–${end} (0x${start.toString(16)}, ${size})`
}
