import { useEffect, useMemo } from 'preact/hooks'
import { EditPanel } from './components/edit-panel.js'
import { HexView } from './components/hex-view.js'
import { HintBanner } from './components/hint-banner.js'
import { InputBar } from './components/input-bar.js'
import { Issues } from './components/issues.js'
import { type GivenModule, ModuleDialog } from './components/module-dialog.js'
import { Note } from './components/note.js'
import { OutlineView } from './components/outline-view.js'
import { PasteDialog } from './components/paste-dialog.js'
import { SettingsBar } from './components/settings-bar.js'
import { SidesDialog } from './components/sides-dialog.js'
import { Start } from './components/start.js'
import { Readout, Status } from './components/status.js'
import { Strip } from './components/strip.js'
import type { Input, Settings } from './engine/api.js'
import type { Span, StreamIndex } from './engine/item.js'
import { sizeOf } from './input/fragment.js'
import type { Places } from './input/places.js'
import { linkTo } from './input/sharing.js'
import { connectionSource, type Source, swapped, type Wanted } from './input/source.js'
import type { Linked } from './linked.js'
import { useDropping } from './use-dropping.js'
import { useInspection } from './use-inspection.js'
import { useOpening } from './use-opening.js'
import { usePlaces } from './use-places.js'
import { useRemedies } from './use-remedies.js'

export const App = ({
  first,
  places,
  linked,
  modules,
}: {
  /** What is there at once; null if the address or the history has it. */
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

  useEffect(() => {
    document.title = source.name === '' ? 'nix-wire inspect' : `${source.name} – nix-wire inspect`
  }, [source.name])

  const share = async (): Promise<void> => {
    const link = linkTo(location.href, whole, settings, selected?.path ?? null)
    if (link._tag === 'None') {
      setNote(link.problem)
      return
    }
    places.enterAddress(source, link.fragment)
    const isCopied = await navigator.clipboard.writeText(link.text).then(
      () => true,
      () => false,
    )
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
      {emptiness === null ? (
        <div class="panes">
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
          </div>
          <div class="meaning">
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
            <Status selected={selected} details={it.details} peers={peers} />
            <EditPanel it={it} enter={() => places.enter()} />
          </div>
        </div>
      ) : (
        <Start reason={emptiness} onSample={opening.openSample} />
      )}
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
      ? 'There are no bytes to be seen'
      : sizeOf(input) === 0
        ? 'There are no bytes in this'
        : null

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
