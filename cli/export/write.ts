import type { Protocol } from '../../combinators/protocol.js'
import type { PathToAdd } from '../../stream/add-multiple-to-store.js'
import { writeExport } from '../../stream/export.js'
import { writeNario } from '../../stream/nario.js'

/** The versions of an export. */
export const exportVersions = ['1', '2'] as const

/** An export of some paths, each with its archive. */
export const written = (
  paths: AsyncIterable<PathToAdd>,
  version: (typeof exportVersions)[number],
  protocol: Protocol,
): AsyncGenerator<Uint8Array, void> =>
  version === '1' ? writeExport(withoutInfo(paths), { protocol }) : writeNario(paths, { protocol })

async function* withoutInfo(paths: AsyncIterable<PathToAdd>) {
  for await (const { info, nar } of paths) {
    const { references, deriver } = info.info
    yield { nar, info: { path: info.path, references, deriver } }
  }
}
