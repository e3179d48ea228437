import type { Overview } from '../engine/overview.js'
import { grouped } from '../engine/value-text.js'
import type { Finding } from '../use-finding.js'
import { useTyped } from './use-typed.js'

interface Props {
  readonly finding: Finding
  readonly overview: Overview | null
}

/** Chooses which rows are shown. */
export const FilterControls = ({ finding: { filter, filtered, narrow }, overview }: Props) => {
  const isOn = filter.operation !== '' || filter.text !== '' || filter.failures || !filter.framing
  const left = filtered === null ? '' : `${grouped(filtered.left)} of ${grouped(filtered.of)}`
  return (
    <details class="filter" data-testid="filter">
      <summary>
        Filter{isOn ? ' (on)' : ''} <small role="status">{left}</small>
      </summary>
      <div class="controls">
        {overview === null ? null : (
          <label>
            Operation
            <select
              value={filter.operation}
              onChange={({ currentTarget }) => narrow({ operation: currentTarget.value })}
            >
              <option value="">all</option>
              {overview.names.map(([name, count]) => (
                <option key={name} value={name}>
                  {`${name} (${grouped(count)})`}
                </option>
              ))}
            </select>
          </label>
        )}
        <label>
          With the text
          <input
            type="text"
            spellcheck={false}
            autocomplete="off"
            {...useTyped(filter.text, (text) => narrow({ text }))}
          />
        </label>
        <label>
          <input
            type="checkbox"
            checked={filter.failures}
            onChange={({ currentTarget }) => narrow({ failures: currentTarget.checked })}
          />
          Only what failed
        </label>
        <label>
          <input
            type="checkbox"
            checked={!filter.framing}
            onChange={({ currentTarget }) => narrow({ framing: !currentTarget.checked })}
          />
          Hide what only frames
        </label>
        <button
          type="button"
          onClick={() => narrow({ operation: '', text: '', failures: false, framing: true })}
        >
          Show all
        </button>
      </div>
    </details>
  )
}
