import { readFileSync } from 'node:fs'
import { sha256 } from '@noble/hashes/sha2.js'
import { expect } from 'chai'
import { either as E } from 'fp-ts'
import {
  contentAddressedPath,
  outputPath,
  placeholder,
  tasks,
  textPath,
  upstreamPlaceholder,
} from '../../store/index.js'
import { ContentAddress, contentAddressOf, type Hash, parseHash, StorePath } from '../../types/index.js'
import { issueOf, rightOf } from '../support/either.js'
import { describeWithShared, sharedPath } from '../support/shared.js'

const hash = (text: string): Hash => rightOf(parseHash(text))
const path = (base: string) => rightOf(StorePath.make(`/nix/store/${base}`))
const foo = 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo.drv'

describe('store paths computed', () => {
  // Files of other test suites, and Nix's own tests of placeholders.
  it('of fixed outputs, of a NAR and flat', () => {
    const nar = contentAddressOf(
      'NixArchive',
      hash('sha256:08813cbee9903c62be4c5027726a418a300da4500b2d369d3af9286f4815ceba'),
    )
    expect(contentAddressedPath({ name: 'bar', ca: nar })).to.deep.equal(
      E.right('/nix/store/4q0pg5zpfmznxscq3avycvf9xdvx50n3-bar'),
    )
    const flat = contentAddressOf(
      'Flat',
      hash('sha256:4fec236f3fbd3d0c47b893fdfa9122142a474f6ef66c20ffb6c0f4864dd591b6'),
    )
    expect(contentAddressedPath({ name: 'bash44-023', ca: flat })).to.deep.equal(
      E.right('/nix/store/x9cyj78gzd1wjf0xsiad1pa3ricbj566-bash44-023'),
    )
  })

  it('of placeholders', () => {
    expect(placeholder('out')).to.deep.equal(E.right('/1rz4g4znpzjwh1xymhjpm42vipw92pr73vdgl6xs1hycac8kf2n9'))
    expect(upstreamPlaceholder({ drvPath: path(foo), outputs: ['out'] })).to.deep.equal(
      E.right('/0c6rn30q4frawknapgwq386zq358m8r6msvywcvc89n6m5p2dgbz'),
    )
    expect(upstreamPlaceholder({ drvPath: path(`${foo}.drv`), outputs: ['out', 'out'] })).to.deep.equal(
      E.right('/0gn6agqxjyyalf0dpihgyf49xq5hqxgw100f0wydnj6yqrhqsb3w'),
    )
  })

  it('are the same with WebCrypto, and with a given SHA-256', async () => {
    const text = { name: 'letter.txt', contents: 'Dear reader', references: [path(foo)] }
    const expected = rightOf(textPath(text))
    expect(rightOf(await tasks.textPath(text)())).to.equal(expected)
    expect(rightOf(textPath(text, { sha256 }))).to.equal(expected)
    expect(rightOf(await tasks.placeholder('out')())).to.equal(rightOf(placeholder('out')))
    const upstream = { drvPath: path(`${foo}.drv`), outputs: ['out', 'out'] } as const
    expect(await tasks.upstreamPlaceholder(upstream)()).to.deep.equal(upstreamPlaceholder(upstream))
    const output = {
      name: 'hello',
      output: 'dev',
      hash: hash('sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='),
    }
    expect(await tasks.outputPath(output)()).to.deep.equal(outputPath(output))
    expect(rightOf(outputPath(output))).to.match(/-hello-dev$/)
    const fixed = { name: 'hello', ca: contentAddressOf('Flat', output.hash) }
    expect(await tasks.contentAddressedPath(fixed)()).to.deep.equal(contentAddressedPath(fixed))
  })

  it('use another store directory', () => {
    const at = (storeDir: string) => rightOf(textPath({ name: 'a', contents: '' }, { storeDir }))
    expect(at('/gnu/store')).to.match(/^\/gnu\/store\//)
    expect(at('/gnu/store').slice(-34)).not.to.equal(at('/nix/store').slice(-34))
    expect(() => at('nix/store')).to.throw(RangeError)
  })

  it('count references once, in any order', () => {
    const of = (references: ReadonlyArray<StorePath>) =>
      rightOf(textPath({ name: 'a', contents: 'b', references }))
    const [one, two] = [path(foo), path(`0${foo.slice(1)}`)]
    expect(of([one, two])).to.equal(of([two, one, two]))
    expect(of([one])).not.to.equal(of([]))
  })

  it('do not exist for combinations that no release makes', () => {
    const sha1 = hash('sha1:8067a60687a7562359337862c2a9ecfc5833ab0a')
    const sha256Hash = hash('sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=')
    const md5 = hash('md5:d41d8cd98f00b204e9800998ecf8427e')
    const refused = [
      [{ name: 'a', ca: contentAddressOf('Text', sha1) }, 'ca'],
      [{ name: 'a', ca: contentAddressOf('Text', sha256Hash), self: true }, 'self'],
      [{ name: 'a', ca: contentAddressOf('Git', md5) }, 'ca'],
      [{ name: 'a', ca: contentAddressOf('NixArchive', sha1), self: true }, 'self'],
      [{ name: 'a', ca: contentAddressOf('Flat', sha256Hash), references: [path(foo)] }, 'references'],
      [{ name: 'a b', ca: contentAddressOf('Flat', sha256Hash) }, 'name'],
    ] as const
    for (const [of, field] of refused) {
      expect(issueOf(contentAddressedPath(of)).path).to.deep.equal([field])
    }
    const wrong = { drvPath: path(foo.replace('.drv', '')), outputs: ['out'] } as const
    expect(issueOf(upstreamPlaceholder(wrong)).path).to.deep.equal(['drvPath'])
    expect(issueOf(placeholder('*')).path).to.deep.equal(['output'])
  })

  describeWithShared('of real narinfos', () => {
    const infoOf = (hashPart: string): ReadonlyMap<string, string> =>
      new Map(
        readFileSync(sharedPath('cases/store-texts/narinfo', `${hashPart}.narinfo`), 'utf8')
          .split('\n')
          .map((line) => line.split(': ') as [string, string]),
      )

    for (const hashPart of ['c0j2xd95yiaxwalbpvja947x0ivdbxkx', 'vz2lm27qmpxf30k82q2xnf544lcyflpa']) {
      it(hashPart, () => {
        const info = infoOf(hashPart)
        const name = info.get('StorePath')!.slice('/nix/store/'.length + 33)
        const references = info.get('References')!.split(' ').filter(Boolean).map(path)
        const ca = rightOf(ContentAddress.make(info.get('CA')!))
        expect(contentAddressedPath({ name, ca, references })).to.deep.equal(E.right(info.get('StorePath')))
      })
    }
  })
})
