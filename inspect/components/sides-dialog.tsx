import { useEffect, useRef } from 'preact/hooks'
import type { Given } from '../input/files.js'

interface Props {
  readonly files: readonly [Given, Given]
  readonly onChoose: (client: Given, server: Given) => void
  readonly onClose: () => void
}

/** Asked where the names of two files do not say it. */
export const SidesDialog = ({ files: [first, second], onChoose, onClose }: Props) => {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  const choice = (client: Given, server: Given) => (
    <button type="submit" onClick={() => onChoose(client, server)}>
      <bdi>{client.name}</bdi> <small>({client.bytes.length.toLocaleString('en')} bytes)</small>
    </button>
  )
  return (
    <dialog ref={dialog} aria-labelledby="sides-title" onClose={onClose}>
      <form method="dialog">
        <h2 id="sides-title">Which of the two did the client send?</h2>
        <div class="actions choices">
          {choice(first, second)}
          {choice(second, first)}
        </div>
      </form>
    </dialog>
  )
}
