import type { RefObject } from 'preact'
import { useState } from 'preact/hooks'
import type { StreamIndex } from '../engine/item.js'
import { grouped } from '../engine/value-text.js'
import type { Peers } from './status.js'

export interface GoTo {
  readonly sizes: { readonly [S in StreamIndex]: number }
  /** Null for a message. */
  readonly peers: Peers | null
  readonly onGo: (stream: StreamIndex, offset: number) => void
  readonly offset: RefObject<HTMLInputElement | null>
}

/** Goes to the byte at a given offset. */
export const GoToByte = ({ sizes, peers, onGo, offset }: GoTo) => {
  const [text, setText] = useState('')
  const [stream, setStream] = useState<StreamIndex>(0)
  const [problem, setProblem] = useState('')
  const side: StreamIndex = peers === null ? 0 : stream
  return (
    <form
      class="go-to"
      onSubmit={(event) => {
        event.preventDefault()
        const wanted = offsetIn(text)
        const isThere = wanted !== null && wanted < sizes[side]
        setProblem(wanted === null ? 'An offset is 80 or 0x50.' : isThere ? '' : lastByte(sizes[side]))
        if (isThere) {
          onGo(side, wanted)
        }
      }}
    >
      <label>
        Go to byte
        <input
          ref={offset}
          type="text"
          size={9}
          placeholder="0x50 or 80"
          autocomplete="off"
          spellcheck={false}
          aria-invalid={problem !== ''}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      </label>
      {peers === null ? null : (
        <select
          aria-label="Of which side"
          value={stream}
          onChange={({ currentTarget }) => setStream(currentTarget.value === '1' ? 1 : 0)}
        >
          {peers.map((name, index) => (
            <option key={name} value={index}>
              {name}
            </option>
          ))}
        </select>
      )}
      <span class="said" role="status">
        {problem}
      </span>
    </form>
  )
}

const lastByte = (size: number): string =>
  size === 0 ? 'There are no bytes.' : `The last byte is ${grouped(size - 1)} (0x${(size - 1).toString(16)}).`

const offsetIn = (text: string): number | null => {
  const digits = text.replace(/[\s,]/g, '')
  return /^(0x[0-9a-f]{1,12}|[0-9]{1,15})$/i.test(digits) ? Number(digits) : null
}
