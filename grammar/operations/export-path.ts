import type { Grammar, TypeOf } from '../../combinators/node.js'
import { struct } from '../../combinators/structures/struct.js'
import { since } from '../../types/nix-gates.js'
import { Bool } from '../integers.js'
import { StorePath } from '../store-paths.js'
import { One, operation } from './operation.js'

const Request = struct('ExportPathRequest', { path: StorePath, sign: Bool })

/** The request of ExportPath. */
export interface ExportPathRequest extends TypeOf<typeof Request> {}

const request: Grammar<ExportPathRequest> = Request

/**
 * Requests a path as an item of an export, which the daemon sends in `Write` messages. Newer daemons ignore `sign`.
 *
 * Versions: all, up to Nix 2.31. Source: operations, ExportPath.
 */
export const ExportPath = operation({
  id: 16,
  name: 'ExportPath',
  summary: 'a path in the form of an export',
  status: 'removed',
  since: '1.2',
  until: '2.31',
  request,
  reply: One,
  streams: [{ gate: since('1.2'), direction: 'download', way: 'pushed', content: 'ExportPath' }],
})
