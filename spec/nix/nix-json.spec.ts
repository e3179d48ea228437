import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { isSome, none } from 'fp-ts/lib/Option.js'
import type * as t from 'io-ts'
import { DerivationsJson, ListingJson, type NixJson, PathInfosJson } from '../../nix-json/index.js'
import { parseListingNode, parseNamedDerivation } from '../../store/index.js'
import { pack } from '../../stream/nar/index.js'
import { hashTo } from '../../types/index.js'
import { issueReporter } from '../../validation/index.js'
import { rightOf } from '../support/either.js'
import { describeReleases } from '../support/nix-releases.js'
import { describeWithNixStore, NixCommands } from '../support/nix-store.js'

const expression = (file: string): string => `
  let dep = derivation { name = "dep"; system = "x86_64-linux"; builder = "/bin/sh"; outputs = [ "out" "dev" ]; };
  in [
    (derivation { name = "tea"; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" "echo > $out" ];
      dep = dep.dev; src = ${file}; __structuredAttrs = true; numbers = [ 1 2.5 ]; })
    (derivation { name = "fixed"; system = "x86_64-linux"; builder = "/bin/sh"; outputHashMode = "recursive";
      outputHashAlgo = "sha256"; outputHash = "0000000000000000000000000000000000000000000000000000"; })
  ]`

const features = ['--option', 'experimental-features', 'nix-command']

const read = <A>(codec: t.Type<A, NixJson, unknown>, text: string): A => {
  const found = codec.decode(JSON.parse(text))
  expect(issueReporter.report(found)).to.deep.equal([])
  return rightOf(found)
}

describeWithNixStore('the JSON of real Nix', () => {
  let dir = ''

  before(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'nix-wire-json-')))
    writeFileSync(join(dir, 'leaves'), 'tea')
  })
  after(() => rmSync(dir, { recursive: true, force: true }))

  describeReleases('is read', ({ version, bin }) => {
    let nix: NixCommands
    const run = (command: string, ...args: ReadonlyArray<string>): string =>
      nix
        .run(bin === undefined ? command : join(bin, command), args)
        .toString()
        .trim()
    const under = () => ({ storeDir: nix.storeDir })
    const isNewest = version === '2.34'

    before(() => {
      nix = new NixCommands(join(dir, version), bin)
    })

    it('from nix path-info --json agrees with the store', () => {
      const path = run('nix-store', '--add', join(dir, 'leaves'))
      const drvs = run('nix-instantiate', '-E', expression(join(dir, 'leaves'))).split('\n')
      // Without --derivation, 2.8 shows the outputs of a derivation.
      const asked = version === '2.8' ? [[path], ['--derivation', ...drvs]] : [[path, ...drvs]]
      const formats = isNewest
        ? [
            ['--json-format', '1'],
            ['--json-format', '2'],
          ]
        : [[]]
      const codec = PathInfosJson.under(under())
      for (const format of formats) {
        const texts = asked.map((words) =>
          run('nix', ...features, 'path-info', '--json', ...format, '--closure-size', ...words),
        )
        const infos = new Map(texts.flatMap((text) => [...read(codec, text)]))
        expect([...infos.keys()]).to.have.members([path, ...drvs])
        for (const [each, info] of infos) {
          if (!isSome(info)) throw new Error(`${each} is not valid`)
          const { narHash, narSize, references, closureSize, ca } = info.value
          const said = run('nix-store', '--query', '--hash', each)
          expect(said).to.equal(`sha256:${hashTo('nix32', { algorithm: 'sha256', digest: narHash })}`)
          expect(String(narSize)).to.equal(run('nix-store', '--query', '--size', each))
          const referred = run('nix-store', '--query', '--references', each).split('\n')
          expect([...references]).to.have.members(referred.filter((reference) => reference !== ''))
          expect([isSome(closureSize), isSome(ca)]).to.deep.equal([true, true])
        }
        if (isNewest && format[1] === '2') {
          expect(codec.encode(infos)).to.deep.equal(JSON.parse(texts[0] ?? ''))
        }
      }
    })

    it('from nix path-info --json marks a path as not valid', () => {
      const drv = run('nix-instantiate', '-E', `builtins.elemAt (${expression(join(dir, 'leaves'))}) 1`)
      const output = run('nix-store', '--query', '--outputs', drv)
      const infos = read(PathInfosJson.under(under()), run('nix', ...features, 'path-info', '--json', output))
      expect([...infos]).to.deep.equal([[output, none]])
    })

    it('from nix derivation show agrees with the files of the derivations', () => {
      const drvs = run('nix-instantiate', '-E', expression(join(dir, 'leaves'))).split('\n')
      const words = version === '2.3' || version === '2.8' ? ['show-derivation'] : ['derivation', 'show']
      const text = run('nix', ...features, ...words, ...drvs)
      const codec = DerivationsJson.under(under())
      const shown = read(codec, text)
      expect([...shown.keys()]).to.have.members(drvs)
      for (const [path, { name, derivation }] of shown) {
        const bytes = new Uint8Array(readFileSync(path))
        expect(derivation).to.deep.equal(rightOf(parseNamedDerivation(bytes, name, under())))
      }
      if (isNewest) expect(codec.encode(shown)).to.deep.equal(JSON.parse(text))
    })

    it('from nix nar ls --json is read as a listing', async () => {
      const nar = join(dir, 'leaves.nar')
      const chunks: Array<Uint8Array> = []
      for await (const chunk of pack(join(dir, 'leaves'))) chunks.push(chunk)
      writeFileSync(nar, Buffer.concat(chunks))
      const words = version === '2.3' ? ['ls-nar'] : ['nar', 'ls']
      const text = run('nix', ...features, ...words, '--json', '--recursive', nar, '/')
      expect(read(ListingJson, text)).to.deep.equal(rightOf(parseListingNode(text)))
      expect(ListingJson.encode(read(ListingJson, text))).to.deep.equal(JSON.parse(text))
    })
  })
})
