import { isLeft } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import { equalValues } from '../../bytes/equal.js'
import { bytesBefore } from '../../combinators/content.js'
import type {
  CaseNode,
  ChoiceNode,
  FieldNode,
  ImapNode,
  ResolvedNode,
  StructNode,
} from '../../combinators/node.js'
import { show } from '../../combinators/show.js'
import { viewOf } from '../../combinators/view.js'
import * as words from '../../combinators/words.js'
import { sameValues } from '../../combinators/written.js'
import { done, type Reader, reader, refuse, refuseLimit, type Settings, type State, within } from './state.js'

export interface FieldReader {
  readonly field: FieldNode<ResolvedNode>
  readonly read: Reader
}

/** `tag` is the property with the name of the case, if the struct is a case of a union. */
export const structReader = (
  { shape }: StructNode<ResolvedNode>,
  fields: ReadonlyArray<FieldReader>,
  tag: readonly [key: string, name: string] | null,
  grammar: string,
  settings: Settings,
): Reader =>
  reader((start) => {
    const values: Array<readonly [string | number, unknown]> = tag === null ? [] : [tag]
    let state = start
    for (const { field, read } of fields) {
      const next = read.p(state)
      if (next.isError) {
        return within(next, field.key)
      }
      if (field.fixed === undefined) {
        values.push([field.key, next.result])
      } else if (!isExpected(field.fixed, next.result, settings)) {
        const [expected, actual] = words.fixedAndFound(field.fixed.value, next.result)
        const place = { grammar, offset: state.index, path: [field.key], expected, actual }
        return refuse(state, 'UnexpectedValue', place)
      }
      state = next
    }
    const value = shape === 'tuple' ? values.map(([, each]) => each) : Object.fromEntries(values)
    return done(state, value, state.index)
  })

const isExpected = (
  { value, ignored }: NonNullable<FieldNode['fixed']>,
  found: unknown,
  { canonical }: Settings,
): boolean => (ignored && !canonical) || equalValues(found, value)

export interface CaseReader {
  readonly node: CaseNode<ResolvedNode>
  readonly read: Reader | null
}

export const choiceReader = (
  node: ChoiceNode<ResolvedNode>,
  tag: Reader,
  cases: ReadonlyArray<CaseReader>,
  rest: Reader | null,
  grammar: string,
): Reader => {
  const steps = node.shape._tag === 'tagged' ? [node.shape.key] : []
  return reader((state) => {
    const next = tag.p(state)
    if (next.isError) {
      return within(next, ...steps)
    }
    const mark = typeof next.result === 'number' ? BigInt(next.result) : next.result
    const found = cases.find((each) => each.node.tag === mark)
    if (found === undefined) {
      return node.rest === undefined
        ? unknownTag(state, node, grammar, next.result, steps)
        : otherTag(next, node, rest)
    }
    if (found.read === null) {
      return done(next, caseValue(node, found.node, undefined), next.index)
    }
    const end = found.read.p(next)
    return end.isError ? end : done(end, caseValue(node, found.node, end.result), end.index)
  })
}

/** Any other tag: the tag itself, or the name of the case, the tag and the fields that follow. */
const otherTag = (tag: State, { shape, rest }: ChoiceNode<ResolvedNode>, body: Reader | null): State => {
  if (body === null || typeof rest !== 'object' || shape._tag !== 'tagged') {
    return tag
  }
  const end = body.p(tag)
  return end.isError
    ? end
    : done(end, { [shape.key]: rest.name, [rest.key]: tag.result, ...(end.result as object) }, end.index)
}

const unknownTag = (
  state: State,
  node: ChoiceNode<ResolvedNode>,
  grammar: string,
  mark: unknown,
  path: ReadonlyArray<string>,
): State => {
  const expected = words.oneOfCases(node)
  const place = { grammar, offset: state.index, path, expected, actual: show(mark) }
  return refuse(state, 'UnknownTag', place)
}

const caseValue = (node: ChoiceNode<ResolvedNode>, found: CaseNode<ResolvedNode>, body: unknown): unknown => {
  switch (node.shape._tag) {
    case 'enum':
      return found.name
    case 'tagged':
      return body
    case 'option':
      return found === node.cases[0] ? none : some(found.body === undefined ? found.name : body)
  }
}

/** Counts the depth of recursion in the state's data, so that the limit does not depend on the stack. */
export const lazyReader = (target: () => Reader, grammar: string, { limits }: Settings): Reader => {
  let read: Reader | undefined
  return reader((state) => {
    read ??= target()
    const depth = state.data.depth + 1
    if (depth > limits.depth) {
      const place = { grammar, offset: state.index, actual: words.tooDeep(depth) }
      return refuseLimit(state, 'depth', limits.depth, place)
    }
    const next = read.p({ ...state, data: { ...state.data, depth } })
    return { ...next, data: state.data }
  })
}

export const imapReader = (
  node: ImapNode<ResolvedNode>,
  inner: Reader,
  grammar: string,
  { canonical, protocol }: Settings,
): Reader => {
  const { from, to } = viewOf(node)
  const before = bytesBefore(node.inner)
  return reader((state) => {
    const next = inner.p(state)
    if (next.isError) {
      return next
    }
    const place = { grammar, offset: state.index + before, actual: show(next.result) }
    const outer = from(next.result)
    if (isLeft(outer)) {
      return refuse(state, 'InvalidValue', { ...place, expected: outer.left })
    }
    if (canonical) {
      const back = to(outer.right)
      if (isLeft(back) || !sameValues(node.inner, protocol, back.right, next.result)) {
        const expected = isLeft(back) ? back.left : words.asWritten
        return refuse(state, 'NotCanonical', { ...place, expected })
      }
    }
    return done(next, outer.right, next.index)
  })
}

/** A value, and a copy of the bytes it was read from. */
export const spanReader = (inner: Reader): Reader =>
  reader((state) => {
    const next = inner.p(state)
    if (next.isError) {
      return next
    }
    const { buffer, byteOffset } = state.dataView
    const bytes = new Uint8Array(buffer, byteOffset + state.index, next.index - state.index).slice()
    return done(next, { value: next.result, bytes }, next.index)
  })
