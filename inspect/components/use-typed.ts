import type { TargetedEvent } from 'preact'
import { useState } from 'preact/hooks'

type Happening = TargetedEvent<HTMLInputElement>

/**
 * The attributes of a text field whose text counts when the user has finished it: with Enter, or when the focus leaves.
 * Until then the field keeps what is typed, also when the page is rendered again: without that, each answer about the
 * input would put the old text back.
 */
export const useTyped = (value: string, onFinish: (text: string) => void) => {
  const [typed, setTyped] = useState<string | null>(null)
  return {
    value: typed ?? value,
    onInput: ({ currentTarget }: Happening) => setTyped(currentTarget.value),
    onChange: ({ currentTarget }: Happening) => {
      setTyped(null)
      onFinish(currentTarget.value)
    },
    onBlur: () => setTyped(null),
  }
}
