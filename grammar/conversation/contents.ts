import { left, right } from 'fp-ts/lib/Either.js'
import type { AnyGrammar, Node } from '../../combinators/node.js'
import { partsOf } from '../../combinators/parts.js'
import { u64 } from '../../combinators/primitives/int.js'
import { endOfFlow } from '../../conversation/delimiter.js'
import type { AnyFlow } from '../../conversation/flow.js'
import { agree } from '../../conversation/kinds/agree.js'
import { blob } from '../../conversation/kinds/blob.js'
import { branch } from '../../conversation/kinds/branch.js'
import { noted } from '../../conversation/kinds/labels.js'
import { again, loop } from '../../conversation/kinds/loop.js'
import { says } from '../../conversation/kinds/says.js'
import { nothing, sequence } from '../../conversation/kinds/sequence.js'
import type { Delimiter, Side } from '../../conversation/node.js'
import { ExportInfo } from '../export.js'
import { Size } from '../integers.js'
import { narSizeRule } from '../nar-size.js'
import { AddedPathInfo } from '../operations/dialects.js'
import type { AnyOperation, Stream, StreamContent } from '../operations/operation.js'

/** The delimiters for those uploads and downloads whose content says where it ends. */
export interface Contents {
  /** Finds the end of an archive. */
  readonly archive: Delimiter
}

type Given = Pick<Stream, 'content'> & Pick<AnyOperation, 'request'>

/** The content of an upload or a download; bytes without a form of their own have the key. */
export const contentOf = (
  { content, request }: Given,
  side: Side,
  key: string,
  contents: Contents,
): AnyFlow => {
  switch (content) {
    case 'Nar':
      return blob(side, key, contents.archive)
    case 'Dump':
      return dump(request, blob(side, key), blob(side, key, contents.archive))
    case 'Log':
      return blob(side, key)
    case 'AddMultipleToStore':
      return addedPaths(side, contents)
    case 'ExportPath':
      return exportedPath(side, contents)
    case 'ImportPaths':
      return exportedPaths(side, contents)
  }
}

/** The same as plain bytes, for a raw stream. */
export const rawOf = (given: Given, side: Side, key: string, contents: Contents): AnyFlow =>
  isMany(given.content)
    ? blob(side, key, endOfFlow(given.content, side, contentOf(given, side, key, contents)))
    : contentOf(given, side, key, contents)

const isMany = (content: StreamContent): boolean =>
  content === 'AddMultipleToStore' || content === 'ExportPath' || content === 'ImportPaths'

/**
 * The method of the request says whether it is a file or an archive. Determinate Nix has the method one level deeper.
 */
const dump = (request: AnyGrammar, file: AnyFlow, archive: AnyFlow): AnyFlow => {
  const place = [['method'], ['add', 'method']].find((fields) => hasField(request.node, fields))
  return place === undefined
    ? archive
    : branch(['request', ...place, '_tag'].join('.'), { Flat: file, Text: file }, archive)
}

const hasField = (node: Node, [field, ...deeper]: ReadonlyArray<string>): boolean => {
  if (field === undefined) {
    return true
  }
  if (node._tag === 'gated') {
    return partsOf(node).some((arm) => hasField(arm, [field, ...deeper]))
  }
  const found = node._tag === 'struct' ? node.fields.find(({ key }) => key === field) : undefined
  return found !== undefined && hasField(found.node, deeper)
}

const addedPaths = (side: Side, { archive }: Contents): AnyFlow =>
  sequence(
    says(side, 'count', Size),
    loop(
      'paths',
      sequence(
        says(side, 'added', AddedPathInfo),
        blob(side, 'nar', archive),
        noted(
          'the archive has as many bytes as its info announces',
          agree('narSize', { added: AddedPathInfo, nar: 'size' }, side, ({ added, nar }) => {
            const { narSize } = added.info.info
            return narSize === BigInt(nar) ? right({}) : left(narSizeRule(narSize))
          }),
        ),
      ),
      { times: 'count' },
    ),
  )

const exportedPath = (side: Side, { archive }: Contents): AnyFlow =>
  sequence(blob(side, 'nar', archive), says(side, 'exportInfo', ExportInfo))

const exportedPaths = (side: Side, contents: Contents): AnyFlow =>
  loop(
    'paths',
    sequence(
      says(side, 'mark', u64),
      branch('mark', {
        path: [1n, sequence(exportedPath(side, contents), again('paths'))],
        end: [0n, nothing],
      }),
    ),
  )
