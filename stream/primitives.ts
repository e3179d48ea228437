import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'
import type { Issue } from '../combinators/issue.js'
import type { Grammar } from '../combinators/node.js'
import { Input, type Plans, type Wire } from '../interpreters/compile/resumable.js'

/** One primitive of a message. */
export interface Primitive {
  readonly wire: Exclude<Wire, 'frame'>
  /** A number, or the content without length and padding. */
  readonly value: bigint | Uint8Array
  /** Its size in bytes. */
  readonly size: number
}

/** The primitives of a value that was just written: it is read with exactly the bytes it requests. */
export const primitivesOf = <A>(
  plans: Plans,
  grammar: Grammar<A>,
  bytes: Uint8Array,
): Either<Issue, ReadonlyArray<Primitive>> => {
  const input = new Input()
  const reading = plans.read(grammar, input)
  const starts: Array<{ readonly wire: Wire; readonly offset: number }> = []
  let fed = 0
  let read = reading.next()
  while (read === null) {
    if (fed >= bytes.length) {
      read = reading.end()
      break
    }
    const { wanted, missing } = reading
    if (starts.at(-1)?.offset !== wanted.offset) {
      starts.push(wanted)
    }
    input.append(bytes.subarray(fed, fed + missing))
    fed += missing
    read = reading.next()
  }
  if (isLeft(read)) {
    return read
  }
  return right(
    starts.flatMap(({ wire, offset }, i) =>
      primitivesIn(wire, bytes.slice(offset, starts[i + 1]?.offset ?? bytes.length)),
    ),
  )
}

const primitivesIn = (wire: Wire, bytes: Uint8Array): ReadonlyArray<Primitive> => {
  switch (wire) {
    case 'number':
      return [number(bytes)]
    case 'bytes':
    case 'text':
      return [{ wire, value: bytes.subarray(8, 8 + Number(numberIn(bytes))), size: bytes.length }]
    case 'raw':
      return [{ wire, value: bytes, size: bytes.length }]
    case 'frame': {
      const content = bytes.subarray(8)
      return content.length === 0
        ? [number(bytes)]
        : [number(bytes), { wire: 'raw', value: content, size: content.length }]
    }
  }
}

const numberIn = (bytes: Uint8Array): bigint =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true)

const number = (bytes: Uint8Array): Primitive => ({ wire: 'number', value: numberIn(bytes), size: 8 })
