import { isCapture } from '../../session/recording/is-capture.js'
import { sideOf } from '../../session/side-of.js'
import { grouped } from '../engine/value-text.js'
import type { Given } from '../input/files.js'
import { Dialog } from './dialog.js'

interface Props {
  readonly files: readonly [Given, Given]
  readonly onChoose: (client: Given, server: Given) => void
  readonly onClose: () => void
}

/** Asks which of two files is which side, if neither names nor bytes tell. */
export const SidesDialog = ({ files: [first, second], onChoose, onClose }: Props) => {
  const choice = (client: Given, server: Given) => (
    <button type="submit" onClick={() => onChoose(client, server)}>
      <bdi>{client.name}</bdi> <small>({grouped(client.bytes.length)} bytes)</small>
    </button>
  )
  return (
    <Dialog id="sides-title" title="Which of the two did the client send?" onClose={onClose}>
      {first.bytes.length > 0 &&
      sideOf(first.bytes) !== null &&
      sideOf(first.bytes) === sideOf(second.bytes) ? (
        <p>Both begin as the {sideOf(first.bytes)} of a connection does: are they of two connections?</p>
      ) : null}
      {isCapture(first.bytes) && isCapture(second.bytes) ? (
        <p>Each of them is a whole recording, with both sides: open one of them alone.</p>
      ) : null}
      <div class="choices">
        {choice(first, second)}
        {choice(second, first)}
      </div>
    </Dialog>
  )
}
