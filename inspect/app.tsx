import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { EditPanel } from './components/edit-panel.js'
import { FindBar } from './components/find-bar.js'
import { HelpDialog } from './components/help-dialog.js'
import { HexView } from './components/hex-view.js'
import { HintBanner } from './components/hint-banner.js'
import { InputBar } from './components/input-bar.js'
import { Inspector } from './components/inspector.js'
import { Issues } from './components/issues.js'
import { type GivenModule, ModuleDialog } from './components/module-dialog.js'
import { Note } from './components/note.js'
import { OutlineView } from './components/outline-view.js'
import { PasteDialog } from './components/paste-dialog.js'
import { Progress } from './components/progress.js'
import { RowTools } from './components/row-tools.js'
import { SettingsBar } from './components/settings-bar.js'
import { SidesDialog } from './components/sides-dialog.js'
import { Splitter } from './components/splitter.js'
import { Start } from './components/start.js'
import { Readout, Status } from './components/status.js'
import { Strip } from './components/strip.js'
import type { Input, Settings } from './engine/api.js'
import type { Span, StreamIndex } from './engine/item.js'
import { copied } from './handing-out.js'
import { sizeOf } from './input/fragment.js'
import type { Places } from './input/places.js'
import { linkTo } from './input/sharing.js'
import { connectionSource, type Source, swapped, type Wanted } from './input/source.js'
import type { Linked } from './linked.js'
import { useDropping } from './use-dropping.js'
import { useFinding } from './use-finding.js'
import { type Inspection, useInspection } from './use-inspection.js'
import { useKeys } from './use-keys.js'
import { useOpening } from './use-opening.js'
import { usePlaces } from './use-places.js'
import { useRemedies } from './use-remedies.js'

