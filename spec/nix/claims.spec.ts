import { existsSync } from 'node:fs'
import { expect } from 'chai'
import { isNone } from 'fp-ts/lib/Option.js'
import { struct } from '../../combinators/index.js'
import { promises } from '../../daemon/client.js'
import { RemoteError } from '../../daemon/failure.js'
import { operation, operations, UInt64 } from '../../grammar/index.js'
import {
  describeWithNix,
  type NixDaemon,
  type NixDaemonOptions,
  startNixDaemon,
} from '../support/nix-daemon.js'
import { projectPath } from '../support/shared.js'
import { longest } from '../support/waiting.js'
import { rejection } from './suite/scene.js'

/** Asks with integers where the protocol has bools. */
const asking = {
  ...operations,
  VerifyStore: operation({
    ...operations.VerifyStore,
    request: struct('Integers', { checkContents: UInt64, repair: UInt64 }),
  }),
}

/** What this package says that releases do with a text or a bool, held against one of them. */
const describeClaims = (
  title: string,
  options: NixDaemonOptions,
  { checksSignatures }: { readonly checksSignatures: boolean },
): void => {
  describe(title, () => {
    let nix: NixDaemon
    before(async () => {
      nix = await startNixDaemon(options)
    })
    after(() => nix?.stop())

    const connected = async <A>(
      use: (client: Awaited<ReturnType<typeof connect>>) => Promise<A>,
    ): Promise<A> => {
      const client = await connect()
      try {
        return await use(client)
      } finally {
        await client.close()
      }
    }
    const connect = () =>
      promises.connect(nix.socket, {
        newest: '1.21',
        storeDir: nix.storeDir,
        timeout: longest,
        operations: asking,
      })

    it('rejects a bool of 2', async () => {
      await connected(async ({ promises: daemon }) => {
        expect(await daemon.verifyStore({ checkContents: 0n, repair: 0n })).to.equal(false)
        const refused = await rejection(daemon.verifyStore({ checkContents: 2n, repair: 0n }))
        expect(refused).to.be.an.instanceOf(RemoteError)
      })
    })

    it('reads a hash part and the name of an override that are not UTF-8', async () => {
      await connected(async ({ promises: daemon }) => {
        expect(isNone(await daemon.queryPathFromHashPart({ hashPart: `${'0'.repeat(31)}\udcfc` }))).to.equal(
          true,
        )
        await daemon.setOptions({
          keepFailed: false,
          keepGoing: false,
          tryFallback: false,
          verbosity: 'Error',
          maxBuildJobs: 1,
          maxSilentTime: 0,
          verboseBuild: false,
          buildCores: 1,
          useSubstitutes: false,
          overrides: new Map([['gr\udcfcn', 'gelb \udcfc']]),
        })
        expect(await daemon.verifyStore({ checkContents: 0n, repair: 0n })).to.equal(false)
      })
    })

    it('reads a name that is not UTF-8, and rejects it when it is used', async () => {
      await connected(async ({ promises: daemon }) => {
        const refused = await rejection(
          daemon.addTextToStore({ name: 'k\udcfcse', text: '\udcfc', references: [] }),
        )
        expect(refused).to.be.an.instanceOf(RemoteError)
      })
    })

    it(`${checksSignatures ? 'refuses' : 'keeps'} a signature of another form`, async () => {
      await connected(async ({ promises: daemon }) => {
        const path = await daemon.addTextToStore({ name: 'signed', text: '', references: [] })
        const added = daemon.addSignatures({ path, signatures: ['fake-sig-1'] })
        if (checksSignatures) {
          expect(await rejection(added)).to.be.an.instanceOf(RemoteError)
          return
        }
        await added
        const info = await daemon.queryPathInfo({ path })
        expect(info._tag === 'Some' && info.value.signatures).to.deep.equal(['fake-sig-1'])
      })
    })
  })
}

describeWithNix('the documented behaviour of releases', () => {
  describeClaims('Nix 2.8', {}, { checksSignatures: false })
})

describe('the documented behaviour of other releases', () => {
  const quick = 'fsync-metadata = false'
  const others = [
    ['Nix 2.3', 'bullseye', `build-hook = ${projectPath('spec/support/decline-hook.sh')}\n${quick}`, false],
    ['Nix 2.26', 'trixie', `builders =\n${quick}`, false],
    ['Nix 2.34', 'sid', `builders =\n${quick}`, true],
  ] as const
  for (const [title, suite, conf, checksSignatures] of others) {
    const bin = projectPath('.nix-releases', suite, 'bin')
    if (existsSync(bin)) {
      describeClaims(title, { bin, conf }, { checksSignatures })
    } else {
      it(`${title} is not in .nix-releases/${suite}: run spec/support/install-nix.sh`)
    }
  }
})
