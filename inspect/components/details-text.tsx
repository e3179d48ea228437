import type { Details } from '../engine/plain-text.js'
import { grouped } from '../engine/value-text.js'

interface Props {
  readonly details: Details
  readonly onAll: () => void
}

// The browser lays out only the visible pieces.
const piece = 8192

/** A value, or its start and a button for the rest. */
export const DetailsText = ({ details: { text, omitted }, onAll }: Props) => (
  <>
    <pre data-testid="details">{text.length <= piece ? text : <Pieces text={text} />}</pre>
    {omitted === 0 ? null : (
      <p class="more">
        <button type="button" onClick={onAll}>
          Show all: {grouped(omitted)} more
        </button>
      </p>
    )}
  </>
)

const Pieces = ({ text }: { readonly text: string }) => (
  <>
    {piecesOf(text).map((part, index) => (
      <span key={index} class="piece">
        {part}
      </span>
    ))}
  </>
)

/** The text cut into pieces, after line breaks if there are any. */
const piecesOf = (text: string): ReadonlyArray<string> => {
  const pieces: Array<string> = []
  for (let at = 0; at < text.length; ) {
    const line = text.lastIndexOf('\n', at + piece)
    const end = at + piece >= text.length ? text.length : line > at ? line + 1 : at + piece
    pieces.push(text.slice(at, end))
    at = end
  }
  return pieces
}
