import type { RefObject } from 'preact'
import type { Query } from '../engine/finding.js'
import type { Overview } from '../engine/overview.js'
import type { Finding } from '../use-finding.js'
import { FilterControls } from './filter-controls.js'
import { type GoTo, GoToByte } from './go-to-byte.js'

interface Props extends GoTo {
  readonly finding: Finding
  /** Null for a message. */
  readonly overview: Overview | null
  readonly onHelp: () => void
  readonly field: RefObject<HTMLInputElement | null>
}

const places: { readonly [H in Query['how']]: string } = {
  fields: 'in the rows',
  text: 'in the bytes, as text',
  bytes: 'in the bytes, as hex',
}

/** Searches, goes to a byte, and hides rows. */
export const FindBar = ({ finding, overview, onHelp, field, ...goTo }: Props) => {
  const { wanted, said, isFinding } = finding
  return (
    <section class="finding" aria-label="Finding">
      <form
        class="find"
        onSubmit={(event) => {
          event.preventDefault()
          finding.next(false)
        }}
      >
        <label>
          Find
          <input
            ref={field}
            type="text"
            spellcheck={false}
            autocomplete="off"
            value={wanted.text}
            onInput={({ currentTarget }) => finding.want({ text: currentTarget.value })}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && event.shiftKey) {
                event.preventDefault()
                finding.next(true)
              }
            }}
          />
        </label>
        <select
          aria-label="Where to look"
          value={wanted.how}
          onChange={({ currentTarget }) => finding.want({ how: currentTarget.value as Query['how'] })}
        >
          {(Object.keys(places) as Array<Query['how']>).map((how) => (
            <option key={how} value={how}>
              {places[how]}
            </option>
          ))}
        </select>
        <button type="button" aria-label="The place before" onClick={() => finding.next(true)}>
          ▲
        </button>
        <button type="submit" aria-label="The next place">
          ▼
        </button>
        {isFinding ? (
          <button type="button" onClick={finding.stop}>
            Stop
          </button>
        ) : null}
        <span class="said" role="status" data-testid="find-status">
          {said}
        </span>
      </form>
      <GoToByte {...goTo} />
      <button type="button" onClick={onHelp}>
        Keys
      </button>
      <FilterControls finding={finding} overview={overview} />
    </section>
  )
}
