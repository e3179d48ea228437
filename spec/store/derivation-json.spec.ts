import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { Derivation, derivationJson } from '../../store/index.js'
import { issueOf, rightOf } from '../support/either.js'
import { describeWithShared, sharedPath } from '../support/shared.js'
import { realTexts } from './real-texts.js'

const json = (name: string, file: Uint8Array | string, version?: 3 | 4): unknown =>
  JSON.parse(
    rightOf(
      derivationJson(
        { name, derivation: rightOf(Derivation.parse(file)) },
        version === undefined ? {} : { version },
      ),
    ),
  )

describe('a derivation in JSON', () => {
  const fixed =
    'Derive([("out","/nix/store/4q0pg5zpfmznxscq3avycvf9xdvx50n3-bar","r:sha256",' +
    '"08813cbee9903c62be4c5027726a418a300da4500b2d369d3af9286f4815ceba")],' +
    '[("/nix/store/ss2p4wmxijn652haqyd7dckxwl4c7hxx-bar.drv",["out"])],[],":",":",[],[("__proto__","a")])'

  it('may be of version 3', () => {
    const { outputs, inputDrvs, inputSrcs, version } = json('bar', fixed, 3) as Record<string, unknown>
    expect({ outputs, inputDrvs, inputSrcs, version }).to.deep.equal({
      outputs: {
        out: {
          method: 'nar',
          hashAlgo: 'sha256',
          hash: '08813cbee9903c62be4c5027726a418a300da4500b2d369d3af9286f4815ceba',
        },
      },
      inputDrvs: { 'ss2p4wmxijn652haqyd7dckxwl4c7hxx-bar.drv': { dynamicOutputs: {}, outputs: ['out'] } },
      inputSrcs: [],
      version: 3,
    })
    expect(() => json('bar', fixed, 5 as never)).to.throw(TypeError, 'must be 3 or 4, not 5')
  })

  it('keeps every key of the environment', () => {
    const text = rightOf(derivationJson({ name: 'bar', derivation: rightOf(Derivation.parse(fixed)) }))
    expect(text).to.contain('"env":{"__proto__":"a"}')
  })

  it('is an issue for bytes that are not UTF-8, and for attributes that are not JSON', () => {
    const issue = (env: string) =>
      issueOf(
        derivationJson({
          name: 'bar',
          derivation: rightOf(Derivation.parse(`Derive([],[],[],"a","b",[],[(${env})])`)),
        }),
      )
    expect(issue('"a","\udcff"').path).to.deep.equal(['env', 'a'])
    expect(issue('"__json","[]"').path).to.deep.equal(['env', '__json'])
    expect(issue('"__json","{"').path).to.deep.equal(['env', '__json'])
  })

  describeWithShared('as Nix has it', () => {
    const folder = sharedPath('nix-json/examples/derivation')
    const real = realTexts('drv')
    const twins = [
      ['', 'simple-derivation', 'simple-derivation.drv'],
      ['', 'dyn-dep-derivation', 'dyn-dep-derivation.drv'],
      ['ia', 'advanced-attributes-defaults', 'advanced-attributes-defaults.drv'],
      [
        'ia',
        'advanced-attributes-structured-attrs-defaults',
        'advanced-attributes-structured-attrs-defaults.drv',
      ],
      ['ia', 'advanced-attributes-structured-attrs', 'advanced-attributes-structured-attrs.drv'],
      ['ca', 'advanced-attributes-defaults', 'nix-advanced-attributes-defaults.drv'],
      ['ca', 'advanced-attributes-structured-attrs', 'nix-advanced-attributes-structured-attrs.drv'],
    ] as const
    for (const [kind, name, file] of twins) {
      it(`${kind} ${name}`, () => {
        expect(json(name, real.get(file)!)).to.deep.equal(
          JSON.parse(readFileSync(`${folder}/${kind}/${name}.json`, 'utf8')),
        )
      })
    }

    for (const file of readdirSync(`${folder}/hash-modulo`).filter((name) =>
      /-(first|second|joined|split)\.json$/.test(name),
    )) {
      it(file, () => {
        const twin = readFileSync(`${folder}/hash-modulo/${file.replace('.json', '.drv')}`)
        expect(json(file.replace(/-.*/, ''), new Uint8Array(twin))).to.deep.equal(
          JSON.parse(readFileSync(`${folder}/hash-modulo/${file}`, 'utf8')),
        )
      })
    }
  })
})
