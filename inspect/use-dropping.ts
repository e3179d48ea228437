import { useLayoutEffect, useRef, useState } from 'preact/hooks'

/** Handles files dropped anywhere, and text pasted outside of text fields. */
export const useDropping = (
  onFiles: (files: ReadonlyArray<File>) => void,
  onText: (text: string) => void,
): boolean => {
  const [isOver, setOver] = useState(false)
  const handlers = useRef({ onFiles, onText })
  handlers.current = { onFiles, onText }
  useLayoutEffect(() => {
    const listening = new AbortController()
    const { signal } = listening
    const over = (event: DragEvent): void => {
      event.preventDefault()
      setOver(true)
    }
    addEventListener('dragover', over, { signal })
    addEventListener(
      'dragleave',
      ({ relatedTarget }) => {
        if (relatedTarget === null) {
          setOver(false)
        }
      },
      { signal },
    )
    addEventListener(
      'drop',
      (event) => {
        event.preventDefault()
        setOver(false)
        const { files = null } = event.dataTransfer ?? {}
        const text = event.dataTransfer?.getData('text/plain') ?? ''
        if (files !== null && files.length > 0) {
          handlers.current.onFiles([...files])
        } else if (text !== '') {
          handlers.current.onText(text)
        }
      },
      { signal },
    )
    addEventListener(
      'paste',
      (event) => {
        if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) {
          return
        }
        const { files = null } = event.clipboardData ?? {}
        const text = event.clipboardData?.getData('text/plain') ?? ''
        if (files !== null && files.length > 0) {
          handlers.current.onFiles([...files])
        } else if (text.trim() !== '') {
          handlers.current.onText(text)
        }
      },
      { signal },
    )
    return () => listening.abort()
  }, [])
  return isOver
}
