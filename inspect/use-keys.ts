import { useLayoutEffect } from 'preact/hooks'

/** Keys that work wherever the focus is, except in text fields. */
export const useKeys = (keys: { readonly [key: string]: (event: KeyboardEvent) => void }): void => {
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined
      const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey
      const isFree = event.key.startsWith('F') || !isWritten(event.target)
      if (act !== undefined && isPlain && isFree && document.querySelector('dialog[open]') === null) {
        event.preventDefault()
        event.stopPropagation()
        act(event)
      }
    }
    // Before the rows take the letter as the start of a name.
    addEventListener('keydown', press, { capture: true })
    return () => removeEventListener('keydown', press, { capture: true })
  })
}

const isWritten = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement ||
  target instanceof HTMLTextAreaElement ||
  target instanceof HTMLSelectElement
