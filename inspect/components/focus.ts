/** Gives the focus back to what had it, or if that is gone, to the rows. */
export const refocus = (before: Element | null): void => {
  const isThere = before instanceof HTMLElement && before.isConnected && before !== document.body
  const target = isThere ? before : document.querySelector<HTMLElement>('[role=tree], main')
  target?.focus()
}
