import type { CDPSession, Locator, Page } from 'playwright-core'
import { becomes } from '../support/waiting.js'
import { filesScript, type NamedFile } from './scripts.js'

/** A size in CSS pixels; a zoom of 2 leaves half of a screen's pixels. */
export interface Screen {
  readonly width: number
  readonly height: number
  readonly zoom?: number
}

/** The page as somebody who uses it sees it. */
export class Driver {
  readonly page: Page
  #session: Promise<CDPSession> | undefined

  constructor(page: Page) {
    this.page = page
  }

  get tree(): Locator {
    return this.page.getByTestId('outline')
  }

  hex(stream: 0 | 1 = 0): Locator {
    return this.page.getByTestId(`hex-${stream}`)
  }

  row(text: string | RegExp): Locator {
    return this.page.getByRole('treeitem').filter({ hasText: text })
  }

  byte(offset: number, stream: 0 | 1 = 0): Locator {
    return this.hex(stream).locator(`.hex-cells [data-at="${offset}"]`)
  }

  /** The offsets of the bytes in sight that stand out in some way, as ranges. */
  async lit(
    name: 'selected' | 'pointed' | 'chosen' | 'wrong',
    stream: 0 | 1 = 0,
  ): Promise<ReadonlyArray<string>> {
    const offsets = await this.hex(stream)
      .locator(`.hex-cells .${name}`)
      .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('data-at'))))
    return ranges(offsets)
  }

  /** What the rows in sight say, but for their sizes. */
  async rows(): Promise<ReadonlyArray<string>> {
    return this.page
      .getByRole('treeitem')
      .evaluateAll((rows) =>
        rows.map((row) =>
          [...row.querySelectorAll('span:not(.twisty, .size)')].map((span) => span.textContent).join(' '),
        ),
      )
  }

  get version(): Locator {
    return this.page.getByRole('combobox', { name: 'Version' })
  }

  /** Waits until the row of this name is the selected one. */
  async selects(name: string | RegExp): Promise<void> {
    const exact = typeof name === 'string' ? new RegExp(`^${name.replace(/[[\]]/g, '\\$&')}$`) : name
    await this.selected().locator('.name').filter({ hasText: exact }).waitFor()
  }

  selected(): Locator {
    return this.page.locator('[role=treeitem][aria-selected=true]')
  }

  /** Changes the screen, and waits until the page is drawn for it. */
  async resize({ width, height, zoom = 1 }: Screen): Promise<void> {
    // Playwright cannot change the zoom of an open page. A session that ends takes its screen with it.
    this.#session ??= this.page.context().newCDPSession(this.page)
    const session = await this.#session
    const metrics = { width, height, deviceScaleFactor: zoom, mobile: false }
    await session.send('Emulation.setDeviceMetricsOverride', metrics)
    await becomes(
      () => this.page.evaluate('[innerWidth, innerHeight, devicePixelRatio]'),
      [width, height, zoom],
    )
    // In the first frame lists learn their new size, by the second they are drawn again.
    await this.page.evaluate(
      'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))',
    )
  }

  /** Gives the page its own screen again. */
  async end(): Promise<void> {
    await (await this.#session)?.detach()
  }

  /** Gives files to the page as somebody who drops them on it. */
  async drop(files: ReadonlyArray<NamedFile>): Promise<void> {
    const transfer = await this.page.evaluateHandle(filesScript(files))
    await this.page.dispatchEvent('main', 'dragover', { dataTransfer: transfer })
    await this.page.dispatchEvent('main', 'drop', { dataTransfer: transfer })
  }

  async pick(files: ReadonlyArray<NamedFile>): Promise<void> {
    await this.page.getByTestId('picker').setInputFiles(
      files.map(({ name, bytes }) => ({
        name,
        mimeType: 'application/octet-stream',
        buffer: Buffer.from(bytes),
      })),
    )
  }

  async sample(title: string): Promise<void> {
    await this.page.getByText('Samples', { exact: true }).click()
    await this.page.locator('.samples').getByRole('button', { name: title, exact: true }).click()
  }
}

const ranges = (offsets: ReadonlyArray<number>): ReadonlyArray<string> => {
  const found: Array<[number, number]> = []
  for (const offset of offsets) {
    const last = found.at(-1)
    if (last !== undefined && last[1] === offset) {
      last[1]++
    } else {
      found.push([offset, offset + 1])
    }
  }
  return found.map(([start, end]) => `${start}–${end}`)
}
