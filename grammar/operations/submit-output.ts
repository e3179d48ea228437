import type { Grammar, TypeOf } from '../../combinators/node.js'
import { struct } from '../../combinators/structures/struct.js'
import { submitOutput } from '../features.js'
import { SingleDerivedPath } from '../single-derived-path.js'
import { OutputName } from '../store-paths.js'
import { One, operation } from './operation.js'

const Request = struct('SubmitOutputRequest', { path: SingleDerivedPath, output: OutputName })

/** The request of SubmitOutput. */
export interface SubmitOutputRequest extends TypeOf<typeof Request> {}

const request: Grammar<SubmitOutputRequest> = Request

/**
 * Sent from inside a build: what one of its outputs is.
 *
 * Versions: with the feature `submit-output`, on sockets of `builder-rpc-v0` only. Source: the reference implementation.
 */
export const SubmitOutput = operation({
  id: 1000,
  name: 'SubmitOutput',
  summary: 'submits an output of the running build',
  since: '1.38',
  gate: submitOutput,
  request,
  reply: One,
})
