import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { option as O } from 'fp-ts'
import {
  CacheInfo,
  contentAddressedPath,
  Derivation,
  derivationJson,
  derivationPath,
  NarInfo,
  outputPaths,
  PublicKey,
  parseNamedDerivation,
  parseSecretKey,
  sign,
  textPath,
  verify,
} from '../../store/index.js'
import {
  ContentAddress,
  contentAddressOf,
  hashTo,
  parseHash,
  RealisationByHash,
  StorePath,
  storePathNameOf,
} from '../../types/index.js'
import { rightOf } from '../support/either.js'
import { describeWithNixStore, NixCommands } from '../support/nix-store.js'
import { projectPath } from '../support/shared.js'

const expression = `
  let
    fetched = derivation { name = "fetched"; builder = "builtin:fetchurl"; system = "builtin"; url = "file:///x";
      outputHash = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="; outputHashMode = MODE; };
    lib = derivation { name = "lib"; builder = "/bin/sh"; system = "x86_64-linux"; outputs = [ "out" "dev" ];
      inherit fetched; text = builtins.toFile "letter.txt" "Dear reader"; };
  in derivation { name = "tea"; builder = "/bin/sh"; system = "x86_64-linux"; args = [ "-c" "echo \\"a\\tb\\" > $out" ];
    lib = lib.dev; other = lib; self = builtins.placeholder "out"; }
`

const newCommands = ['--option', 'extra-experimental-features', 'nix-command ca-derivations']

/** A derivation whose path follows from its content, and another one made from it. */
const floating = `
  let
    made = name: text: derivation { inherit name; builder = "/bin/sh"; system = builtins.currentSystem;
      args = [ "-c" "echo \${text} > $out" ];
      __contentAddressed = true; outputHashMode = "recursive"; outputHashAlgo = "sha256"; };
  in made "tea" (made "lib" "leaves")
`

interface Release {
  readonly title: string
  readonly bin: string
  /** Whether `derivation show` gives JSON of version 4, and files may be hashed as git does. */
  readonly isNewest: boolean
  /** Whether it has \`nix store sign\`, and derivations whose paths follow from their contents. */
  readonly isNew: boolean
}

