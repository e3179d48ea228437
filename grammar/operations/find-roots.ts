import { type Grammar, named, summarised, type TypeOf } from '../../combinators/node.js'
import { listOf } from '../../combinators/structures/sequence.js'
import { struct } from '../../combinators/structures/struct.js'
import { StorePath } from '../store-paths.js'
import { Text } from '../strings.js'
import { noArguments, operation } from './operation.js'

const Root = summarised('a link that keeps a path alive', struct('Root', { link: Text, path: StorePath }))

/** A garbage collector root: the link, and the path that it keeps alive. */
export interface Root extends TypeOf<typeof Root> {}

const root: Grammar<Root> = Root

/**
 * Asks for the roots of the garbage collector, in no order. `link` is a file path, or `{temp:PID}`, `/proc/…`,
 * `{lsof}`; for untrusted clients always `{censored}`, so that a link may come more than once: this is a list and no
 * map.
 *
 * Versions: all. Source: operations, FindRoots, which has a map.
 */
export const FindRoots = operation({
  id: 14,
  name: 'FindRoots',
  summary: 'what keeps paths from the garbage collector',
  since: '1.2',
  request: noArguments('FindRoots'),
  reply: named('FindRootsReply', listOf(root)),
  note: 'Untrusted clients see no links.',
})
