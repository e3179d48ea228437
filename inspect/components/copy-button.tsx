import { useState } from 'preact/hooks'
import { copied } from '../handing-out.js'

interface Props {
  readonly label: string
  /** Null if the input has been replaced. */
  readonly text: () => string | Promise<string | null>
}

/** Copies a text, and shows that it did until something else has the focus. */
export const CopyButton = ({ label, text }: Props) => {
  const [said, setSaid] = useState('')
  const copy = async (): Promise<void> => {
    const found = await text()
    setSaid(found === null ? '' : (await copied(found)) ? 'Copied' : 'The browser does not let it')
  }
  return (
    <span class="copy">
      <button type="button" onBlur={() => setSaid('')} onClick={copy}>
        {label}
      </button>
      <span class="said" role="status">
        {said}
      </span>
    </span>
  )
}
