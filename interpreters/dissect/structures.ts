import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { equalValues } from '../../bytes/equal.js'
import { bytesBefore } from '../../combinators/content.js'
import { expectTakesBytes } from '../../combinators/ends.js'
import {
  type FramedNode,
  type ImapNode,
  type LazyNode,
  nameInIssues,
  nodeName,
  type ResolvedNode,
  type SpanNode,
  type StructNode,
} from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { show } from '../../combinators/show.js'
import { viewOf } from '../../combinators/view.js'
import * as words from '../../combinators/words.js'
import { sameValues } from '../../combinators/written.js'
import { readFrames } from './frames.js'
import { Refusal, type Source } from './source.js'
import type { Reading, Spot, Stage } from './spot.js'
import { brokenPart, OpenPart } from './tree.js'

/** Reads fields; `known` are properties of the value that come before them. */
export function* readStruct(
  reading: Reading,
  node: StructNode<ResolvedNode>,
  source: Source,
  around: OpenPart,
  known: ReadonlyArray<readonly [string, unknown]>,
): Stage {
  const values: Array<readonly [string | number, unknown]> = [...known]
  for (const { key, node: field, fixed } of node.fields) {
    const { pos } = source
    const { strangers } = reading
    const path = [...around.path, key]
    const role = fixed === undefined ? 'value' : 'fixed'
    const value = yield { node: field, spot: { source, path, role, siblings: around.parts } }
    if (fixed === undefined) {
      values.push([key, value])
    } else if (!(fixed.ignored && !reading.settings.canonical) && !equalValues(value, fixed.value)) {
      // An invalid value has an issue already.
      if (reading.strangers === strangers) {
        const place = { path, grammar: nodeName(node) }
        const [expected, actual] = words.fixedAndFound(fixed.value, value)
        const issue = source.issue('UnexpectedValue', pos, place, expected, actual)
        reading.note(around.parts.at(-1), issue)
      }
    }
  }
  return node.shape === 'tuple' ? values.map(([, value]) => value) : Object.fromEntries(values)
}

export function* readLazy(reading: Reading, node: LazyNode<ResolvedNode>, spot: Spot): Stage {
  const { source, path } = spot
  const limit = reading.settings.limits.depth
  reading.depth++
  if (reading.depth > limit) {
    const place = { path, grammar: nodeName(node) }
    source.refuseLimit('depth', limit, source.pos, place, words.tooDeep(reading.depth))
  }
  const { pos } = source
  const value = yield { node: node.get(), spot: { ...spot, name: undefined } }
  if (source.pos === pos) {
    expectTakesBytes(node.get())
  }
  reading.depth--
  return value
}

/** Reads another view of a value; a value that it rejects is kept as it was read. */
export function* readImap(reading: Reading, node: ImapNode<ResolvedNode>, spot: Spot): Stage {
  const { source, path, siblings } = spot
  const pos = source.pos + bytesBefore(node.inner)
  const { strangers } = reading
  const before = siblings.at(-1)
  const inner = yield { node: node.inner, spot: { ...spot, name: spot.name ?? node.name } }
  // There is no part if the protocol has the value without bytes.
  const last = siblings.at(-1)
  const part = last === before ? undefined : last
  const { from, to } = viewOf(node)
  const { canonical, protocol } = reading.settings
  if (reading.strangers > strangers) {
    const outer = outerOf(node, protocol, inner)
    part?.accept(outer, false)
    return outer
  }
  const place = { path, grammar: node.name ?? part?.own ?? nameInIssues(node.inner) }
  const outer = from(inner)
  if (isLeft(outer)) {
    reading.note(part, source.issue('InvalidValue', pos, place, outer.left, show(inner)))
    return inner
  }
  part?.accept(outer.right, part.sound)
  if (canonical) {
    const back = to(outer.right)
    if (isLeft(back) || !sameValues(node.inner, protocol, back.right, inner)) {
      const expected = isLeft(back) ? back.left : words.asWritten
      reading.note(part, source.issue('NotCanonical', pos, place, expected, show(inner)))
    }
  }
  return outer.right
}

/** The view of an invalid value, if it loses nothing; otherwise the value as it was read. */
const outerOf = (node: ImapNode<ResolvedNode>, protocol: Protocol, inner: unknown): unknown => {
  const { from, to } = viewOf(node)
  const isWhole = (back: unknown): boolean => sameValues(node.inner, protocol, back, inner)
  try {
    const outer = from(inner)
    const back = isRight(outer) ? to(outer.right) : outer
    return isRight(outer) && isRight(back) && isWhole(back.right) ? outer.right : inner
  } catch {
    // The function may throw for a value of another type.
    return inner
  }
}

/** Reads a value, and copies its bytes, which are kept while they come. */
export function* readSpan(node: SpanNode<ResolvedNode>, spot: Spot): Stage {
  const { source, siblings } = spot
  const before = siblings.at(-1)
  const copy = source.hold()
  const value = yield { node: node.inner, spot: { ...spot, name: spot.name ?? node.name } }
  const span = { value, bytes: copy() }
  const part = siblings.at(-1)
  if (part !== undefined && part !== before) {
    part.accept(span, part.sound)
  }
  return span
}

/**
 * Reads frames and the value in them. If reading cannot go on inside, the frames show where the next value begins.
 */
export function* readFramed(
  reading: Reading,
  node: FramedNode<ResolvedNode>,
  source: Source,
  around: OpenPart,
): Stage {
  const { limits, canonical } = reading.settings
  const content = yield* readFrames(source, around.place, limits, canonical, {
    header: (length) => {
      if (length === null) {
        const part = new OpenPart(source, around.path, 'frame', around.grammar, around.own)
        part.endAt(Math.min(source.pos + 8, source.end))
        reading.append(around.parts, part)
      } else {
        around.parts.at(-1)?.accept(length, true)
      }
    },
    note: (issue) => reading.note(around.parts.at(-1), issue),
  })
  const { depth } = reading
  const spot = { source: content, path: around.path, role: 'value', siblings: around.parts } as const
  let value: unknown
  let isWhole = true
  try {
    value = yield { node: node.inner, spot }
  } catch (error) {
    if (!(error instanceof Refusal)) {
      throw error
    }
    reading.depth = depth
    reading.note(brokenPart(around), error.issue)
    isWhole = false
    value = content.view(0, content.end).slice()
  }
  if (content.left > 0) {
    const rest = new OpenPart(content, around.path, 'dropped', around.grammar, around.own)
    rest.endAt(content.end)
    reading.append(around.parts, rest)
    if (canonical && isWhole) {
      const actual = words.moreBytes(content.left)
      reading.note(rest, content.issue('TrailingBytes', content.pos, around.place, words.endFrame, actual))
    }
  }
  around.parts.sort((a, b) => a.start - b.start)
  return value
}
