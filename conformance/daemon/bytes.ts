import { isLeft } from 'fp-ts/lib/Either.js'
import { joined } from '../../bytes/joined.js'
import { showIssue } from '../../combinators/issue.js'
import type { Grammar } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { integerBytes, paddedContent } from '../../combinators/wire-bytes.js'
import { compile } from '../../interpreters/compile/index.js'

/** The bytes of a value that can be encoded. @throws Error for any other. */
export const encoded = <A>(grammar: Grammar<A>, protocol: Partial<Protocol>, value: A): Uint8Array => {
  const bytes = compile(grammar, protocol, { evaluate: false }).encode(value)
  if (isLeft(bytes)) {
    throw new Error(showIssue(bytes.left))
  }
  return bytes.right
}

export const numberBytes = (value: number | bigint): Uint8Array => integerBytes(BigInt(value))

export const textBytes = (text: string): Uint8Array => paddedContent(new TextEncoder().encode(text))

/** Content in frames of a size, and the frame that ends them. */
export const inFrames = (content: Uint8Array, size = content.length): Uint8Array => {
  const frames: Array<Uint8Array> = []
  for (let at = 0; at < content.length; at += size) {
    const frame = content.subarray(at, at + size)
    frames.push(numberBytes(frame.length), frame)
  }
  return joined([...frames, numberBytes(0)])
}
