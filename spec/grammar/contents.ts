import { isLeft } from 'fp-ts/lib/Either.js'
import { showIssue } from '../../combinators/issue.js'
import { type AnyGrammar, grammarOf } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { AddMultipleToStore } from '../../grammar/add-multiple-to-store.js'
import { ExportPath, ImportPaths } from '../../grammar/export.js'
import type { StreamContent } from '../../grammar/index.js'
import { Nar } from '../../grammar/nar.js'
import { compile } from '../../interpreters/compile/index.js'

const grammars: { readonly [C in Exclude<StreamContent, 'Log'>]: AnyGrammar } = {
  Nar,
  Dump: Nar,
  AddMultipleToStore,
  ExportPath,
  ImportPaths,
}

/** Goes through what a stream carries, and says where it ends. */
export const skipContent = (
  content: StreamContent,
  bytes: Uint8Array,
  from: number,
  given: Protocol,
): number => {
  if (content === 'Log') {
    return bytes.length
  }
  const result = compile(grammarOf<unknown>(grammars[content].node), given).decodeAt(bytes, from)
  if (isLeft(result)) {
    throw new Error(`${content}: ${showIssue(result.left)}`)
  }
  return result.right.next
}
