import { greatestOf } from '../combinators/greatest.js'
import type { AnyGrammar, ResolvedNode } from '../combinators/node.js'
import { nodesIn } from '../combinators/parts.js'
import type { Protocol } from '../combinators/protocol.js'
import { resolved } from '../combinators/resolved.js'
import type { TextPiece } from '../combinators/text-format.js'

const integer = (value: bigint): Uint8Array => {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, value, true)
  return bytes
}

const padded = (text: string): Uint8Array => {
  const content = Buffer.from(text)
  return Buffer.concat([integer(BigInt(content.length)), content, new Uint8Array(-content.length & 7)])
}

/** Numbers at which decoders often make mistakes. */
const everywhere: ReadonlyArray<readonly [string, Uint8Array]> = [
  ['zero', integer(0n)],
  ['one', integer(1n)],
  ['two', integer(2n)],
  ['max_u8', integer(255n)],
  ['above_u8', integer(256n)],
  ['max_u32', integer(2n ** 32n - 1n)],
  ['above_u32', integer(2n ** 32n)],
  ['above_exact', integer(2n ** 53n)],
  ['sign_bit', integer(2n ** 63n)],
  ['max_u64', integer(2n ** 64n - 1n)],
]

/** A dictionary for a fuzzer, one word in a line, in the format of AFL++ and libFuzzer: `name="\x01\x00"`. */
export const dictionaryOf = (grammar: AnyGrammar, given: Protocol): string => {
  const words = new Map<string, string>()
  const add = (name: string, bytes: Uint8Array): void => {
    const text = Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
    if (bytes.length <= 64 && ![...words.values()].includes(text)) {
      const base = name.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_|_$/g, '') || 'word'
      words.set(words.has(base) ? `${base}_${words.size}` : base, text)
    }
  }
  for (const [name, bytes] of everywhere) {
    add(name, bytes)
  }
  for (const node of nodesIn(resolved(grammar, given).node)) {
    collect(node, given, add)
  }
  return [...words].map(([name, text]) => `${name}="${text}"\n`).join('')
}

type Add = (name: string, bytes: Uint8Array) => void

const addPiece = (piece: TextPiece, { storeDir }: Protocol, add: Add): void => {
  switch (piece._tag) {
    case 'literal':
      add(`text_${piece.text}`, Buffer.from(piece.text))
      return
    case 'storeDir':
      add('store_dir', Buffer.from(`${storeDir}/`))
      return
    case 'oneOf':
      for (const text of piece.texts) {
        add(`text_${text}`, padded(text))
      }
      return
    case 'unless':
      for (const text of [...piece.whole, ...piece.starts]) {
        add(`not_${text}`, Buffer.from(text))
      }
      return
    case 'chars':
    case 'base64':
      return
  }
}

const mark = (name: string, value: unknown, add: Add): void => {
  add(name, typeof value === 'string' ? padded(value) : integer(BigInt(value as number | bigint)))
}

const collect = (node: ResolvedNode, given: Protocol, add: Add): void => {
  switch (node._tag) {
    case 'int':
      add('bound', integer(node.max))
      return
    case 'text':
      for (const piece of node.format?.pattern ?? []) {
        addPiece(piece, given, add)
      }
      return
    case 'struct':
      for (const { key, fixed } of node.fields) {
        if (fixed !== undefined && ['string', 'number', 'bigint'].includes(typeof fixed.value)) {
          mark(`fixed_${String(key)}`, fixed.value, add)
        }
      }
      return
    case 'choice':
      for (const { name, tag } of node.cases) {
        mark(`${node.name ?? 'tag'}_${name}`, tag, add)
      }
      if (typeof node.rest === 'object' && node.tag._tag === 'int') {
        mark(`${node.name ?? 'tag'}_${node.rest.name}`, greatestOf(node.tag), add)
      }
      return
    case 'until':
      mark('next', node.next, add)
      mark('end', node.end, add)
      return
    case 'bool':
    case 'bytes':
    case 'sequence':
    case 'pure':
    case 'lazy':
    case 'imap':
    case 'framed':
    case 'span':
      return
  }
}
