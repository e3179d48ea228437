import type { Side } from '../node.js'
import type { BlockKind, BlockPart, Step, Steps } from './steps.js'

/** What is drawn, from the top down. Lengths are in pixels. */
export type Shape =
  | { readonly is: 'arrow'; readonly from: Side; readonly y: number; readonly lines: Lines }
  | { readonly is: 'remark'; readonly x: Span; readonly y: Span; readonly lines: Lines }
  | {
      readonly is: 'frame'
      readonly x: Span
      readonly y: Span
      readonly kind: BlockKind
      readonly lines: Lines
    }
  | { readonly is: 'divider'; readonly x: Span; readonly y: number; readonly lines: Lines }

export type Lines = ReadonlyArray<string>

export interface Span {
  readonly from: number
  readonly to: number
}

export interface Layout {
  readonly shapes: ReadonlyArray<Shape>
  /** The position of each side's line. */
  readonly sides: { readonly [S in Side]: number }
  readonly width: number
  readonly height: number
}

export const lineHeight = 16
/** The greatest average width of a letter in the fonts that a reader may have. */
const letter = 7
const top = 52
const gap = 10
const inset = 10
const between = 420

/** Breaks a text at its spaces, and a word that is longer than a line. */
const wrapped = (text: string, width: number): Lines => {
  const most = Math.max(8, Math.floor(width / letter))
  const lines: Array<string> = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= most) {
      lines[lines.length - 1] = `${last} ${word}`
    } else {
      for (let at = 0; at === 0 || at < word.length; at += most) {
        lines.push(word.slice(at, at + most))
      }
    }
  }
  return lines
}

const depthOf = (steps: Steps): number =>
  steps.reduce(
    (deepest, step) =>
      step.is === 'block'
        ? step.parts.reduce((most, part) => Math.max(most, 1 + depthOf(part.steps)), deepest)
        : deepest,
    0,
  )

/** The width of the word for a block's kind, with room around it. */
export const kindWidth = (kind: BlockKind): number => kind.length * letter + 14

class Placing {
  readonly shapes: Array<Shape> = []
  readonly sides: Layout['sides']
  readonly width: number
  y = top

  constructor(steps: Steps) {
    const margin = 70 + depthOf(steps) * inset
    this.sides = { client: margin, server: margin + between }
    this.width = 2 * margin + between
  }

  all(steps: Steps, depth: number): void {
    for (const step of steps) {
      this.#step(step, depth)
    }
  }

  #step(step: Step, depth: number): void {
    switch (step.is) {
      case 'arrow': {
        const lines = wrapped(step.text, between - 40)
        this.y += lines.length * lineHeight + gap
        this.shapes.push({ is: 'arrow', from: step.from, y: this.y, lines })
        this.y += gap / 2
        return
      }
      case 'remark':
        this.#remark(step.over, step.text)
        return
      case 'block':
        this.#block(step.kind, step.parts, depth)
    }
  }

  #remark(over: Side | null, text: string): void {
    const { client, server } = this.sides
    const x =
      over === null
        ? { from: client - 20, to: server + 20 }
        : { from: this.sides[over] - 45, to: this.sides[over] + 45 }
    const lines = wrapped(text, x.to - x.from - 20)
    const from = this.y + gap
    this.y = from + lines.length * lineHeight + 8
    this.shapes.push({ is: 'remark', x, y: { from, to: this.y }, lines })
  }

  #block(kind: BlockKind, parts: ReadonlyArray<BlockPart>, depth: number): void {
    const x = { from: 10 + depth * inset, to: this.width - 10 - depth * inset }
    const from = this.y + gap
    this.y = from
    parts.forEach(({ head, steps }, at) => {
      const taken = at === 0 ? kindWidth(kind) : 0
      const lines = head === '' ? [] : wrapped(head, x.to - x.from - taken - 24)
      if (at > 0) {
        this.y += gap
        this.shapes.push({ is: 'divider', x, y: this.y, lines })
        this.y += lines.length * lineHeight
      } else {
        // Its height is known after all its contents have been placed.
        this.shapes.push({ is: 'frame', x, y: { from, to: from }, kind, lines })
        this.y += Math.max(1, lines.length) * lineHeight + 4
      }
      this.all(steps, depth + 1)
    })
    this.y += gap
    const at = this.shapes.findLastIndex(
      (each) => each.is === 'frame' && each.y.from === from && each.x.from === x.from,
    )
    const frame = this.shapes[at]
    if (frame?.is === 'frame') {
      this.shapes[at] = { ...frame, y: { from, to: this.y } }
    }
  }
}

/** The position of each step. */
export const layoutOf = (steps: Steps): Layout => {
  const placing = new Placing(steps)
  placing.all(steps, 0)
  const { shapes, sides, width, y } = placing
  return { shapes, sides, width, height: y + 50 }
}
