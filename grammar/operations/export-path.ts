import type { Grammar, TypeOf } from '../../combinators/node.js'
import { struct } from '../../combinators/structures/struct.js'
import { since } from '../../types/nix-gates.js'
import { Bool } from '../integers.js'
import { StorePath } from '../store-paths.js'
import { One, operation } from './operation.js'

const Request = struct('ExportPathRequest', { path: StorePath, sign: Bool })

/** What ExportPath is asked. */
export interface ExportPathRequest extends TypeOf<typeof Request> {}

const request: Grammar<ExportPathRequest> = Request

/**
 * Asks for a path in the form of an export stream's item, which the daemon pushes with `Write` messages. `sign` is
 * ignored by newer daemons.
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
