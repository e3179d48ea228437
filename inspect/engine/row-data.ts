import type { Shown as ShownItem } from './item.js'
import type { ItemPath, Outline } from './outline.js'
import { inRow } from './plain-text.js'

/** An item and its row. */
export interface RowData extends ShownItem {
  /** -1 for an item that is filtered out. */
  readonly row: number
  readonly path: ItemPath
  /** Null for an item without children. */
  readonly open: boolean | null
  /** The number of its siblings, itself included. */
  readonly siblings: number
  /** The names from the top down to it, as in the path of an issue. */
  readonly trail: string
}

/** A row that is now visible, and the number of rows. */
export interface Shown {
  readonly rows: number
  readonly found: RowData | null
}

/** The contents of a row, with texts cut; null if there is no such item. */
export const rowData = (outline: Outline, row: number, path: ItemPath): RowData | null => {
  const item = path.length === 0 ? null : outline.item(path)
  if (item === null) {
    return null
  }
  const { kind, when, tone, spans, count } = item
  return {
    row,
    path,
    kind,
    name: inRow(item.name),
    grammar: inRow(item.grammar),
    about: inRow(item.about),
    value: inRow(item.value),
    when,
    tone,
    flaw: inRow(item.flaw),
    spans,
    open: count === 0 ? null : outline.isOpen(path),
    siblings: outline.item(path.slice(0, -1))?.count ?? 1,
    trail: inRow(trailOf(outline, path)),
  }
}

const trailOf = (outline: Outline, path: ItemPath): string => {
  const names = path
    .map((_, depth) => outline.item(path.slice(0, depth + 1))?.name ?? '')
    .filter((name) => name !== '')
  const below = names.length > 1 && names[0] === 'message' ? names.slice(1) : names
  return below.map((name, i) => (i === 0 || name.startsWith('[') ? name : `.${name}`)).join('')
}
