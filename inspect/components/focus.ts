/** Gives the focus back to what had it, or if that is gone, to the rows. */
export const refocus = (before: Element | null): void => {
  const isThere = before instanceof HTMLElement && before.isConnected && before !== document.body
  const find = (selector: string) => document.querySelector<HTMLElement>(selector)
  const target = isThere ? before : (find('[role=tree]') ?? find('main'))
  target?.focus()
}
