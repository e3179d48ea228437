import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { unquoted } from '../combinators/show.js'
import { HexView } from './components/hex-view.js'
import { Issues } from './components/issues.js'
import { type GivenModule, ModuleDialog } from './components/module-dialog.js'
import { OutlineView } from './components/outline-view.js'
import { PasteDialog } from './components/paste-dialog.js'
import { SettingsBar } from './components/settings-bar.js'
import { SidesDialog } from './components/sides-dialog.js'
import { Readout, Status } from './components/status.js'
import { Strip } from './components/strip.js'
import { ThemeButton } from './components/theme.js'
import type { Span, StreamIndex } from './engine/item.js'
import { type Dropped, droppedFiles, type Given, givenAs } from './input/files.js'
import { fragmentOf, largestShared, sizeOf } from './input/fragment.js'
import { samples } from './samples.js'
import { useDropping } from './use-dropping.js'
import {
  connectionSource,
  fileSource,
  messageSource,
  sourceOf,
  useInspection,
  type Wanted,
} from './use-inspection.js'

const isModule = ({ name }: File): boolean => /\.m?js$/.test(name)

const givenFile = async (file: File): Promise<Given> =>
  givenAs(file.name, new Uint8Array(await file.arrayBuffer()))

export const App = ({
  first,
  linked,
  modules,
}: {
  readonly first: Wanted
  /** Those that the command has been given. */
  readonly modules: () => Promise<ReadonlyArray<GivenModule>>
  readonly linked: () => Promise<Wanted | null>
}) => {
  const it = useInspection(first)
  const { source, settings, input, loaded, selected, pointed } = it
  const [note, setNote] = useState<string | null>(null)
  const [isPasting, setPasting] = useState(false)
  const [module, setModule] = useState<GivenModule | null>(null)
  const [unclear, setUnclear] = useState<readonly [Given, Given] | null>(null)
  const picker = useRef<HTMLInputElement>(null)

  const openSession = (client: Given, server: Given): void =>
    it.open(
      {
        kind: 'session',
        name: `${client.name}, ${server.name}`,
        client: client.bytes,
        server: server.bytes,
        moments: null,
        capture: null,
      },
      { storeDir: '' },
    )
  const openMessage = (name: string, bytes: Uint8Array): void => it.open(messageSource(name, bytes))
  const opened = (dropped: Dropped): void => {
    switch (dropped._tag) {
      case 'Message': {
        const { source, note } = fileSource(dropped.file)
        setNote((before) => note ?? before)
        it.open(source, source.kind === 'session' ? { storeDir: '' } : {})
        return
      }
      case 'Session':
        openSession(dropped.client, dropped.server)
        return
      case 'Unclear':
        setUnclear(dropped.files)
    }
  }
  const loadModule = async ({ name, source }: GivenModule): Promise<void> => {
    setNote(await it.addModule(name, source))
  }
  const openFiles = async (all: ReadonlyArray<File>): Promise<void> => {
    const [module] = all.filter(isModule)
    const files = all.filter((file) => !isModule(file))
    setNote(files.length > 2 ? 'Of more than two files the first two are read.' : null)
    try {
      if (module !== undefined) {
        setModule({ name: unquoted(module.name), source: await module.text() })
      }
      if (files.length === 0) {
        return
      }
      const [one, other] = await Promise.all(files.slice(0, 2).map(givenFile))
      if (one !== undefined) {
        opened(droppedFiles(one, other))
      }
    } catch (error) {
      setNote(`A file cannot be read: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const openText = (text: string): void => openMessage('what was pasted', new TextEncoder().encode(text))
  const isDropping = useDropping(openFiles, openText)

  useEffect(() => {
    const follow = (): void => {
      withModules().then(
        (wanted) => {
          if (wanted !== null) {
            it.follow(wanted)
          }
        },
        (error: unknown) => setNote(error instanceof Error ? error.message : String(error)),
      )
    }
    follow()
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])

  const withModules = async (): Promise<Wanted | null> => {
    for (const { name, source } of await modules()) {
      const problem = await it.addModule(name, source)
      if (problem !== null) {
        setNote(problem)
      }
    }
    return linked()
  }

  const share = async (): Promise<void> => {
    const whole = input._tag === 'Input' ? input.input : null
    const fragment = fragmentOf(whole, settings, selected?.path ?? null)
    history.replaceState(null, '', `#${fragment}`)
    const left =
      whole !== null && sizeOf(whole) > largestShared
        ? ` The input is over ${largestShared / 1024} KiB and too large for a link: it has the settings only.`
        : ''
    try {
      await navigator.clipboard.writeText(location.href)
      setNote(`The link is on the clipboard, and in the address bar.${left}`)
    } catch {
      setNote(`The link is in the address bar.${left}`)
    }
  }

  const wrong = loaded?._tag === 'Loaded' ? loaded.wrong : null
  const serverName = loaded?._tag === 'Loaded' ? loaded.serverName : 'daemon'
  const peers = source.kind === 'session' ? (['client', serverName] as const) : null
  const problem =
    input._tag === 'Unreadable' ? input.problem : loaded?._tag === 'Refused' ? loaded.problem : it.failure
  const target = useMemo(() => (it.cursor === null ? null : { ...it.cursor }), [it.cursor])
  const targets = useMemo(() => targetsOf(target, selected?.spans ?? []), [target, selected])

  const hex = (stream: StreamIndex, title: string, bytes: Uint8Array) => (
    <HexView
      key={`${source.kind} ${stream}`}
      stream={stream}
      title={title}
      bytes={bytes}
      selected={selected?.spans ?? []}
      pointed={pointed?.spans ?? []}
      wrong={wrong?.stream === stream ? wrong.offset : null}
      cursor={it.cursor?.stream === stream ? it.cursor.offset : null}
      target={targets[stream]}
      onPoint={(offset) => it.pointAt(stream, offset)}
      onSelect={(offset) => it.selectAt(stream, offset)}
    />
  )
  const isReading = loaded === null && problem === null

  return (
    <main class={isDropping ? 'dropping' : ''} aria-busy={isReading} data-kind={source.kind}>
      <header>
        <h1>nix-wire inspect</h1>
        <span class="source" data-testid="source">
          <bdi>{source.name}</bdi>
        </span>
        <nav aria-label="Input">
          <label class="button">
            Sample
            <select
              value=""
              onChange={({ currentTarget }) => {
                const sample = samples[Number(currentTarget.value)]
                if (sample !== undefined) {
                  setNote(null)
                  it.open(sourceOf(sample.title, sample.input()), {
                    features: [],
                    storeDir: '',
                    canonical: false,
                    ...sample.settings,
                  })
                }
                currentTarget.value = ''
              }}
            >
              <option value="" disabled>
                choose…
              </option>
              {samples.map(({ title }, index) => (
                <option key={title} value={index}>
                  {title}
                </option>
              ))}
            </select>
          </label>
          <button type="button" class="primary" onClick={() => picker.current?.click()}>
            Open files…
          </button>
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            data-testid="picker"
            onChange={({ currentTarget }) => {
              openFiles([...(currentTarget.files ?? [])])
              currentTarget.value = ''
            }}
          />
          <button type="button" onClick={() => setPasting(true)}>
            Paste…
          </button>
          <button type="button" onClick={share}>
            Share
          </button>
          <ThemeButton />
        </nav>
      </header>
      <SettingsBar
        source={source}
        settings={settings}
        types={it.types}
        problem={problem}
        onChange={it.set}
        onForm={(form) => {
          if (source.kind === 'message') {
            it.open({ ...source, form })
          }
        }}
        onConnection={(chosen) => {
          if (source.kind === 'session' && source.capture !== null) {
            it.open(connectionSource(source.name, source.capture.connections, chosen))
          }
        }}
        onSwap={() => {
          if (source.kind === 'session') {
            const { client, server } = source
            it.open({ ...source, client: server, server: client, capture: null })
          }
        }}
      />
      {note === null ? null : (
        <p class="banner note" role="status">
          {note}{' '}
          <button type="button" onClick={() => setNote(null)}>
            Dismiss
          </button>
        </p>
      )}
      {problem === null ? null : (
        <p class="banner wrong" role="alert">
          {problem}
        </p>
      )}
      {wrong === null ? null : <Issues wrong={wrong} onShow={it.selectAt} />}
      {isReading ? (
        <p class="reading" role="status">
          Reading…
        </p>
      ) : null}
      {source.kind === 'session' && loaded?._tag === 'Loaded' ? (
        <Strip
          marks={loaded.marks}
          names={['client', serverName]}
          sizes={[source.client.length, source.server.length]}
          selected={selected?.path[0] ?? null}
          onSelect={it.select}
        />
      ) : null}
      <div class="panes">
        <div class="bytes">
          {input._tag === 'Unreadable' ? null : input.input.kind === 'message' ? (
            hex(0, 'Bytes', input.input.bytes)
          ) : (
            <>
              {hex(0, 'Client', input.input.client)}
              {hex(1, serverName === 'daemon' ? 'Daemon' : 'Server', input.input.server)}
            </>
          )}
          <Readout pointed={pointed} peers={peers} />
        </div>
        <div class="meaning">
          <OutlineView
            title={source.kind === 'session' ? 'Timeline' : 'Fields'}
            count={it.rows.count}
            revision={it.rows.revision}
            selected={selected}
            pointed={pointed}
            target={it.rowTarget}
            fetch={it.fetch}
            current={it.current}
            onPoint={it.point}
            onSelect={it.selectRow}
            onSelectParent={async ({ path }) => {
              if (path.length > 1) {
                await it.select(path.slice(0, -1))
              }
            }}
            onToggle={it.toggle}
          />
          <Status selected={selected} details={it.details} peers={peers} />
        </div>
      </div>
      {isPasting ? <PasteDialog onPaste={openText} onClose={() => setPasting(false)} /> : null}
      {module === null ? null : (
        <ModuleDialog module={module} onLoad={loadModule} onClose={() => setModule(null)} />
      )}
      {unclear === null ? null : (
        <SidesDialog files={unclear} onChoose={openSession} onClose={() => setUnclear(null)} />
      )}
      <div class="drop-hint" aria-hidden="true">
        Drop a message, both files of a session, or a module with a protocol of yours
      </div>
    </main>
  )
}

type Targets = { readonly [S in StreamIndex]: { readonly offset: number } | null }

/** What each stream brings into sight: the byte of the cursor, and what is selected in the other stream. */
const targetsOf = (
  cursor: { readonly stream: StreamIndex; readonly offset: number } | null,
  spans: ReadonlyArray<Span>,
): Targets => {
  const of = (stream: StreamIndex) => {
    const span = spans.find((each) => each.stream === stream)
    return cursor?.stream === stream
      ? { offset: cursor.offset }
      : span === undefined
        ? null
        : { offset: span.start }
  }
  return { 0: of(0), 1: of(1) }
}
