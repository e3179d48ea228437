import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'

interface Props {
  readonly label: ComponentChildren
  readonly name: string
  /** The contents; `close` closes the menu and returns the focus. */
  readonly children: (close: () => void) => ComponentChildren
}

/** A button with a panel under it. The panel closes on Escape, and when the focus leaves it. */
export const Menu = ({ label, name, children }: Props) => {
  const details = useRef<HTMLDetailsElement>(null)
  const summary = useRef<HTMLElement>(null)
  const close = (): void => {
    if (details.current?.open === true) {
      details.current.open = false
      summary.current?.focus()
    }
  }
  return (
    <details
      ref={details}
      class={`menu ${name}`}
      onFocusOut={({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) {
          currentTarget.open = false
        }
      }}
      onKeyDown={({ key }) => {
        if (key === 'Escape') {
          close()
        }
      }}
    >
      <summary ref={summary}>{label}</summary>
      {/* Not every browser gives a button the focus that is clicked. */}
      <div class="panel" tabIndex={-1}>
        {children(close)}
      </div>
    </details>
  )
}
