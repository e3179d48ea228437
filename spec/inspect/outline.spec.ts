import { expect } from 'chai'
import fc from 'fast-check'
import { type Item, itemOf } from '../../inspect/engine/item.js'
import { type ItemPath, Outline } from '../../inspect/engine/outline.js'

interface Shape {
  readonly children: ReadonlyArray<Shape>
}

const { shape } = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 4 },
    fc.constant({ children: [] }),
    fc.record({ children: fc.array(tie('shape'), { maxLength: 5 }) }),
  ),
}))

/** Leaves take a byte each. */
const sizeOf = ({ children }: Shape): number => children.reduce((sum, each) => sum + sizeOf(each), 0) || 1

const itemAt = (shape: Shape, start: number): Item =>
  itemOf({
    kind: 'part',
    spans: [{ stream: 0, start, end: start + sizeOf(shape) }],
    children: () => {
      let at = start
      return shape.children.map((child) => {
        const item = itemAt(child, at)
        at += sizeOf(child)
        return item
      })
    },
  })

/** All paths down to what is closed, in the order of the rows: the plain way to say it. */
const listed = (outline: Outline, path: ItemPath = []): ReadonlyArray<ItemPath> =>
  Array.from({ length: outline.item(path)?.count ?? 0 }, (_, index) => [...path, index]).flatMap((child) => [
    child,
    ...(outline.isOpen(child) ? listed(outline, child) : []),
  ])

describe('an outline', () => {
  it('has a row for each item that is not hidden, and finds each', () => {
    fc.assert(
      fc.property(shape, fc.array(fc.tuple(fc.nat(), fc.boolean())), (root, steps) => {
        const outline = new Outline(itemAt(root, 0))
        for (const [number, opens] of steps) {
          if (outline.rows > 0) {
            const path = outline.pathAt(number % outline.rows)
            if (opens) {
              outline.open(path)
            } else {
              outline.close(path)
            }
          }
          const expected = listed(outline)
          expect(outline.rows).to.equal(expected.length)
          expect(expected.map((_, row) => outline.pathAt(row))).to.deep.equal(expected)
          expect(expected.map((path) => outline.rowOf(path))).to.deep.equal(expected.map((_, row) => row))
        }
      }),
    )
  })

  it('finds the innermost item of a byte', () => {
    fc.assert(
      fc.property(shape, (root) => {
        const outline = new Outline(itemAt(root, 0))
        for (let offset = 0; offset < (root.children.length === 0 ? 0 : sizeOf(root)); offset++) {
          const path = outline.at(0, offset)
          const item = outline.item(path)
          expect(item?.count).to.equal(0)
          expect(item?.spans).to.deep.equal([{ stream: 0, start: offset, end: offset + 1 }])
        }
        expect(outline.at(1, 0)).to.deep.equal([])
      }),
    )
  })

  it('opens short parts, level by level', () => {
    const leaf: Shape = { children: [] }
    const short: Shape = { children: [leaf, leaf] }
    const outline = new Outline(itemAt({ children: [short, { children: Array(30).fill(leaf) }, short] }, 0))
    outline.openShort(6, 20)
    expect(listed(outline)).to.deep.equal([[0], [0, 0], [0, 1], [1], [2]])
  })
})
