import { existsSync } from 'node:fs'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'
import { longest } from './waiting.js'

const executablePath = '/usr/bin/chromium'

const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Its helper threads cost a fifth more processor time, and all cores are at work.
  '--js-flags=--single-threaded',
]

/**
 * A suite that needs Chromium. Without it, the suite is pending with the reason; in CI, where that could go unnoticed,
 * it fails instead.
 */
export const describeWithChromium = (title: string, suite: () => void): void => {
  if (existsSync(executablePath)) {
    describe(title, suite)
    return
  }
  const reason = `needs ${executablePath}, which is not installed`
  const fail = () => {
    throw new Error(reason)
  }
  describe(title, () => {
    it(reason, process.env.CI === 'true' ? fail : undefined)
  })
}

/** A page, and its errors: exceptions, and errors in its console. */
export interface Watched {
  readonly page: Page
  readonly wrongs: Array<string>
}

/** What a page learns of the screen and the user's colours. */
export interface Look {
  readonly colorScheme?: 'light' | 'dark'
  readonly forcedColors?: 'active' | 'none'
  readonly viewport?: { readonly width: number; readonly height: number }
}

const usualViewport = { width: 1360, height: 820 }

/** The part of Chromium's trace that is used here. */
interface Trace {
  readonly traceEvents: ReadonlyArray<{
    readonly name: string
    readonly tid: number
    readonly args: { readonly name?: string }
    /** Microseconds of the thread. */
    readonly tdur?: number
  }>
}

// The process listens to no signal for the browser: other tests of the same process are about signals.
const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  })

/**
 * A worker of mocha runs many files, so its browser stays for the next one. Playwright kills it when the worker exits.
 * Outside a worker, an open browser would keep the process from ending.
 */
const isWorker = 'MOCHA_WORKER_ID' in process.env

let kept: Promise<Browser> | undefined

const running = (): Promise<Browser> => {
  kept ??= launch()
  return kept
}

/** The free tabs of each browser. */
const freeTabs = new WeakMap<Browser, Array<Watched>>()

/** The browser, and the pages that a suite opens in it. */
export class Chromium {
  readonly #browser: Browser
  readonly #free: Array<Watched>
  readonly #contexts = new Set<BrowserContext>()

  private constructor(browser: Browser) {
    this.#browser = browser
    this.#free = freeTabs.get(browser) ?? []
    freeTabs.set(browser, this.#free)
  }

  static async start(): Promise<Chromium> {
    return new Chromium(await (isWorker ? running() : launch()))
  }

  /**
   * A page in a tab that has been used before, if one is free: a new tab costs three times as much processor time. The
   * page finds nothing of those before it, but for what a test changes of the tab itself.
   */
  async borrow(address: string, look: Look = {}): Promise<Watched> {
    const { colorScheme = 'light', forcedColors = 'none', viewport = usualViewport } = look
    const tab = this.#free.pop() ?? (await this.open('about:blank'))
    this.#contexts.delete(tab.page.context())
    await tab.page.emulateMedia({ colorScheme, forcedColors })
    await tab.page.setViewportSize(viewport)
    await tab.page.goto(address)
    return tab
  }

  /** Gives a borrowed tab back. */
  async giveBack(tab: Watched): Promise<void> {
    const { page, wrongs } = tab
    // After what the page itself does when it is left.
    await page.evaluate(`addEventListener('pagehide', () => sessionStorage.clear())`)
    await page.goto('about:blank')
    wrongs.length = 0
    this.#free.push(tab)
  }

  /** A page of its own, which shares no storage with others. */
  async open(address: string, options: BrowserContextOptions = {}): Promise<Watched> {
    const context = await this.#browser.newContext({ viewport: usualViewport, ...options })
    this.#contexts.add(context)
    context.on('close', () => this.#contexts.delete(context))
    const page = await context.newPage()
    page.setDefaultTimeout(longest)
    const wrongs: Array<string> = []
    page.on('pageerror', (error) => wrongs.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') {
        wrongs.push(message.text())
      }
    })
    // Warnings of a worker or of the browser itself.
    const log = await context.newCDPSession(page)
    await log.send('Log.enable')
    log.on('Log.entryAdded', ({ entry }) => {
      if (entry.level === 'error') {
        wrongs.push(entry.text)
      }
    })
    await page.goto(address)
    return { page, wrongs }
  }

  /** From now on, records the tasks that keep a page from answering. */
  async watchTasks(page: Page): Promise<void> {
    await this.#browser.startTracing(page, { categories: ['toplevel'] })
  }

  /**
   * The processor time of each task of a page's own thread, in milliseconds, the longest first: the delays for a user,
   * without those from other programs of a busy machine.
   */
  async taskTimes(): Promise<ReadonlyArray<number>> {
    const { traceEvents } = JSON.parse((await this.#browser.stopTracing()).toString()) as Trace
    const threads = traceEvents.filter(({ args }) => args.name === 'CrRendererMain').map(({ tid }) => tid)
    return traceEvents
      .filter(({ name, tid }) => name.endsWith('RunTask') && threads.includes(tid))
      .map(({ tdur = 0 }) => tdur / 1000)
      .sort((a, b) => b - a)
  }

  /** Closes the pages of the suite. */
  async end(): Promise<void> {
    if (isWorker) {
      await Promise.all([...this.#contexts].map((context) => context.close()))
    } else {
      await this.#browser.close()
    }
  }
}
