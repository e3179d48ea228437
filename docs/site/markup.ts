/** Headings without skipped levels: TypeDoc chooses some by their size. */
const withLevels = (html: string): string => {
  const around: Array<number> = []
  return html.replace(/<h([1-6])(?=[ >])/g, (tag, digit: string) => {
    const size = Number(digit)
    while ((around.at(-1) ?? 0) >= size) {
      around.pop()
    }
    const level = around.push(size)
    return level === size ? tag : `${tag} aria-level="${level}"`
  })
}

/** What opens and closes is a button, and holds no link; the menu of the page has links to these headings. */
const withoutNestedLinks = (html: string): string =>
  html.replace(/<summary.*?<\/summary>/gs, (summary) =>
    summary.replace(/<a [^>]*class="tsd-anchor-icon".*?<\/a>/gs, ''),
  )

/** A page of TypeDoc's theme, so that screen readers find their way in it. */
export const accessible = (html: string): string =>
  withLevels(withoutNestedLinks(html))
    .replace('<div class="col-content">', '<div class="col-content" role="main">')
    .replace('<div class="page-menu">', '<div class="page-menu" role="navigation" aria-label="This page">')
    .replaceAll('<th></th>', '<td></td>')
