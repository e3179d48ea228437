import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { describeWithNixStore, NixCommands } from '../support/nix-store.js'
import { projectPath } from '../support/shared.js'

/** What the flake takes of nixpkgs, which is far away: each builder gives back what it is given. */
const nixpkgs = `{
  outputs = _: {
    lib = {
      genAttrs = names: f: builtins.listToAttrs (map (name: { inherit name; value = f name; }) names);
      importJSON = file: builtins.fromJSON (builtins.readFile file);
      licenses.mit = { spdxId = "MIT"; };
    };
    legacyPackages = builtins.listToAttrs (map (system: {
      name = system;
      value = {
        nodejs_24 = { version = "24"; };
        importNpmLock = {
          __functor = _: { npmRoot }: { packages = builtins.fromJSON (builtins.readFile (npmRoot + "/package-lock.json")); };
          npmConfigHook = "hook";
        };
        buildNpmPackage = given: derivation {
          inherit system;
          name = "\${given.pname}-\${given.version}";
          builder = "/bin/sh";
        } // { inherit (given) meta; lockfile = given.npmDeps.packages.lockfileVersion; };
      };
    }) [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ]);
  };
}
`

describeWithNixStore('flake.nix', () => {
  let dir: string
  let nix: NixCommands

  before(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'nix-wire-flake-')))
    nix = new NixCommands(dir)
    for (const name of ['project', 'nixpkgs']) {
      mkdirSync(join(dir, name))
    }
    for (const file of ['flake.nix', 'package.json', 'package-lock.json']) {
      copyFileSync(projectPath(file), join(dir, 'project', file))
    }
    writeFileSync(join(dir, 'nixpkgs/flake.nix'), nixpkgs)
  })

  after(() => rmSync(dir, { recursive: true, force: true }))

  const flake = (...words: ReadonlyArray<string>): unknown =>
    JSON.parse(
      nix
        .run('nix', [
          '--extra-experimental-features',
          'nix-command flakes',
          ...words,
          '--override-input',
          'nixpkgs',
          `path:${join(dir, 'nixpkgs')}`,
          '--no-write-lock-file',
          '--json',
        ])
        .toString(),
    )

  const { version } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as {
    readonly version: string
  }

  it('has a package for Linux and macOS, on both kinds of processors', () => {
    const { packages } = flake('flake', 'show', `path:${join(dir, 'project')}`) as {
      readonly packages: Readonly<Record<string, { readonly default: { readonly name: string } }>>
    }
    expect(Object.keys(packages).sort()).to.deep.equal([
      'aarch64-darwin',
      'aarch64-linux',
      'x86_64-darwin',
      'x86_64-linux',
    ])
    for (const each of Object.values(packages)) {
      expect(each.default.name).to.equal(`nix-wire-${version}`)
    }
  })

  it('runs the command of package.json, with the locked dependencies', () => {
    const built = `path:${join(dir, 'project')}#packages.x86_64-linux.default`
    expect(flake('eval', `${built}.meta.mainProgram`)).to.equal('nix-wire')
    expect(flake('eval', `${built}.lockfile`)).to.equal(3)
    const { bin } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as {
      readonly bin: Readonly<Record<string, string>>
    }
    expect(Object.keys(bin)).to.deep.equal(['nix-wire'])
  })
})
