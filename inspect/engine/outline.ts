import type { Item, StreamIndex } from './item.js'

/** From the top: which child, and which child of it. */
export type ItemPath = ReadonlyArray<number>

/** The children of an item that is open; each is one row, and those that are open themselves are followed by theirs. */
class Branch {
  readonly item: Item
  readonly open = new Map<number, Branch>()
  #sorted: ReadonlyArray<number> | null = null

  constructor(item: Item) {
    this.item = item
  }

  get rows(): number {
    let rows = this.item.count
    for (const branch of this.open.values()) {
      rows += branch.rows
    }
    return rows
  }

  get #keys(): ReadonlyArray<number> {
    this.#sorted ??= [...this.open.keys()].sort((a, b) => a - b)
    return this.#sorted
  }

  openChild(index: number): Branch {
    const branch = this.open.get(index) ?? new Branch(this.item.child(index))
    this.open.set(index, branch)
    this.#sorted = null
    return branch
  }

  closeChild(index: number): void {
    this.open.delete(index)
    this.#sorted = null
  }

  pathAt(row: number): ItemPath {
    let at = 0
    let next = 0
    for (const key of this.#keys) {
      const keyRow = at + key - next
      const inside = row - keyRow - 1
      if (inside < 0) {
        break
      }
      const branch = this.open.get(key) as Branch
      if (inside < branch.rows) {
        return [key, ...branch.pathAt(inside)]
      }
      at = keyRow + 1 + branch.rows
      next = key + 1
    }
    return [next + row - at]
  }

  rowOf([index = 0, ...rest]: ItemPath): number {
    let row = index
    for (const key of this.#keys) {
      if (key >= index) {
        break
      }
      row += (this.open.get(key) as Branch).rows
    }
    const branch = this.open.get(index)
    return rest.length === 0 || branch === undefined ? row : row + 1 + branch.rowOf(rest)
  }
}

/** Which items are open, and what row each is in. Nothing is made of what is closed. */
export class Outline {
  readonly #root: Branch

  constructor(root: Item) {
    this.#root = new Branch(root)
  }

  get rows(): number {
    return this.#root.rows
  }

  pathAt(row: number): ItemPath {
    return this.#root.pathAt(row)
  }

  /** The row of an item, or of what it is hidden in. */
  rowOf(path: ItemPath): number {
    return this.#root.rowOf(path)
  }

  /** Null where there is no such item. */
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
      branch = branch?.open.get(index)
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
      branch = branch?.open.get(index)
    }
    branch?.closeChild(path.at(-1) ?? 0)
  }

  /** Opens whatever is short, level by level, up to so many rows. */
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

  /** The innermost item that a byte belongs to; the empty path where none does. */
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
