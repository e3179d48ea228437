import { isLeft } from 'fp-ts/lib/Either.js'
import type { Issue } from '../../combinators/issue.js'
import type { AnyGrammar, Grammar } from '../../combinators/node.js'
import { valueAt } from '../../conversation/machine/scope.js'
import type { BlobNode, BranchNode, Label, SaysNode } from '../../conversation/node.js'
import { Input, type Plans } from '../compile/resumable.js'

/**
 * What a reader expects at a byte. How it reads other bytes there follows from the grammars and delimiters alone,
 * without an observer.
 */
export type Reads =
  | {
      readonly _tag: 'word'
      readonly node: SaysNode
      readonly plans: Plans
      readonly most: number | null
      /** The branch that it decides. */
      readonly branch: BranchNode | null
      /** Whether another value would lead to an unknown continuation. */
      readonly decides: boolean
    }
  | { readonly _tag: 'blob'; readonly node: BlobNode; readonly plans: Plans }
  | { readonly _tag: 'frames'; readonly key: string; readonly length: AnyGrammar; readonly plans: Plans }
  | { readonly _tag: 'end' }
  | { readonly _tag: 'unknown' }

/** What is wrong, with the offset from the first byte; or how much was taken, and whether it is known how it goes on. */
export type Outcome =
  | { readonly _tag: 'refused'; readonly issue: Pick<Issue, '_tag' | 'offset' | 'path'> }
  | { readonly _tag: 'taken'; readonly size: number; readonly isKnown: boolean }

const refused = (_tag: Issue['_tag'], offset: number, path: Issue['path']): Outcome => ({
  _tag: 'refused',
  issue: { _tag, offset, path },
})

/** Reads the bytes; nothing comes after the last one. */
export const outcomeOf = (reads: Reads, bytes: Uint8Array): Outcome => {
  switch (reads._tag) {
    case 'word':
      return ofWord(reads, bytes)
    case 'blob':
      return ofBlob(reads.node, reads.plans, bytes)
    case 'frames':
      return ofFrames(reads, bytes)
    case 'end':
      return bytes.length === 0 ? { _tag: 'taken', size: 0, isKnown: true } : refused('TrailingBytes', 0, [])
    case 'unknown':
      return { _tag: 'taken', size: 0, isKnown: false }
  }
}

interface Value {
  readonly value: unknown
  readonly size: number
}

/** One value and its length, or the issue. */
const readValue = (plans: Plans, grammar: AnyGrammar, bytes: Uint8Array): Value | Issue => {
  const input = new Input()
  input.open(bytes, 0)
  const reading = plans.read(grammar as Grammar<unknown>, input)
  const result = reading.next() ?? reading.end()
  return isLeft(result) ? result.left : { value: result.right, size: input.offset }
}

const ofWord = (
  { node, plans, most, branch, decides }: Extract<Reads, { readonly _tag: 'word' }>,
  bytes: Uint8Array,
): Outcome => {
  const read = readValue(plans, node.grammar, bytes)
  if ('_tag' in read) {
    return refused(read._tag, read.offset, [node.key, ...read.path])
  }
  const { value, size } = read
  if (most !== null && ((value as { readonly length?: number }).length ?? 0) > most) {
    return refused('LimitExceeded', 0, [node.key])
  }
  const isCase =
    branch === null || branch.otherwise !== null || branch.cases.has(valueAt(value, branch.on) as Label)
  return isCase ? { _tag: 'taken', size, isKnown: !decides } : refused('UnknownTag', 0, branch.on)
}

const ofBlob = ({ key, delimiter }: BlobNode, plans: Plans, bytes: Uint8Array): Outcome => {
  if (delimiter === null) {
    return { _tag: 'taken', size: bytes.length, isKnown: true }
  }
  const delimiting = delimiter.open(0, plans.protocol)
  const step = bytes.length === 0 ? { used: 0, over: false } : delimiting.push(bytes)
  const issue = '_tag' in step ? step : step.over ? null : delimiting.finish()
  return issue === null
    ? { _tag: 'taken', size: (step as { readonly used: number }).used, isKnown: true }
    : refused(issue._tag, issue.offset, [key, ...issue.path])
}

const ofFrames = (
  { key, length, plans }: Extract<Reads, { readonly _tag: 'frames' }>,
  bytes: Uint8Array,
): Outcome => {
  for (let at = 0; ; ) {
    const read = readValue(plans, length, bytes.subarray(at))
    if ('_tag' in read) {
      return refused(read._tag, at + read.offset, [key, ...read.path])
    }
    const body = at + read.size
    if (Number(read.value) === 0) {
      // The content of the frames may be invalid too.
      return { _tag: 'taken', size: body, isKnown: false }
    }
    if (body + Number(read.value) > bytes.length) {
      return refused('UnexpectedEnd', at, [key])
    }
    at = body + Number(read.value)
  }
}
