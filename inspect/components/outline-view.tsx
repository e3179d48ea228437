import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { RowData } from '../engine/api.js'
import type { Current } from '../use-inspection.js'
import { OutlineRow } from './outline-row.js'
import { useVirtual } from './virtual.js'

interface Props {
  readonly title: string
  readonly count: number
  /** The text shown if there are no rows. */
  readonly empty: string
  /** Changes whenever rows may have changed. */
  readonly revision: number
  readonly selected: RowData | null
  readonly pointed: RowData | null
  /** A new object scrolls the row into view. */
  readonly target: { readonly row: number } | null
  readonly fetch: (from: number, to: number) => Promise<ReadonlyArray<RowData>>
  readonly onPoint: (row: RowData | null) => void
  /** The newest state, which the page may not show yet. */
  readonly current: { readonly current: Current }
  readonly onSelect: (row: number) => Promise<void>
  /** Selects the next row whose name begins with the text; returns whether there is one. */
  readonly onSeek: (text: string, from: number) => Promise<boolean>
  readonly onSelectParent: (row: RowData) => Promise<void>
  readonly onToggle: (row: RowData, open: boolean) => Promise<void>
}

const rowHeight = 26

export const OutlineView = (props: Props) => {
  const { title, count, revision, selected, pointed, target, fetch, onSelect, onToggle } = props
  const list = useVirtual(count, rowHeight, selected?.row ?? null)
  const { from, to } = list
  const [rows, setRows] = useState<ReadonlyArray<RowData>>([])
  const latest = useRef(0)
  useLayoutEffect(() => {
    const turn = ++latest.current
    fetch(from, to).then(
      (found) => {
        if (turn === latest.current) {
          setRows(found)
        }
      },
      () => {},
    )
  }, [fetch, from, to, revision])
  // Only a new target moves the view.
  useLayoutEffect(() => {
    if (target !== null) {
      list.scrollTo(target.row)
    }
  }, [target])

  const go = (target: (row: number) => number): Promise<void> => {
    const { count: rows, selected: from } = props.current.current
    return onSelect(Math.min(rows - 1, Math.max(0, target(from?.row ?? -1))))
  }
  const inward = async (): Promise<void> => {
    const { selected: row } = props.current.current
    if (row?.open === false) {
      await onToggle(row, true)
    } else if (row?.open === true) {
      await go((from) => from + 1)
    }
  }
  const outward = async (): Promise<void> => {
    const { selected: row } = props.current.current
    if (row?.open === true) {
      await onToggle(row, false)
    } else if (row !== null) {
      await props.onSelectParent(row)
    }
  }
  const toggle = async (): Promise<void> => {
    const { selected: row } = props.current.current
    if (row !== null && row.open !== null) {
      await onToggle(row, !row.open)
    }
  }
  const keys: { readonly [key: string]: () => Promise<void> } = {
    ArrowDown: () => go((from) => from + 1),
    ArrowUp: () => go((from) => from - 1),
    PageDown: () => go((from) => from + list.pageSize),
    PageUp: () => go((from) => from - list.pageSize),
    Home: () => go(() => 0),
    End: () => go(() => props.current.current.count - 1),
    ArrowRight: inward,
    ArrowLeft: outward,
    Enter: toggle,
    ' ': toggle,
  }
  const typed = useRef('')
  /** Consecutive letters are one text as long as a name begins with it. */
  const typeAhead = async (letter: string): Promise<void> => {
    const text = typed.current + letter
    const from = props.current.current.selected?.row ?? -1
    typed.current = text.length > 1 && (await props.onSeek(text, from)) ? text : letter
    if (typed.current !== text || text.length === 1) {
      await props.onSeek(letter, from + 1)
    }
  }
  // Keys may come faster than answers, and each starts from the result of the click or key before.
  const pressed = useRef(Promise.resolve())

  const shown = rows.filter(({ row }) => row >= from && row < to && row < count)
  return (
    <section class="outline" aria-label={title}>
      <h2>{title}</h2>
      {count === 0 && props.empty !== '' ? <p class="empty">{props.empty}</p> : null}
      <div
        ref={list.scroller}
        class="scroller"
        data-testid="outline"
        role="tree"
        aria-label={title}
        aria-activedescendant={
          shown.some(({ row }) => row === selected?.row) ? `row-${selected?.row}` : undefined
        }
        tabIndex={0}
        onScroll={list.onScroll}
        onKeyDown={(event) => {
          const { key } = event
          const act = keys[key] ?? (isLetter(key) ? () => typeAhead(key) : undefined)
          if (act !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey && count > 0) {
            event.preventDefault()
            pressed.current = pressed.current.then(async () => {
              await props.current.current.answered
              typed.current = isLetter(key) ? typed.current : ''
              return act()
            })
          }
        }}
        onPointerLeave={() => props.onPoint(null)}
      >
        <div class="sheet" role="presentation" style={{ height: `${list.height}px` }}>
          {shown.map((row) => (
            <OutlineRow
              key={row.row}
              data={row}
              top={list.topOf(row.row)}
              isSelected={row.row === selected?.row}
              isPointed={row.row === pointed?.row}
              onPoint={props.onPoint}
              onSelect={onSelect}
              onToggle={onToggle}
            />
          ))}
        </div>
      </div>
    </section>
  )
}

const isLetter = (key: string): boolean => /^[\p{L}\p{N}[_]$/u.test(key)
