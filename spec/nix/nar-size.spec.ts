import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { none } from 'fp-ts/lib/Option.js'
import { connect } from '../../daemon/client.js'
import { AddMultipleInfo } from '../../grammar/add-multiple-to-store.js'
import type { ValidPathInfo } from '../../grammar/path-info.js'
import { compile } from '../../interpreters/index.js'
import { readAddMultiple } from '../../stream/add-multiple-to-store.js'
import { NARHash, StorePath, toBase16 } from '../../types/index.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import { rightOf } from '../support/either.js'
import { digest } from '../support/memory-store.js'
import { archive, file, u64le } from '../support/nar.js'
import { describeWithNix, type NixDaemon, startNixDaemon } from '../support/nix-daemon.js'

describeWithNix('a narSize other than that of the archive, with the real daemon', () => {
  let daemon: NixDaemon
  before(async () => {
    daemon = await startNixDaemon()
  })
  after(() => daemon?.stop())

  it('is rejected by both sides, and the right one is accepted', async () => {
    const protocol = { storeDir: daemon.storeDir }
    const nar = archive(file('x'.repeat(40)))
    const right = BigInt(nar.length)
    for (const [i, narSize] of [right, right - 8n, right + 8n, 0n, right - 1n, right + 1n].entries()) {
      const info: ValidPathInfo = {
        path: rightOf(
          StorePath.format.parse(
            `${daemon.storeDir}/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3${i}-sized`,
            nixProtocol(protocol),
          ),
        ),
        info: {
          deriver: none,
          narHash: rightOf(NARHash.make(toBase16(digest('sha256', nar)))),
          references: [],
          registrationTime: 0n,
          narSize,
          ultimate: false,
          signatures: [],
          ca: none,
        },
      }
      const bytes = Buffer.concat([u64le(1n), rightOf(compile(AddMultipleInfo, protocol).encode(info)), nar])
      const client = rightOf(await connect(daemon.socket, protocol)())
      const request = { repair: false, dontCheckSigs: true }
      const theirs = await client.addMultipleToStore(request, [bytes])()
      await client.close()
      const ours = await (async () => {
        for await (const _ of readAddMultiple([bytes], { protocol })) {
          // Read to the end.
        }
      })().then(
        () => 'read',
        () => 'refused',
      )
      expect(isLeft(theirs), `${narSize}: the daemon`).to.equal(narSize !== right)
      expect(ours, `${narSize}: the reader`).to.equal(narSize === right ? 'read' : 'refused')
    }
  })
})