const suiteOf = ({ title, bin, isNewest, isNew }: Release): void => {
  describeWithNixStore(`the texts of ${title}`, () => {
    let dir = ''
    let nix: NixCommands
    const run = (command: string, ...args: ReadonlyArray<string>): string =>
      nix.run(join(bin, command), args).toString().trim()
    const hashed = (...args: ReadonlyArray<string>): string => nix.run('nix-hash', args).toString().trim()
    const pathOf = (text: string) => rightOf(StorePath.under({ storeDir: nix.storeDir }).make(text))
    const options = () => ({ storeDir: nix.storeDir })
    const derivationAt = (path: string) =>
      rightOf(Derivation.parse(new Uint8Array(readFileSync(path)), options()))

    const keyOf = (name: string) => {
      const [file, publicFile] = [join(dir, `${name}.secret`), join(dir, `${name}.public`)]
      run('nix-store', '--generate-binary-cache-key', name, file, publicFile)
      const key = rightOf(parseSecretKey(readFileSync(file, 'utf8')))
      return { file, key, publicKey: rightOf(PublicKey.make(readFileSync(publicFile, 'utf8'))) }
    }

    before(() => {
      dir = realpathSync(mkdtempSync(join(tmpdir(), 'nix-wire-texts-')))
      nix = new NixCommands(dir)
    })
    after(() => rmSync(dir, { recursive: true, force: true }))

    for (const mode of ['"flat"', '"recursive"']) {
      it(`derivations and their outputs have the computed paths, with ${mode}`, () => {
        run('nix-instantiate', '-E', expression.replace('MODE', mode))
        const files = readdirSync(nix.storeDir).filter((name) => name.endsWith('.drv'))
        expect(files.length).to.be.above(2)
        for (const file of files) {
          const path = join(nix.storeDir, file)
          const bytes = new Uint8Array(readFileSync(path))
          const name = storePathNameOf(pathOf(path)).slice(0, -'.drv'.length)
          const derivation = rightOf(parseNamedDerivation(bytes, name, options()))
          expect(rightOf(Derivation.print(derivation, options()))).to.deep.equal(bytes)
          expect(rightOf(derivationPath({ name, derivation }, options()))).to.equal(path)
          const found = rightOf(
            outputPaths({ name, derivation }, (each) => O.some(derivationAt(each)), options()),
          )
          for (const [output, computed] of found) {
            expect(computed).to.deep.equal(O.some((derivation.outputs.get(output) as { path: string }).path))
          }
        }
      })
    }

    it('texts and files have the computed paths', () => {
      const letter = readdirSync(nix.storeDir).find((name) => name.endsWith('-letter.txt'))!
      expect(rightOf(textPath({ name: 'letter.txt', contents: 'Dear reader' }, options()))).to.equal(
        join(nix.storeDir, letter),
      )
      const file = join(dir, 'some-file')
      writeFileSync(file, 'some bytes')
      for (const algorithm of ['sha256', 'sha512', 'sha1', 'md5'] as const) {
        for (const [method, words] of [
          ['Flat', []],
          ['NixArchive', ['--recursive']],
        ] as const) {
          const path = run('nix-store', '--add-fixed', ...words, algorithm, file)
          const given = hashed(...(method === 'Flat' ? ['--flat'] : []), '--type', algorithm, file)
          const hash = rightOf(parseHash(given, algorithm))
          const ca = contentAddressOf(method, hash)
          expect(rightOf(contentAddressedPath({ name: 'some-file', ca }, options()))).to.equal(path)
          const base32 = hashed('--type', algorithm, '--to-base32', given)
          expect(hashTo('nix32', hash)).to.equal(base32)
        }
      }
    })

    it('signatures are the same as those of Nix, also over a copied cache', () => {
      const file = join(dir, 'some-file')
      const path = run('nix-store', '--add', file)
      const { file: secretFile, publicKey, key } = keyOf('test-1')
      expect(key.publicKey).to.equal(publicKey)
      const cache = join(dir, 'cache')
      run('nix', ...newCommands, 'copy', '--to', `file://${cache}?secret-key=${secretFile}`, path)
      const narinfo = readdirSync(cache).find(
        (name) => name.endsWith('.narinfo') && path.includes(name.slice(0, 32)),
      )!
      const bytes = new Uint8Array(readFileSync(join(cache, narinfo)))
      const info = rightOf(NarInfo.parse(bytes, options()))
      expect(rightOf(NarInfo.print(info, options()))).to.deep.equal(bytes)
      expect(info.text).to.deep.equal(O.none)
      expect(rightOf(verify(info, [publicKey], options())).map(({ is }) => is)).to.deep.equal(['good'])
      expect([rightOf(sign(info, key, options()))]).to.deep.equal(info.info.signatures)
      const cacheInfo = new Uint8Array(readFileSync(join(cache, 'nix-cache-info')))
      expect(rightOf(CacheInfo.print(rightOf(CacheInfo.parse(cacheInfo))))).to.deep.equal(cacheInfo)
    })

    if (isNew) {
      it('signatures are the same as those of `nix store sign`', () => {
        const greeting = join(dir, 'greeting')
        writeFileSync(greeting, 'Dear reader')
        const referred = run('nix-store', '--add', greeting)
        // Of a file without references, and of a text with one.
        const texts = 'builtins.toFile "letter" (builtins.toFile "other" "tea")'
        const referring = run('nix-instantiate', '--eval', '--read-write-mode', '-E', texts).replaceAll(
          '"',
          '',
        )
        const { file, publicKey, key } = keyOf('test-2')
        for (const path of [referred, referring]) {
          run('nix', ...newCommands, 'store', 'sign', '--key-file', file, path)
          const cache = join(dir, 'signed-cache')
          run('nix', ...newCommands, 'copy', '--to', `file://${cache}`, path)
          const name = `${path.slice(nix.storeDir.length + 1).slice(0, 32)}.narinfo`
          const info = rightOf(NarInfo.parse(new Uint8Array(readFileSync(join(cache, name))), options()))
          expect(info.info.references.length).to.equal(path === referring ? 1 : 0)
          expect(info.info.signatures).to.deep.equal([rightOf(sign(info, key, options()))])
          expect(rightOf(verify(info, [publicKey], options())).map(({ is }) => is)).to.deep.equal(['good'])
        }
      })

      it('realisations are signed as Nix signs its builds', () => {
        const { file, publicKey, key } = keyOf('test-3')
        const words = ['--option', 'builders', '', '--option', 'secret-key-files', file]
        run('nix', ...words, ...newCommands, 'build', '--no-link', '--impure', '--expr', floating)
        const shown = run(
          'nix',
          ...newCommands,
          'realisation',
          'info',
          '--json',
          '--impure',
          '--expr',
          floating,
        )
        const [json] = JSON.parse(shown) as ReadonlyArray<object>
        const realisation = rightOf(RealisationByHash.make(JSON.stringify(json)))
        expect(realisation.signatures).to.deep.equal([rightOf(sign(realisation, key, options()))])
        expect(rightOf(verify(realisation, [publicKey], options())).map(({ is }) => is)).to.deep.equal([
          'good',
        ])
      })
    }

    if (isNewest) {
      it('files and trees with git hashes have the computed paths', () => {
        const git = (...args: ReadonlyArray<string>): string =>
          run('nix', '--option', 'extra-experimental-features', 'nix-command git-hashing', ...args)
        const [file, tree] = [join(dir, 'for-git'), join(dir, 'tree-for-git')]
        writeFileSync(file, 'some bytes')
        mkdirSync(tree)
        writeFileSync(join(tree, 'leaf'), 'more bytes')
        for (const algorithm of ['sha1', 'sha256'] as const) {
          for (const each of [file, tree]) {
            const how = ['--mode', 'git'] as const
            const path = git('store', 'add', ...how, '--hash-algo', algorithm, '-n', 'from-git', each)
            const hash = git('hash', 'path', ...how, '--algo', algorithm, '--format', 'nix32', each)
            const ca = rightOf(ContentAddress.make(`fixed:git:${algorithm}:${hash}`))
            expect(rightOf(contentAddressedPath({ name: 'from-git', ca }, options()))).to.equal(path)
          }
        }
      })

      it('derivations have the same JSON as in Nix', () => {
        for (const file of readdirSync(nix.storeDir).filter((each) => each.endsWith('.drv'))) {
          const path = join(nix.storeDir, file)
          const shown = JSON.parse(run('nix', ...newCommands, 'derivation', 'show', path)) as {
            readonly derivations: { readonly [file: string]: unknown }
          }
          const name = storePathNameOf(pathOf(path)).slice(0, -'.drv'.length)
          const json = rightOf(derivationJson({ name, derivation: derivationAt(path) }))
          expect(JSON.parse(json)).to.deep.equal(shown.derivations[file])
        }
      })
    }
  })
}

suiteOf({ title: 'Nix 2.8', bin: '', isNewest: false, isNew: true })
for (const [suite, title] of [
  ['bullseye', 'Nix 2.3'],
  ['trixie', 'Nix 2.26'],
  ['sid', 'Nix 2.34'],
] as const) {
  const bin = projectPath('.nix-releases', suite, 'bin')
  if (existsSync(bin)) {
    suiteOf({ title, bin, isNewest: suite === 'sid', isNew: suite !== 'bullseye' })
  } else {
    it(`the texts of ${title}: not in .nix-releases/${suite}: run spec/support/install-nix.sh`)
  }
}
