import { existsSync } from 'node:fs'
import { projectPath } from './shared.js'

/** A release of Nix whose commands are available. */
export interface NixRelease {
  readonly title: string
  /** Such as 2.8. */
  readonly version: '2.3' | '2.8' | '2.26' | '2.34'
  /** The folder of its commands; undefined for the installed ones. */
  readonly bin: string | undefined
}

const fromDebian = [
  ['2.3', 'bullseye'],
  ['2.26', 'trixie'],
  ['2.34', 'sid'],
] as const

/**
 * A suite for the installed Nix and for each of the other releases. A missing release is pending with the reason; in CI
 * it fails instead, except that of sid, which changes.
 */
export const describeReleases = (title: string, suite: (release: NixRelease) => void): void => {
  describe(`${title}: Nix 2.8`, () => suite({ title: 'Nix 2.8', version: '2.8', bin: undefined }))
  for (const [version, name] of fromDebian) {
    const bin = projectPath('.nix-releases', name, 'bin')
    describe(`${title}: Nix ${version}`, () => {
      if (existsSync(bin)) {
        suite({ title: `Nix ${version}`, version, bin })
        return
      }
      const reason = `Nix ${version} is not in .nix-releases/${name}: run spec/support/install-nix.sh`
      const fail = () => {
        throw new Error(reason)
      }
      it(reason, process.env.CI === 'true' && name !== 'sid' ? fail : undefined)
    })
  }
}
