import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { refocus } from './focus.js'

interface Props {
  /** The id of its heading. */
  readonly id: string
  readonly title: ComponentChildren
  readonly children: ComponentChildren
  /** The label of the button that submits; without one the children have their own. */
  readonly submit?: string
  readonly onSubmit?: () => void
  /** The label of the button that closes the dialog without submitting. */
  readonly cancel?: string
  readonly onClose: () => void
}

/** A dialog that can be cancelled. Afterwards the focus returns to the element that had it. */
export const Dialog = ({ id, title, children, submit, onSubmit, cancel = 'Cancel', onClose }: Props) => {
  const dialog = useRef<HTMLDialogElement>(null)
  const before = useRef<Element | null>(null)
  const isLeft = useRef(false)
  // At once, and only once: the event of a closed dialog comes late, perhaps after the key that opens it again.
  const leave = (): void => {
    if (!isLeft.current) {
      isLeft.current = true
      dialog.current?.close()
      onClose()
      refocus(before.current)
    }
  }
  useLayoutEffect(() => {
    before.current = document.activeElement
    dialog.current?.showModal()
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        leave()
      }}
      onClose={leave}
    >
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault()
          onSubmit?.()
          leave()
        }}
      >
        <h2 id={id}>{title}</h2>
        {children}
        <div class="actions">
          <button type="button" onClick={leave}>
            {cancel}
          </button>
          {submit === undefined ? null : (
            <button type="submit" class="primary">
              {submit}
            </button>
          )}
        </div>
      </form>
    </dialog>
  )
}
