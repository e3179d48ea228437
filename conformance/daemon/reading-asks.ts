import { isSome } from 'fp-ts/lib/Option.js'
import { holds, since } from '../../combinators/gate.js'
import type { Protocol } from '../../combinators/protocol.js'
import { type Ask, answered, ask, either, holdsExactly, options } from './ask.js'
import { absentPath, type Facts } from './facts.js'

/** Requests that change nothing. */
export const readingAsks = ({ storeDir, valid }: Facts, agreed: Protocol): ReadonlyArray<Ask> => {
  const absent = absentPath(storeDir)
  const there = valid ?? absent
  const isThere = valid !== null
  const part = there.slice(storeDir.length + 1, storeDir.length + 33)
  return [
    ask('IsValidPath', 'read', { path: there }, { is: (reply) => reply === isThere }),
    ask('IsValidPath', 'read', { path: absent }, { title: 'of none', is: (reply) => !reply }),
    ask('QueryReferrers', 'read', { path: there }),
    ask('QueryAllValidPaths', 'read', {}, { is: (all) => !isThere || all.includes(there) }),
    ask('QueryPathInfo', 'read', { path: there }, isThere ? { is: isSome } : { allows: either }),
    ask(
      'QueryPathInfo',
      'read',
      { path: absent },
      { title: 'of none', allows: either, is: (info) => !isSome(info) },
    ),
    ask(
      'QueryPathFromHashPart',
      'read',
      { hashPart: part },
      {
        is: (found) => (isSome(found) ? found.value === there : !isThere),
      },
    ),
    ask(
      'QueryPathFromHashPart',
      'read',
      { hashPart: '0'.repeat(32) },
      { title: 'of none', is: (found) => !isSome(found) },
    ),
    ask(
      'QueryValidPaths',
      'read',
      { paths: [...new Set([absent, there])].sort(), substitute: false },
      {
        is: (found) => holdsExactly(found, isThere ? [there] : []),
      },
    ),
    ask(
      'QueryValidPaths',
      'read',
      { paths: [], substitute: false },
      { title: 'of nothing', is: (found) => found.length === 0 },
    ),
    ask('QuerySubstitutablePaths', 'read', { paths: [] }, { is: (found) => found.length === 0 }),
    ask('QueryValidDerivers', 'read', { path: there }),
    ask(
      'QueryMissing',
      'read',
      { paths: isThere ? [{ _tag: 'Opaque', path: there }] : [] },
      {
        // Below 1.30 the path of a derivation stands for its outputs.
        is: ({ unknown, willBuild }) =>
          there.endsWith('.drv') || (unknown.length === 0 && willBuild.length === 0),
      },
    ),
    ask('QueryDeriver', 'read', { path: there }, { allows: isThere ? answered : either }),
    ask('QuerySubstitutablePathInfo', 'read', { path: there }, { allows: either }),
    ask('QuerySubstitutablePathInfos', 'read', { paths: new Map() }, { is: (infos) => infos.size === 0 }),
    ask('HasSubstitutes', 'read', { path: there }, { allows: either }),
    ask('QueryPathHash', 'read', { path: there }, { allows: isThere ? answered : either }),
    ask('QueryReferences', 'read', { path: there }, { allows: isThere ? answered : either }),
    ask(
      'NarFromPath',
      'read',
      { path: there },
      { allows: isThere ? answered : ['refused', 'refused and closed', 'closed'] },
    ),
    ask(
      'ExportPath',
      'read',
      { path: there, sign: false },
      { allows: isThere ? answered : ['refused', 'refused and closed'] },
    ),
    ask('FindRoots', 'read', {}),
    ask('SyncWithGC', 'read', {}),
    ask(
      'SetOptions',
      'read',
      options(holds(since('1.12'), agreed) ? new Map([['nix-wire-unknown', 'word']]) : new Map()),
    ),
    ask('QueryFailedPaths', 'read', {}),
    ask('Quit', 'read', {}),
  ]
}
