import type { ComponentChildren } from 'preact'
import { refocus } from './focus.js'

interface Props {
  readonly children: ComponentChildren
  readonly onDismiss: () => void
}

/** A message that is shown once. */
export const Note = ({ children, onDismiss }: Props) => (
  <div class="banner note">
    <span role="status">{children}</span>{' '}
    <button
      type="button"
      onClick={() => {
        onDismiss()
        refocus(null)
      }}
    >
      Dismiss
    </button>
  </div>
)
