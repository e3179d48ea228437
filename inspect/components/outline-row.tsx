import type { RowData } from '../engine/api.js'
import { countOf } from '../engine/value-text.js'

interface Props {
  readonly data: RowData
  readonly top: number
  readonly isSelected: boolean
  readonly isPointed: boolean
  readonly onPoint: (row: RowData) => void
  readonly onSelect: (row: number) => void
  readonly onToggle: (row: RowData, open: boolean) => void
}

export const OutlineRow = ({ data, top, isSelected, isPointed, onPoint, onSelect, onToggle }: Props) => {
  const { row, path, kind, name, grammar, about, value, when, tone, flaw, open, siblings } = data
  const classes = [
    'row',
    `kind-${kind}`,
    `tone-${tone}`,
    isSelected ? 'selected' : '',
    isPointed ? 'pointed' : '',
  ]
  const size = sizeOf(data)
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus and names its active item
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree listens to the keys
    <div
      id={`row-${row}`}
      role="treeitem"
      class={classes.join(' ')}
      aria-level={path.length}
      aria-posinset={(path.at(-1) ?? 0) + 1}
      aria-setsize={siblings}
      aria-expanded={open ?? undefined}
      aria-selected={isSelected}
      style={{ top: `${top}px`, paddingLeft: `${0.5 + 1.1 * (path.length - 1)}rem` }}
      onPointerEnter={() => onPoint(data)}
      onClick={() => onSelect(row)}
      onDblClick={() => {
        if (open !== null) {
          onToggle(data, !open)
        }
      }}
    >
      <span
        class="twisty"
        aria-hidden="true"
        onClick={(event) => {
          if (open !== null) {
            event.stopPropagation()
            onToggle(data, !open)
          }
        }}
      >
        {open === null ? '' : open ? '▾' : '▸'}
      </span>
      {name === '' ? null : <span class="name">{name}</span>}
      {grammar === '' ? null : <span class="grammar">{grammar}</span>}
      {about === '' ? null : <span class="about">{about}</span>}
      {value === '' ? null : <span class="value">{value}</span>}
      {flaw === '' ? null : <span class="flaw">{flaw}</span>}
      {when === '' ? null : <span class="when">{when}</span>}
      {size === 0 ? null : <span class="size">{countOf(size, 'byte')}</span>}
    </div>
  )
}

/** The number of bytes of both sides; none for an issue. */
const sizeOf = ({ kind, spans }: RowData): number =>
  kind === 'issue' ? 0 : spans.reduce((sum, { start, end }) => sum + end - start, 0)
