import type { Item, StreamIndex } from './item.js'
import { startedBy } from './nearest.js'

/** The indexes of the children that lead from the root to an item. */
export type ItemPath = ReadonlyArray<number>

/** Which items have rows. */
export interface Lens {
  /** Whether framing has rows too. */
  readonly framing: boolean
  /** The children of one item that have rows, in order; null for all. */
  readonly only: { readonly path: ItemPath; readonly indexes: ReadonlyArray<number> } | null
}

const everything: Lens = { framing: true, only: null }

/** The children of an item that have rows; null for all. */
export const shownOf = (item: Item, path: ItemPath, { framing, only }: Lens): ReadonlyArray<number> | null =>
  only !== null && isSame(only.path, path) ? only.indexes : framing ? null : item.telling()

export const isSame = (one: ItemPath, other: ItemPath): boolean =>
  one.length === other.length && one.every((index, depth) => index === other[depth])

/** The children of an open item; each is one row, followed by its own children if it is open. */
class Branch {
  readonly item: Item
  readonly #path: ItemPath
  readonly #open = new Map<number, Branch>()
  #lens: Lens
  /** The children that have rows; null for all. */
  #shown: ReadonlyArray<number> | null = null
  /** The open ones that have rows, in order. */
  #sorted: ReadonlyArray<readonly [index: number, branch: Branch]> | null = null

  constructor(item: Item, path: ItemPath, lens: Lens) {
    this.item = item
    this.#path = path
    this.#lens = lens
    this.#look()
  }

  get lens(): Lens {
    return this.#lens
  }

  set lens(lens: Lens) {
    this.#lens = lens
    this.#sorted = null
    this.#look()
    for (const branch of this.#open.values()) {
      branch.lens = lens
    }
  }

  #look(): void {
    this.#shown = shownOf(this.item, this.#path, this.#lens)
  }

  get rows(): number {
    let rows = this.#shown?.length ?? this.item.count
    for (const [, branch] of this.#branches) {
      rows += branch.rows
    }
    return rows
  }

  get #branches(): ReadonlyArray<readonly [index: number, branch: Branch]> {
    this.#sorted ??= [...this.#open].filter(([index]) => this.shows(index)).sort(([a], [b]) => a - b)
    return this.#sorted
  }

  /** The number of children with rows before a given one. */
  #place(index: number): number {
    const shown = this.#shown
    return shown === null ? index : startedBy(shown.length, (at) => shown[at] as number, index - 1)
  }

  shows(index: number): boolean {
    return this.#shown === null || this.#shown[this.#place(index)] === index
  }

  openAt(index: number): Branch | undefined {
    return this.#open.get(index)
  }

  openChild(index: number): Branch {
    const branch =
      this.#open.get(index) ?? new Branch(this.item.child(index), [...this.#path, index], this.#lens)
    this.#open.set(index, branch)
    this.#sorted = null
    return branch
  }

  closeChild(index: number): void {
    this.#open.delete(index)
    this.#sorted = null
  }

  pathAt(row: number): ItemPath {
    let at = 0
    let next = 0
    for (const [index, branch] of this.#branches) {
      const place = this.#place(index)
      const branchRow = at + place - next
      const inside = row - branchRow - 1
      if (inside < 0) {
        break
      }
      if (inside < branch.rows) {
        return [index, ...branch.pathAt(inside)]
      }
      at = branchRow + 1 + branch.rows
      next = place + 1
    }
    const place = next + row - at
    return [this.#shown?.[place] ?? place]
  }

  rowOf([index = 0, ...rest]: ItemPath): number {
    let row = this.#place(index)
    for (const [before, branch] of this.#branches) {
      if (before >= index) {
        break
      }
      row += branch.rows
    }
    const branch = this.#open.get(index)
    const [inner] = rest
    return inner === undefined || branch === undefined || !branch.shows(inner)
      ? row
      : row + 1 + branch.rowOf(rest)
  }
}

/** The open items, and the row of each. Closed items need no memory. */
export class Outline {
  readonly #root: Branch

  constructor(root: Item) {
    this.#root = new Branch(root, [], everything)
  }

  get rows(): number {
    return this.#root.rows
  }

  get lens(): Lens {
    return this.#root.lens
  }

  /** Shows only some items. Open items stay open. */
  set lens(lens: Lens) {
    this.#root.lens = lens
  }

  pathAt(row: number): ItemPath {
    return this.#root.pathAt(row)
  }

  /** The row of an item, or of the item that hides it; -1 if that has no row either. */
  rowOf(path: ItemPath): number {
    return this.#root.shows(path[0] ?? 0) ? this.#root.rowOf(path) : -1
  }

  /** The path of an item, up to the first part without a row. */
  shown(path: ItemPath): ItemPath {
    let branch: Branch | undefined = this.#root
    for (const [depth, index] of path.entries()) {
      if (depth > 0 && branch?.shows(index) === false) {
        return path.slice(0, depth)
      }
      branch = branch?.openAt(index)
    }
    return path
  }

  /** Null if there is no such item. */
  item(path: ItemPath): Item | null {
    let item = this.#root.item
    for (const index of path) {
      if (!(Number.isInteger(index) && index >= 0 && index < item.count)) {
        return null
      }
      item = item.child(index)
    }
    return item
  }

  isOpen(path: ItemPath): boolean {
    let branch: Branch | undefined = this.#root
    for (const index of path) {
      branch = branch?.openAt(index)
    }
    return branch !== undefined
  }

  open(path: ItemPath): void {
    let branch = this.#root
    for (const index of path) {
      branch = branch.openChild(index)
    }
  }

  close(path: ItemPath): void {
    let branch: Branch | undefined = this.#root
    for (const index of path.slice(0, -1)) {
      branch = branch?.openAt(index)
    }
    branch?.closeChild(path.at(-1) ?? 0)
  }

  /** Opens short items, level by level, up to that many rows. */
  openShort(most: number, longest: number): void {
    const next: Array<ItemPath> = this.#children([])
    for (let path = next.shift(); path !== undefined; path = next.shift()) {
      const count = this.item(path)?.count ?? 0
      if (count > 0 && count <= longest && this.rows + count <= most) {
        this.open(path)
        for (const child of this.#children(path)) {
          next.push(child)
        }
      }
    }
  }

  #children(path: ItemPath): Array<ItemPath> {
    const count = Math.min(this.item(path)?.count ?? 0, 1000)
    return Array.from({ length: count }, (_, index) => [...path, index])
  }

  /** The path of the innermost item that contains a byte; empty if none does. */
  at(stream: StreamIndex, offset: number): ItemPath {
    const path: Array<number> = []
    for (let item = this.#root.item; ; ) {
      const index = item.childAt(stream, offset)
      if (index === null) {
        return path
      }
      path.push(index)
      item = item.child(index)
    }
  }
}
