import { useState } from 'preact/hooks'
import { Dialog } from './dialog.js'

interface Props {
  readonly onPaste: (text: string) => void
  readonly onClose: () => void
}

export const PasteDialog = ({ onPaste, onClose }: Props) => {
  const [text, setText] = useState('')
  const read = (): void => {
    if (text.trim() !== '') {
      onPaste(text)
    }
  }
  return (
    <Dialog id="paste-title" title="Paste a message" submit="Read" onSubmit={read} onClose={onClose}>
      <label>
        <span>
          Hex, base64, or what <code>xxd</code> and <code>hexdump -C</code> print
        </span>
        <textarea
          rows={10}
          spellcheck={false}
          value={text}
          aria-keyshortcuts="Control+Enter"
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          onKeyDown={({ key, ctrlKey, metaKey, currentTarget }) => {
            if (key === 'Enter' && (ctrlKey || metaKey)) {
              currentTarget.form?.requestSubmit()
            }
          }}
        />
      </label>
    </Dialog>
  )
}
