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
  useLayoutEffect(() => {
    before.current = document.activeElement
    dialog.current?.showModal()
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onClose={() => {
        onClose()
        refocus(before.current)
      }}
    >
      <form method="dialog" onSubmit={onSubmit}>
        <h2 id={id}>{title}</h2>
        {children}
        <div class="actions">
          <button type="button" onClick={() => dialog.current?.close()}>
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
