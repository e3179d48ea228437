/** Returns the focus to the element that had it, or to the rows if that is gone. */
export const refocus = (before: Element | null): void => {
  const isThere = before instanceof HTMLElement && before.isConnected && before !== document.body
  const find = (selector: string) => document.querySelector<HTMLElement>(selector)
  const target = isThere ? before : (find('[role=tree]') ?? find('main'))
  target?.focus()
}
