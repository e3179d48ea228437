import type { Page } from 'playwright-core'

/** Text and ground of the page, by the names of its colours. */
const pairs: ReadonlyArray<readonly [text: string, ground: string]> = [
  ['text', 'ground'],
  ['text', 'raised'],
  ['text', 'selected'],
  ['text', 'pointed'],
  ['quiet', 'ground'],
  ['quiet', 'raised'],
  ['zero', 'ground'],
  ['zero', 'pointed'],
  ['grammar', 'ground'],
  ['grammar', 'raised'],
  ['grammar', 'pointed'],
  ['value', 'ground'],
  ['value', 'raised'],
  ['value', 'pointed'],
  ['wrong-selected', 'selected'],
  ['wrong', 'ground'],
  ['wrong', 'wrong-ground'],
  ['ground', 'wrong'],
  ['on-accent', 'accent'],
]

/** Borders of the selected and the pointed row, and their ground. */
const graphics: typeof pairs = [
  ['accent', 'ground'],
  ['accent', 'raised'],
  ['quiet', 'ground'],
  ['wrong', 'ground'],
  ['good', 'ground'],
  ['good', 'raised'],
]

interface Contrast {
  readonly pair: string
  readonly ratio: number
}

/** The contrast of each pair as WCAG 2 counts it; AA asks for 4.5. */
export const contrasts = (page: Page): Promise<ReadonlyArray<Contrast>> => contrastsOf(page, pairs)

/** The same for borders; AA asks for 3. */
export const graphicContrasts = (page: Page): Promise<ReadonlyArray<Contrast>> => contrastsOf(page, graphics)

const contrastsOf = async (page: Page, all: typeof pairs): Promise<ReadonlyArray<Contrast>> => {
  const names = [...new Set(all.flat())]
  const colours = await page.evaluate<Record<string, string>>(`(() => {
    const probe = document.body.appendChild(document.createElement('i'))
    const found = {}
    for (const name of ${JSON.stringify(names)}) {
      probe.style.color = 'var(--' + name + ')'
      found[name] = getComputedStyle(probe).color
    }
    probe.remove()
    return found
  })()`)
  return all.map(([text, ground]) => {
    const [low, high] = [luminance(colours[text] ?? ''), luminance(colours[ground] ?? '')].sort(
      (a, b) => a - b,
    )
    return { pair: `${text} on ${ground}`, ratio: ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05) }
  })
}

const luminance = (colour: string): number => {
  const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map((part) => {
    const share = Number(part) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
