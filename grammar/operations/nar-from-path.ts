import { since } from '../../types/nix-gates.js'
import { byPath, Nothing, operation } from './operation.js'

/**
 * Asks for a path as a Nix archive.
 *
 * The archive stands where a reply would, as it is: no length in front, no frames. It ends itself. The daemon says `Last`
 * before it looks for the path: where that fails, an error message stands in the archive's place or in the middle of it,
 * and the connection is of no more use.
 *
 * Versions: 1.17 and above. Source: operations, NarFromPath.
 */
export const NarFromPath = operation({
  id: 38,
  name: 'NarFromPath',
  summary: 'the NAR of a path',
  since: '1.17',
  request: byPath('NarFromPath'),
  reply: Nothing,
  streams: [{ gate: since('1.17'), direction: 'download', way: 'raw', content: 'Nar' }],
  note: 'Errors come after Last, in the archive.',
})
