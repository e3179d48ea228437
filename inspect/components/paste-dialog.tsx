import { useEffect, useRef, useState } from 'preact/hooks'

interface Props {
  readonly onPaste: (text: string) => void
  readonly onClose: () => void
}

export const PasteDialog = ({ onPaste, onClose }: Props) => {
  const dialog = useRef<HTMLDialogElement>(null)
  const [text, setText] = useState('')
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} aria-labelledby="paste-title" onClose={onClose}>
      <form
        method="dialog"
        onSubmit={() => {
          if (text.trim() !== '') {
            onPaste(text)
          }
        }}
      >
        <h2 id="paste-title">Paste a message</h2>
        <label>
          Hex, base64, or what <code>xxd</code> and <code>hexdump -C</code> print
          <textarea
            rows={10}
            spellcheck={false}
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <div class="actions">
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class="primary">
            Read
          </button>
        </div>
      </form>
    </dialog>
  )
}
