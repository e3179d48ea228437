import type { Grammar, TypeOf } from '../../combinators/node.js'
import { struct } from '../../combinators/structures/struct.js'
import { since } from '../../types/nix-gates.js'
import { BaseStorePath } from '../store-paths.js'
import { One, operation } from './operation.js'

const Request = struct('AddBuildLogRequest', { drvPath: BaseStorePath })

/** The request of AddBuildLog. */
export interface AddBuildLogRequest extends TypeOf<typeof Request> {}

const request: Grammar<AddBuildLogRequest> = Request

/**
 * Adds the log of a derivation's build. The derivation is named by its base name; the text follows in frames.
 *
 * Versions: 1.32 and above. A daemon that does not trust the client answers an error and leaves the frames unread: it
 * reads them as operations next. Source: operations, AddBuildLog.
 */
export const AddBuildLog = operation({
  id: 45,
  name: 'AddBuildLog',
  summary: 'adds the log of a build',
  since: '1.32',
  request,
  reply: One,
  streams: [{ gate: since('1.32'), direction: 'upload', way: 'framed', content: 'Log', unread: true }],
  trust: 'trusted',
})
