import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { either as E, function as F, option as O } from 'fp-ts'
import { operations } from '../../grammar/index.js'
import { compile } from '../../index.js'
import {
  basicDerivationOf,
  Derivation,
  derivationPath,
  hashModulo,
  outputPaths,
  parseNamedDerivation,
  showStoreTextIssue,
  tasks,
  withFixedPaths,
} from '../../store/index.js'
import { type OutputName, StorePath, storePathHashOf } from '../../types/index.js'
import { issueOf, rightOf } from '../support/either.js'
import { describeWithShared, sharedPath } from '../support/shared.js'
import { realTexts } from './real-texts.js'

const none = () => O.none
const out = 'out' as OutputName
const leaf = (inputs = '', env = '') =>
  rightOf(Derivation.parse(`Derive([("out","","","")],[${inputs}],[],"a","b",[],[${env}])`))
const pathOf = (derivation: Derivation, name: string) => rightOf(derivationPath({ name, derivation }))

/** Finds among derivations by the paths that they have. */
const finding = (...all: ReadonlyArray<Derivation>) => {
  const byPath = new Map(all.map((each) => [pathOf(each, 'a'), each]))
  return (path: StorePath) => O.fromNullable(byPath.get(path))
}

describe('the hash of a derivation', () => {
  it('ignores its own output paths, also those in its environment', () => {
    const named = (path: string) =>
      rightOf(
        Derivation.parse(`Derive([("out","${path}","","")],[],[],"a","b",[],[("c","d"),("out","${path}")])`),
      )
    const hash = (derivation: Derivation) => rightOf(hashModulo(derivation, none)).hashes.get(out)
    const built = hash(named('/nix/store/2vixb94v0hy2xc6p7mbnxxcyc095yyia-a'))
    expect(built).to.deep.equal(hash(named('/nix/store/55lwldka5nyxa08wnvlizyqw02ihy8ic-a')))
    expect(built).not.to.deep.equal(hash(leaf('', '("out","")')))
  })

  it('is deferred after an output that is not known yet', () => {
    const floating = rightOf(Derivation.parse('Derive([("out","","r:sha256","")],[],[],"a","b",[],[])'))
    const impure = rightOf(Derivation.parse('Derive([("out","","r:sha256","impure")],[],[],"a","b",[],[])'))
    for (const first of [floating, impure]) {
      const second = leaf(`("${pathOf(first, 'a')}",["out"])`)
      const third = leaf(`("${pathOf(second, 'a')}",["out"])`)
      const find = finding(first, second)
      expect(rightOf(hashModulo(third, find)).deferred).to.equal(true)
      expect(rightOf(outputPaths({ name: 'a', derivation: third }, find))).to.deep.equal(
        new Map([[out, O.none]]),
      )
    }
    expect(rightOf(outputPaths({ name: 'a', derivation: floating }, none))).to.deep.equal(
      new Map([[out, O.none]]),
    )
  })

  it('is found through deep chains, and each derivation is looked up once', async () => {
    const chain = [leaf()]
    for (let depth = 1; depth < 3000; depth++) {
      const before = chain.slice(-2).map((each) => `("${pathOf(each, 'a')}",["out"])`)
      chain.push(leaf(before.join(',')))
    }
    const find = finding(...chain)
    let count = 0
    const counted = (path: StorePath) => {
      count++
      return find(path)
    }
    const last = chain.at(-1)!
    const hashes = rightOf(hashModulo(last, counted))
    expect(count).to.equal(chain.length - 1)
    const later = await tasks.hashModulo(last, async (path) => find(path))()
    expect(later).to.deep.equal(E.right(hashes))
  })

  it('is an issue if inputs are missing', () => {
    const path = '/nix/store/2vixb94v0hy2xc6p7mbnxxcyc095yyia-a.drv'
    const user = leaf(`("${path}",["out"])`)
    expect(issueOf(hashModulo(user, none)).expected).to.equal('a derivation that can be found')
    expect(issueOf(hashModulo(user, () => O.some(user))).expected).to.contain('made from itself')
    const dev = leaf(`("${path}",["dev"])`)
    expect(issueOf(hashModulo(dev, () => O.some(leaf()))).path).to.deep.equal(['inputDrvs', path])
  })

  describeWithShared('as Nix has it', () => {
    const folder = sharedPath('nix-json/examples/derivation/hash-modulo')
    const files = readdirSync(folder).filter((name) => name.endsWith('.drv') && !name.includes('modulo'))
    const read = (name: string) =>
      rightOf(Derivation.parse(new Uint8Array(readFileSync(`${folder}/${name}`))))
    const nameOf = (file: string) => file.replace(/-.*/, '')
    const find = (path: StorePath) => {
      const found = files.find((file) => pathOf(read(file), nameOf(file)) === path)
      return O.fromNullable(found === undefined ? undefined : read(found))
    }

    it('it counts two inputs with the same hash as one', () => {
      const parents = ['parent-joined.drv', 'parent-split.drv'].map((file) =>
        rightOf(hashModulo(read(file), find)),
      )
      expect(parents[0]).to.deep.equal(parents[1])
    })

    for (const name of ['intermediate-first', 'intermediate-second', 'parent-joined', 'parent-split']) {
      it(`of ${name} it is that of its text modulo`, () => {
        const { hashes, deferred } = rightOf(hashModulo(read(`${name}.drv`), find))
        const text = readFileSync(`${folder}/${name}-modulo.drv`)
        const digest = createHash('sha256').update(text).digest('hex')
        expect([...hashes.values()].map((hash) => hash.digest)).to.deep.equal([...hashes].map(() => digest))
        expect(deferred).to.equal(false)
      })
    }
  })
})

