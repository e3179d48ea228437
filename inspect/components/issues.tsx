import type { Flaw, Wrong } from '../engine/api.js'
import type { StreamIndex } from '../engine/item.js'
import { grouped } from '../engine/value-text.js'

interface Props {
  readonly wrong: Wrong
  readonly onShow: (stream: StreamIndex, offset: number) => void
}

/** The first issue, and a list that opens with all the others. */
export const Issues = ({ wrong, onShow }: Props) => {
  const { others, omitted, guess } = wrong
  const line = (flaw: Flaw) => (
    <>
      {flaw.text}{' '}
      <button type="button" onClick={() => onShow(flaw.stream, flaw.offset)}>
        Show the byte
      </button>
    </>
  )
  return (
    <div class="banner wrong" data-testid="issue">
      <div role="alert">
        {line(wrong)}
        {guess === null ? null : (
          <p class="guess" data-testid="guess">
            Guess: {guess}
          </p>
        )}
      </div>
      {others.length === 0 ? null : (
        <details data-testid="other-issues">
          <summary>and {grouped(others.length + omitted)} more</summary>
          <ol>
            {others.map((flaw) => (
              <li key={`${flaw.stream} ${flaw.offset} ${flaw.text}`}>{line(flaw)}</li>
            ))}
          </ol>
          {omitted > 0 ? `${grouped(omitted)} are not listed.` : null}
        </details>
      )}
    </div>
  )
}
