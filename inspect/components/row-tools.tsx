import type { RowData } from '../engine/api.js'
import type { StreamIndex } from '../engine/item.js'
import { fileName, saved } from '../handing-out.js'
import { copyForms } from '../readings.js'
import { CopyButton } from './copy-button.js'
import type { Peers } from './status.js'

interface Props {
  readonly row: RowData
  readonly streams: { readonly [S in StreamIndex]: Uint8Array }
  readonly peers: Peers | null
  /** The whole value; null if the input has been replaced. */
  readonly whole: (row: RowData) => Promise<string | null>
}

/** The tools for the selected row: copy it, or save it. */
export const RowTools = ({ row, streams, peers, whole }: Props) => {
  const parts = row.spans.map(({ stream, start, end }) => ({
    side: peers === null ? '' : ` ${peers[stream]}`,
    bytes: streams[stream].subarray(start, end),
  }))
  return (
    <section class="tools" aria-label="The selected row" data-testid="row-tools">
      <CopyButton label="Copy value" text={() => whole(row)} />
      <CopyButton label="Copy hex" text={() => parts.map(({ bytes }) => copyForms.hex(bytes)).join('\n')} />
      <CopyButton label="Copy path" text={() => row.trail} />
      <CopyButton label="Copy row" text={() => lineOf(row)} />
      <button
        type="button"
        onClick={() => {
          for (const { side, bytes } of parts) {
            saved(fileName(`${row.trail}${side}`, 'bin'), bytes)
          }
        }}
      >
        Save bytes
      </button>
      <button
        type="button"
        onClick={async () => {
          const value = await whole(row)
          if (value !== null) {
            saved(fileName(row.trail, 'json'), value)
          }
        }}
      >
        Save value
      </button>
    </section>
  )
}

const lineOf = ({ name, grammar, about, value, when, flaw }: RowData): string =>
  [name, grammar, about, value, flaw, when].filter((text) => text !== '').join('\t')
