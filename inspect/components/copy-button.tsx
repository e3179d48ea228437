import { useState } from 'preact/hooks'
import { copied } from '../handing-out.js'

interface Props {
  readonly label: string
  readonly text: () => string | Promise<string>
}

/** Copies a text, and shows that it did until something else has the focus. */
export const CopyButton = ({ label, text }: Props) => {
  const [said, setSaid] = useState('')
  return (
    <span class="copy">
      <button
        type="button"
        onBlur={() => setSaid('')}
        onClick={async () => setSaid((await copied(await text())) ? 'Copied' : 'The browser does not let it')}
      >
        {label}
      </button>
      <span class="said" role="status">
        {said}
      </span>
    </span>
  )
}
