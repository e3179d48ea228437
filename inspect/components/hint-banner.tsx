import type { Hint, Remedy } from '../input/hint.js'

interface Props {
  readonly hint: Hint
  readonly onRemedy: (remedy: Remedy) => void
}

/** What the input seems to be, and a button that reads it so. */
export const HintBanner = ({ hint: { text, label, remedy }, onRemedy }: Props) => (
  <div class="banner hint" data-testid="hint">
    <span role="status">{text}</span>{' '}
    <button type="button" class="primary" onClick={() => onRemedy(remedy)}>
      {label}
    </button>
  </div>
)