export const App = ({
  first,
  places,
  linked,
  modules,
}: {
  /** The input that is shown at once; null if the address or the history has it. */
  readonly first: Wanted | null
  readonly places: Places
  /** Those that the command has been given. */
  readonly modules: () => Promise<ReadonlyArray<GivenModule>>
  readonly linked: () => Promise<Linked>
}) => {
  const it = useInspection(first)
  const { source, settings, input, loaded, selected, pointed } = it
  const opening = useOpening(it, () => places.enter())
  const { note, setNote, question } = opening
  const isFollowing = usePlaces(it, { places, modules, linked, onNote: setNote })
  const { hint, remedy } = useRemedies(it, opening)
  const isDropping = useDropping(opening.openFiles, opening.openStray)
  const whole = input._tag === 'Input' ? input.input : null
  const [isHelping, setHelping] = useState(false)
  const [shares, setShares] = useState<Shares>({ bytes: null, rows: null })
  const finding = useFinding({ ...it, of: input })
  const findField = useRef<HTMLInputElement>(null)
  const offsetField = useRef<HTMLInputElement>(null)
  useKeys({
    '/': () => findField.current?.focus(),
    '#': () => offsetField.current?.focus(),
    '?': () => setHelping(true),
    F3: ({ shiftKey }) => finding.next(shiftKey),
  })

  useLayoutEffect(() => {
    document.title = source.name === '' ? 'nix-wire inspect' : `${source.name} – nix-wire inspect`
  }, [source.name])

  const share = async (): Promise<void> => {
    const link = linkTo(location.href, whole, settings, selected?.path ?? null)
    if (link._tag === 'None') {
      setNote(link.problem)
      return
    }
    places.enterAddress(source, link.fragment)
    const isSame = it.unchanged()
    const isCopied = await copied(link.text)
    if (!isSame()) {
      return
    }
    setNote(`${link.note}.${isCopied ? ' It is on the clipboard.' : ''}`)
  }
  /** The same bytes, read in another way: no step of the history. */
  const reread = (other: Source | null, some: Partial<Settings> = {}): void => {
    setNote(null)
    if (other === null) {
      it.set(some)
    } else {
      it.open(other, some)
    }
  }

  const wrong = loaded?._tag === 'Loaded' ? loaded.wrong : null
  const pending = loaded?._tag === 'Loaded' ? loaded.pending : null
  const serverName = loaded?._tag === 'Loaded' ? loaded.serverName : 'daemon'
  const peers = source.kind === 'session' ? (['client', serverName] as const) : null
  const problem =
    input._tag === 'Unreadable' ? input.problem : loaded?._tag === 'Refused' ? loaded.problem : it.failure
  const target = useMemo(() => (it.cursor === null ? null : { ...it.cursor }), [it.cursor])
  const targets = useMemo(() => targetsOf(target, selected?.spans ?? []), [target, selected])

  const streams = streamsOf(input)
  const read = it.chosen ?? bytesAt(it.cursor, streams)

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
      chosen={it.chosen?.stream === stream ? it.chosen : null}
      onChoose={(from, to) => it.choose(stream, from, to)}
      regions={it.regions}
      revision={loaded}
    />
  )
  const isReading = isFollowing || (whole !== null && loaded === null && problem === null)
  const emptiness = isReading ? null : emptinessOf(source, whole)

  return (
    <main class={isDropping ? 'dropping' : ''} aria-busy={isReading} data-kind={source.kind} tabIndex={-1}>
      <InputBar
        name={source.name}
        onSample={opening.openSample}
        onFiles={opening.openFiles}
        onPaste={() => opening.ask({ _tag: 'Paste' })}
        onShare={share}
      />
      <SettingsBar
        source={source}
        settings={settings}
        types={it.types}
        problem={problem}
        onChange={(some) => reread(null, some)}
        onForm={(form) => {
          if (source.kind === 'message') {
            reread({ ...source, form })
          }
        }}
        onConnection={(chosen) => {
          if (source.kind === 'session' && source.capture !== null) {
            reread(connectionSource(source.name, source.capture.connections, chosen))
          }
        }}
        onSwap={() => {
          if (source.kind === 'session') {
            reread(swapped(source))
          }
        }}
      />
      {note === null ? null : <Note onDismiss={() => setNote(null)}>{note}</Note>}
      {hint === null ? null : <HintBanner hint={hint} onRemedy={remedy} />}
      {problem === null ? null : (
        <p class="banner wrong" role="alert">
          {problem}
        </p>
      )}
      {wrong === null || emptiness !== null ? null : <Issues wrong={wrong} onShow={it.selectAt} />}
      {pending === null ? null : (
        <p class="banner note" role="status" data-testid="pending">
          {pending}
        </p>
      )}
      <Progress
        read={isReading ? 0 : loaded?._tag === 'Loaded' ? loaded.read : 1}
        isStopped={it.isStopped}
        onStop={it.stop}
        onGoOn={it.goOn}
      />
      {loaded?._tag === 'Loaded' && loaded.overview !== null && emptiness === null ? (
        <Strip
          overview={loaded.overview}
          names={['client', serverName]}
          selected={selected?.path[0] ?? null}
          onSelect={it.select}
        />
      ) : null}
      {loaded?._tag === 'Loaded' && emptiness === null ? (
        <FindBar
          finding={finding}
          overview={loaded.overview}
          field={findField}
          offset={offsetField}
          sizes={[streams[0].length, streams[1].length]}
          peers={peers}
          onGo={it.selectAt}
          onHelp={() => setHelping(true)}
        />
      ) : null}
      {emptiness === null ? (
        <div class={splitClass('panes', shares.bytes)} style={splitStyle(shares.bytes)}>
          <div class="bytes">
            {whole === null ? null : whole.kind === 'message' ? (
              hex(0, 'Bytes', whole.bytes)
            ) : (
              <>
                {hex(0, 'Client', whole.client)}
                {hex(1, serverName === 'daemon' ? 'Daemon' : 'Server', whole.server)}
              </>
            )}
            <Readout pointed={pointed} peers={peers} />
            <Inspector
              span={read}
              bytes={streams[read?.stream ?? 0]}
              side={peers?.[read?.stream ?? 0] ?? ''}
              isChosen={it.chosen !== null}
            />
          </div>
          <Splitter
            label="Width of the bytes"
            line="vertical"
            share={shares.bytes}
            onShare={(bytes) => setShares((before) => ({ ...before, bytes }))}
          />
          <div class={splitClass('meaning', shares.rows)} style={splitStyle(shares.rows)}>
            <OutlineView
              title={source.kind === 'session' ? 'Timeline' : 'Fields'}
              count={it.rows.count}
              empty={isReading ? '' : problem === null ? 'It has no fields.' : 'It could not be read.'}
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
              onSeek={it.seek}
              onToggle={it.toggle}
            />
            <Splitter
              label="Height of the rows"
              line="horizontal"
              share={shares.rows}
              onShare={(rows) => setShares((before) => ({ ...before, rows }))}
            />
            <Status selected={selected} details={it.details} peers={peers} onAll={it.showAll}>
              {selected === null ? null : (
                <RowTools
                  row={selected}
                  streams={streams}
                  peers={peers}
                  whole={({ path }) => it.wholeDetails(path)}
                />
              )}
            </Status>
            <EditPanel it={it} enter={() => places.enter()} />
          </div>
        </div>
      ) : (
        <Start reason={emptiness} onSample={opening.openSample} />
      )}
      {isHelping ? <HelpDialog onClose={() => setHelping(false)} /> : null}
      {question?._tag === 'Paste' ? (
        <PasteDialog onPaste={opening.openText} onClose={() => opening.ask(null)} />
      ) : null}
      {question?._tag === 'Module' ? (
        <ModuleDialog
          module={question.module}
          onLoad={opening.loadModule}
          onClose={() => opening.ask(null)}
        />
      ) : null}
      {question?._tag === 'Sides' ? (
        <SidesDialog
          files={question.files}
          onChoose={opening.openSession}
          onClose={() => opening.ask(null)}
        />
      ) : null}
      <div class="drop-hint" aria-hidden="true">
        Drop a message, both files of a session, or a module with a protocol of yours
      </div>
    </main>
  )
}

/** Why there is nothing to see; null if there is something. */
const emptinessOf = (source: Source, input: Input | null): string | null =>
  source.kind === 'nothing'
    ? 'Nothing is open yet'
    : input === null
      ? 'No bytes to show'
      : sizeOf(input) === 0
        ? 'There are no bytes in this input'
        : null

/** How much of its room the first of two panes has, in percent; null for as much as it needs. */
interface Shares {
  readonly bytes: number | null
  readonly rows: number | null
}

const splitClass = (name: string, share: number | null): string => (share === null ? name : `${name} split`)

const splitStyle = (share: number | null) => ({ '--share': share === null ? '' : `${share}%` })

const noBytes = new Uint8Array()

/** The bytes that are looked at: those of a message, or of both sides. */
const streamsOf = (input: Inspection['input']): readonly [Uint8Array, Uint8Array] =>
  input._tag !== 'Input'
    ? [noBytes, noBytes]
    : input.input.kind === 'message'
      ? [input.input.bytes, noBytes]
      : [input.input.client, input.input.server]

/** A word of eight bytes from the cursor on, as far as there are some. */
const bytesAt = (
  cursor: { readonly stream: StreamIndex; readonly offset: number } | null,
  streams: readonly [Uint8Array, Uint8Array],
): Span | null => {
  const left = cursor === null ? 0 : streams[cursor.stream].length - cursor.offset
  return cursor === null || left <= 0
    ? null
    : { stream: cursor.stream, start: cursor.offset, end: cursor.offset + Math.min(8, left) }
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
