import type { Issue } from '../../../index.js'
import { type Break, breaks, digitsOf, readTea, wholeTea } from './tea.js'

/** The example of the landing page: bytes that a click breaks, and the result of the codec. */

const element = <K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: ReadonlyArray<Node | string>
): HTMLElementTagNameMap[K] => {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

const button = (text: string, title: string, press: () => void): HTMLButtonElement => {
  const made = element('button', { type: 'button', textContent: text, title })
  made.addEventListener('click', press)
  return made
}

/** The wrong byte; in a text, the one inside it. */
const wrongByte = (issue: Issue): number => issue.offset + ('position' in issue ? issue.position : 0)

const begin = (place: HTMLElement): void => {
  const whole = wholeTea()
  let bytes = whole.slice()
  const grid = element('div', { className: 'live-bytes' })
  const result = element('pre', { className: 'live-result' })
  result.setAttribute('aria-live', 'polite')
  // A dump of bytes is wider than a narrow window.
  result.tabIndex = 0

  const change = (at: number, byte: number): void => {
    bytes[at] = byte
    show()
  }
  const cells = [...whole.keys()].map((at) =>
    button('', `byte ${at}: click to change it`, () => change(at, ((bytes[at] ?? 0) + 1) % 256)),
  )
  const show = (): void => {
    const reading = readTea(bytes)
    for (const [at, digits] of digitsOf(bytes).entries()) {
      const cell = cells[at]
      if (cell !== undefined) {
        cell.textContent = digits
        cell.classList.toggle('changed', bytes[at] !== whole[at])
        cell.classList.toggle('wrong', reading.is === 'issue' && wrongByte(reading.issue) === at)
      }
    }
    result.textContent = reading.text
    result.dataset.is = reading.is
  }
  const breaking = ({ title, at, byte }: Break): HTMLButtonElement =>
    button(title, `byte ${at} becomes ${byte}`, () => {
      bytes = whole.slice()
      change(at, byte)
    })
  const mend = button('Mend', 'the first bytes again', () => {
    bytes = whole.slice()
    show()
  })
  const row = element('p', { className: 'live-buttons' }, 'Break ', ...breaks.map(breaking), mend)
  grid.append(...cells)
  place.replaceChildren(grid, row, result)
  show()
}

const place = document.getElementById('live')
if (place !== null) {
  begin(place)
}
