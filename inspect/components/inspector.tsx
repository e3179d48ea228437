import { useState } from 'preact/hooks'
import type { Span } from '../engine/item.js'
import { countOf, grouped } from '../engine/value-text.js'
import { fileName, saved } from '../handing-out.js'
import { copyForms, readingsOf } from '../readings.js'
import { CopyButton } from './copy-button.js'

interface Props {
  /** The bytes to decode; null if there are none. */
  readonly span: Span | null
  readonly bytes: Uint8Array
  /** The side of the bytes; empty for a message. */
  readonly side: string
  /** Whether the user selected the bytes in the hex view. */
  readonly isChosen: boolean
}

/** The possible meanings of the bytes at the cursor, or of the selected bytes. */
export const Inspector = ({ span, bytes: all, side, isChosen }: Props) => {
  const [isOpen, setOpen] = useState(false)
  const bytes = span === null ? new Uint8Array() : all.subarray(span.start, span.end)
  return (
    <details
      class="inspector"
      data-testid="inspector"
      open={isOpen}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>
        Read bytes as…
        <small>
          {span === null
            ? 'choose some: Shift and the arrow keys, or drag'
            : `${side} ${grouped(span.start)}–${grouped(span.end)}, ${countOf(bytes.length, 'byte')}${isChosen ? ', chosen' : ''}`}
        </small>
      </summary>
      {isOpen && span !== null ? (
        <div class="readings">
          <dl>
            {readingsOf(bytes).map(({ as, value }) => (
              <div key={as}>
                <dt>{as}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          <p class="tools">
            <CopyButton label="Copy hex" text={() => copyForms.hex(bytes)} />
            <CopyButton label="Copy base64" text={() => copyForms.base64(bytes)} />
            <CopyButton label="Copy text" text={() => copyForms.text(bytes)} />
            <button type="button" onClick={() => saved(fileName(`${side} ${span.start}`, 'bin'), bytes)}>
              Save these bytes
            </button>
          </p>
        </div>
      ) : null}
    </details>
  )
}