describeWithShared('the paths of real derivations', () => {
  /** Changed by others so that it has not the path of its name any more. */
  const changed = /^aaa|duplicate/
  for (const [file, bytes] of realTexts('drv')) {
    const [, hashPart, name] = /^([0-9a-z]{32})-(.*)\.drv$/.exec(file) ?? []
    if (hashPart === undefined || name === undefined || changed.test(file)) continue
    it(`${file} has its path`, () => {
      const derivation = rightOf(parseNamedDerivation(bytes, name))
      expect(storePathHashOf(pathOf(derivation, name))).to.equal(hashPart)
      if (derivation.inputDrvs.size === 0) {
        const paths = rightOf(outputPaths({ name, derivation }, none))
        for (const [output, path] of paths) {
          expect(path).to.deep.equal(O.some((derivation.outputs.get(output) as { path: string }).path))
        }
      }
    })
  }

  it('a fixed output at another path is rejected at its byte', async () => {
    const bytes = realTexts('drv').get('bad-ca-fixed-path.drv')!
    const issue = issueOf(parseNamedDerivation(bytes, 'fixed'))
    expect(issue.offset).to.equal(Buffer.from(bytes).indexOf('/nix/store'))
    expect(showStoreTextIssue(issue)).to.match(
      /^1:17: outputs\.out\.path: expected the path \/nix\/store\/\w{32}-fixed, got /,
    )
    expect(await tasks.parseNamedDerivation(bytes, 'fixed')()).to.deep.equal(E.left(issue))
  })
})

describe('BuildDerivation, strictly', () => {
  const file = (path: string) =>
    `Derive([("out","${path}","sha256",` +
    '"4fec236f3fbd3d0c47b893fdfa9122142a474f6ef66c20ffb6c0f4864dd591b6")],[],[],"builtin","a",[],[])'
  const right = '/nix/store/x9cyj78gzd1wjf0xsiad1pa3ricbj566-bash44-023'
  const request = (path: string) => ({
    drvPath: rightOf(StorePath.make('/nix/store/m5j1yp47lw1psd9n6bzina1167abbprr-bash44-023.drv')),
    drv: basicDerivationOf(rightOf(Derivation.parse(file(path)))),
    mode: 'Normal' as const,
  })
  const usual = compile(operations.BuildDerivation.request)
  const strict = compile(withFixedPaths(operations.BuildDerivation.request), {}, { profile: 'canonical' })

  it('accepts a fixed output only at its path', () => {
    const read = (path: string) =>
      F.pipe(
        usual.encode(request(path)),
        E.chain(strict.decode),
        E.map(({ mode }) => mode),
      )
    expect(read(right)).to.deep.equal(E.right('Normal'))
    const issue = issueOf(read(right.replace('x9c', 'x9d')))
    expect(issue._tag).to.equal('InvalidValue')
    expect(issue.expected).to.equal(`the path ${right} of the fixed output "out"`)
    expect(E.isLeft(strict.encode(request(right.replace('x9c', 'x9d'))))).to.equal(true)
  })
})
