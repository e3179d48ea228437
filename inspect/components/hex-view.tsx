// biome-ignore-all lint/a11y/useSemanticElements: a table cannot show some of its rows only
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Span, StreamIndex } from '../engine/item.js'
import { countOf } from '../engine/value-text.js'
import { HexRow } from './hex-row.js'
import { type AskRegions, fieldClasses, useRegions } from './use-regions.js'
import { useVirtual } from './virtual.js'

interface Props {
  readonly stream: StreamIndex
  readonly title: string
  readonly bytes: Uint8Array
  readonly selected: ReadonlyArray<Span>
  readonly pointed: ReadonlyArray<Span>
  /** The bytes selected by the user in this view; null for none in this stream. */
  readonly chosen: Span | null
  /** The byte of the issue; null if it is not in this stream. */
  readonly wrong: number | null
  readonly cursor: number | null
  /** A new object scrolls the byte into view. */
  readonly target: { readonly offset: number } | null
  readonly onPoint: (offset: number | null) => void
  readonly onSelect: (offset: number) => void
  /** Selects the bytes between two offsets, both included. */
  readonly onChoose: (from: number, to: number) => void
  readonly regions: AskRegions
  /** Changes when the fields of the bytes change. */
  readonly revision: unknown
}

const rowHeight = 22
// Below this width a row has 8 bytes.
const wide = 560

export const HexView = (props: Props) => {
  const { stream, title, bytes, target, onPoint, onSelect, onChoose } = props
  const [columns, setColumns] = useState(16)
  const count = Math.ceil(bytes.length / columns)
  const list = useVirtual(count, rowHeight)
  const fitting = list.width < wide ? 8 : 16
  useLayoutEffect(() => {
    setColumns(fitting)
  }, [fitting])
  // Only a new target moves the view.
  useLayoutEffect(() => {
    if (target !== null) {
      list.scrollTo(Math.floor(target.offset / columns))
    }
  }, [target, columns])

  const regions = useRegions(props.regions, props.revision, stream, list.from * columns, list.to * columns)
  const rows = Array.from({ length: Math.max(0, list.to - list.from) }, (_, i) => list.from + i)
  const selected = props.selected.find((span) => span.stream === stream)
  const pointed = props.pointed.find((span) => span.stream === stream)
  // Keys and clicks may come faster than the page is drawn, so the cursor is kept outside the state.
  const cursor = useRef(-1)
  cursor.current = props.cursor ?? -1
  // Where the current selection of bytes began; null if there is none.
  const anchor = useRef<number | null>(null)
  const prefix = `hex-${stream}`
  const cursorRow = Math.floor((props.cursor ?? -1) / columns)
  const isCursorThere = props.cursor !== null && cursorRow >= list.from && cursorRow < list.to

  const move = (event: KeyboardEvent): void => {
    const at = Math.max(0, cursor.current)
    const last = bytes.length - 1
    const rowStart = at - (at % columns)
    const goals: { readonly [key: string]: number } = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at - columns,
      ArrowDown: at + columns,
      PageUp: at - list.pageSize * columns,
      PageDown: at + list.pageSize * columns,
      Home: event.ctrlKey ? 0 : rowStart,
      End: event.ctrlKey ? last : rowStart + columns - 1,
      Enter: at,
      ' ': at,
    }
    const goal = goals[event.key]
    if (goal !== undefined && !event.altKey && !event.metaKey && last >= 0) {
      event.preventDefault()
      cursor.current = Math.min(last, Math.max(0, goal))
      if (event.shiftKey) {
        anchor.current ??= at
        onChoose(anchor.current, cursor.current)
      } else {
        anchor.current = null
        onSelect(cursor.current)
      }
    }
  }

  return (
    <section class="hex" aria-label={title}>
      <h2>
        {title} <small>{countOf(bytes.length, 'byte')}</small>
      </h2>
      <div
        ref={list.scroller}
        class="scroller"
        data-testid={prefix}
        role="grid"
        aria-label={`${title}, in hex`}
        aria-rowcount={count}
        aria-activedescendant={isCursorThere ? `${prefix}-cursor` : undefined}
        tabIndex={0}
        onScroll={list.onScroll}
        onKeyDown={move}
        onPointerDown={(event) => {
          const offset = offsetOf(event.target)
          anchor.current = event.shiftKey ? (anchor.current ?? props.cursor ?? offset) : offset
        }}
        onPointerMove={(event) => {
          const offset = offsetOf(event.target)
          const from = anchor.current
          const isDragged = event.buttons === 1 && offset !== null && from !== null
          if (isDragged && (offset !== from || props.chosen !== null)) {
            onChoose(from, offset)
          } else {
            onPoint(offset)
          }
        }}
        onPointerLeave={() => onPoint(null)}
        onClick={(event) => {
          const offset = offsetOf(event.target)
          const from = anchor.current
          if (offset === null) {
            return
          }
          cursor.current = offset
          if (from !== null && from !== offset) {
            onChoose(from, offset)
          } else {
            onSelect(offset)
          }
        }}
      >
        <div class="sheet" role="presentation" style={{ height: `${list.height}px` }}>
          {rows.map((row) => {
            const [start, end] = [row * columns, (row + 1) * columns]
            return (
              <div key={row} class="hex-place" role="presentation" style={{ top: `${list.topOf(row)}px` }}>
                <HexRow
                  bytes={bytes}
                  prefix={prefix}
                  row={row}
                  columns={columns}
                  {...within('selected', selected, start, end)}
                  {...within('pointed', pointed, start, end)}
                  {...within('chosen', props.chosen ?? undefined, start, end)}
                  wrong={contained(props.wrong, start, end)}
                  cursor={contained(props.cursor, start, end)}
                  fields={fieldClasses(regions, start, Math.min(end, bytes.length))}
                />
              </div>
            )
          })}
        </div>
      </div>
    </section>
  )
}

const contained = (offset: number | null, start: number, end: number): number =>
  offset !== null && offset >= start && offset < end ? offset : -1

type Cut<Name extends string> = { readonly [Part in `${Name}Start` | `${Name}End`]: number }

const within = <Name extends 'selected' | 'pointed' | 'chosen'>(
  name: Name,
  span: Span | undefined,
  start: number,
  end: number,
): Cut<Name> => {
  const from = Math.max(start, span?.start ?? 0)
  const to = Math.min(end, span?.end ?? 0)
  const [first, last] = from < to ? [from, to] : [0, 0]
  return { [`${name}Start`]: first, [`${name}End`]: last } as Cut<Name>
}

const offsetOf = (target: EventTarget | null): number | null => {
  const at = target instanceof HTMLElement ? target.dataset.at : undefined
  return at === undefined ? null : Number(at)
}
