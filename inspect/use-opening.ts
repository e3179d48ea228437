import { useState } from 'preact/hooks'
import { formOf } from '../bytes/forms.js'
import { messageOf, unquoted } from '../combinators/show.js'
import type { GivenModule } from './components/module-dialog.js'
import type { Settings } from './engine/api.js'
import { type Dropped, droppedFiles, type Given, givenAs } from './input/files.js'
import { isJson, isNarInfo } from './input/heads.js'
import {
  fileSource,
  messageSource,
  type SessionSource,
  type Source,
  sessionSource,
  sourceOf,
} from './input/source.js'
import type { Sample } from './samples.js'
import type { Inspection } from './use-inspection.js'

/** A question to the user before something is opened. */
export type Question =
  | { readonly _tag: 'Paste' }
  | { readonly _tag: 'Module'; readonly module: GivenModule }
  | { readonly _tag: 'Sides'; readonly files: readonly [Given, Given] }

const isModule = ({ name }: File): boolean => /\.m?js$/.test(name)

const givenFile = async (file: File): Promise<Given> =>
  givenAs(file.name, new Uint8Array(await file.arrayBuffer()))

const sampleSettings = { features: [], storeDir: '', canonical: false }

/**
 * Opens what the user gives: files, texts, samples, modules. `enter` is called before another input replaces the
 * current one. A note is about the last action, and disappears with the next.
 */
export const useOpening = (it: Inspection, enter: () => void) => {
  const [note, setNote] = useState<string | null>(null)
  const [question, setQuestion] = useState<Question | null>(null)
  const open = (source: Source, settings: Partial<Settings> = {}, about: string | null = null): void => {
    setNote(about)
    enter()
    it.open(source, settings)
  }
  const openSession = (client: Given, server: Given, about: string | null = null): void =>
    open(sessionSource(client, server), { storeDir: '' }, about)
  const openFile = (file: Given, about: string | null = null): void => {
    const { source, note: said } = fileSource(file)
    open(source, source.kind === 'session' ? { storeDir: '' } : {}, said ?? about)
  }
  const openDropped = (dropped: Dropped, about: string | null): void => {
    switch (dropped._tag) {
      case 'Message':
        openFile(dropped.file, about)
        return
      case 'Session':
        openSession(dropped.client, dropped.server, about)
        return
      case 'Unclear':
        setNote(about)
        setQuestion({ _tag: 'Sides', files: dropped.files })
    }
  }
  const openFiles = async (all: ReadonlyArray<File>): Promise<void> => {
    const isNewest = it.begin()
    const [module] = all.filter(isModule)
    const files = all.filter((file) => !isModule(file))
    const about = files.length > 2 ? 'Of more than two files the first two are read.' : null
    try {
      const [one, other] = await Promise.all(files.slice(0, 2).map(givenFile))
      const source = await module?.text()
      if (!isNewest()) {
        return
      }
      if (one !== undefined) {
        openDropped(droppedFiles(one, other), about)
      }
      if (module !== undefined && source !== undefined) {
        setQuestion({ _tag: 'Module', module: { name: unquoted(module.name), source } })
      }
    } catch (error) {
      if (isNewest()) {
        setNote(`A file cannot be read: ${messageOf(error)}`)
      }
    }
  }
  const openText = (text: string): void =>
    open(messageSource('what was pasted', new TextEncoder().encode(text)))

  return {
    note,
    setNote,
    question,
    ask: setQuestion,
    open,
    openFile,
    openFiles,
    openSession,
    openText,
    /** Opens text pasted outside of text fields, if it can be bytes. */
    openStray: (text: string): void => {
      const raw = new TextEncoder().encode(text)
      if (formOf(raw) !== 'bytes' || isNarInfo(raw) || isJson(raw)) {
        openText(text)
        setNote('What was pasted is open now. “Back” leads to what was open before.')
      } else {
        setNote('What was pasted is not hex, base64 or a hex dump. “Paste…” takes any text.')
      }
    },
    openSample: ({ title, input, settings }: Sample): void =>
      open(sourceOf(title, input()), { ...sampleSettings, ...settings }),
    /** Adds the missing side of a session. */
    addSide: async (to: SessionSource, side: 'client' | 'server', file: File): Promise<void> => {
      const isNewest = it.begin()
      const given = await givenFile(file)
      if (!isNewest()) {
        return
      }
      if (side === 'client') {
        openSession(given, { name: to.name, bytes: to.server })
      } else {
        openSession({ name: to.name, bytes: to.client }, given)
      }
    },
    loadModule: async ({ name, source }: GivenModule): Promise<void> => {
      setNote(await it.addModule(name, source))
    },
  }
}
