import { expect } from 'chai'
import { showFieldPath, text } from '../../combinators/index.js'
import { describeLaws } from '../../laws/index.js'
import { Derivation, showStoreTextIssue } from '../../store/index.js'
import { issueOf, rightOf } from '../support/either.js'
import { describeWithShared } from '../support/shared.js'
import { realTexts } from './real-texts.js'

const file =
  'Derive([("dev","/nix/store/2vixb94v0hy2xc6p7mbnxxcyc095yyia-has-multi-out-lib","",""),' +
  '("out","/nix/store/0hm2f1psjpcwg8fijsmr4wwxrx59s092-bar","r:sha256",' +
  '"08813cbee9903c62be4c5027726a418a300da4500b2d369d3af9286f4815ceba")],' +
  '[("/nix/store/ss2p4wmxijn652haqyd7dckxwl4c7hxx-bar.drv",["out"])],' +
  '["/nix/store/8kh9rwg8fjrahlyycfn1k8k1mpxcpiv2-foofile"],":","/bin/sh",["-c","a\\nb\\\\"],' +
  '[("ä","\\"\\t\\r"),("name","foo")])'

const dynamic =
  'DrvWithVersion("xp-dyn-drv",[],[("/nix/store/c015dhfh5l0lp6wxyvdn7bmwhbbr6hr9-dep2.drv",' +
  '(["cat","dog"],[("cat",["kitten"]),("goose",([],[("egg",["chick"])]))]))],[],"a","b",[],[])'

const decoder = new TextDecoder()
const refusal = (data: string): string => showStoreTextIssue(issueOf(Derivation.parse(data)))

describe('a .drv file', () => {
  it('is read and printed', () => {
    const value = rightOf(Derivation.parse(file))
    expect([...value.outputs.keys()]).to.deep.equal(['dev', 'out'])
    expect(value.outputs.get('out' as never)).to.include({ _tag: 'CAFixed', method: 'NixArchive' })
    expect(value.args).to.deep.equal(['-c', 'a\nb\\'])
    expect(value.env.get('ä')).to.equal('"\t\r')
    expect(decoder.decode(rightOf(Derivation.print(value)))).to.equal(file)
  })

  it('may have inputs that are outputs of outputs', () => {
    const value = rightOf(Derivation.parse(dynamic))
    const [input] = [...value.inputDrvs.values()]
    expect([...input!.dynamic.keys()]).to.deep.equal(['cat', 'goose'])
    expect(decoder.decode(rightOf(Derivation.print(value)))).to.equal(dynamic)
  })

  it('is rejected at its byte', () => {
    // The change, the offset of the issue in the new text, and its field.
    const rows: ReadonlyArray<readonly [string, string, string, string]> = [
      ['Derive(', 'Derivation(', 'Derivation(', '(top level)'],
      ['("dev"', '("out"', '"out","/nix/store/0hm', 'outputs[1]'],
      ['("dev"', '("a*"', '*"', 'outputs[0]'],
      ['/nix/store/2vix', '/nix//store/2vix', '/nix//', 'outputs.dev.path'],
      ['-lib","",""', '-lib","","impure"', '"impure"', 'outputs.dev.hash'],
      ['r:sha256', 'r:sha1', '08813', 'outputs.out.hash'],
      ['-lib","",""', '-lib","r:sha256",""', '"/nix/store/2vix', 'outputs.dev.path'],
      ['"/nix/store/0hm2f1psjpcwg8fijsmr4wwxrx59s092-bar"', '""', '"","r:', 'outputs.out.path'],
      ['r:sha256', 'fixed:sha256', 'fixed:', 'outputs.out.hashAlgo'],
      ['08813c', '08813C', '08813C', 'outputs.out.hash'],
      [
        '["out"])]',
        '(["out"],[("a",["b"])]))]',
        '(["out"]',
        'inputDrvs./nix/store/ss2p4wmxijn652haqyd7dckxwl4c7hxx-bar.drv',
      ],
      [
        '["out"])]',
        '["out","out"])]',
        '"out"])]',
        'inputDrvs./nix/store/ss2p4wmxijn652haqyd7dckxwl4c7hxx-bar.drv[1]',
      ],
      [
        'foofile"',
        'foofile","/nix/store/8kh9rwg8fjrahlyycfn1k8k1mpxcpiv2-foofile"',
        '"/nix/store/8kh9rwg8fjrahlyycfn1k8k1mpxcpiv2-foofile"]',
        'inputSrcs[1]',
      ],
      ['"a\\nb', '"a\nb', '\nb', 'args[1]'],
      ['"a\\nb', '"\\a\\nb', '\\a', 'args[1]'],
      ['"ä"', '"name"', '"name","foo"', 'env[1]'],
      ['",["-c"', '", ["-c"', ' ["-c"', 'args'],
      ['",["-c"', '",[,"-c"', ',"-c"', 'args[0]'],
      ['"foo")])', '"foo")],[])', ',[])', '(top level)'],
    ]
    for (const [part, by, at, path] of rows) {
      expect(file).to.contain(part)
      const changed = file.replace(part, by)
      const issue = issueOf(Derivation.parse(changed))
      expect([part, issue.offset, showFieldPath(issue.path)]).to.deep.equal([
        part,
        Buffer.byteLength(changed.slice(0, changed.lastIndexOf(at))),
        path,
      ])
    }
    expect(refusal(dynamic.replace('xp-dyn-drv', 'xp-other'))).to.contain(
      '1:16: expected the version "xp-dyn-drv"',
    )
    expect(refusal(dynamic.replace('"egg",["chick"]', ''))).to.contain('inputDrvs')
    expect(refusal(file.replace('Derive(', 'DrvWithVersion("xp-dyn-drv",'))).to.contain(
      '1:16: expected outputs of outputs, which this version is for',
    )
  })

  it('may be nested up to a depth', () => {
    const nested = (depth: number) =>
      dynamic.replace('["chick"]', `${'([],[("a",'.repeat(depth)}["b"]${')])'.repeat(depth)}`)
    const value = rightOf(Derivation.parse(nested(62)))
    expect(decoder.decode(rightOf(Derivation.print(value)))).to.equal(nested(62))
    expect(refusal(nested(63))).to.contain('at most 64 levels')
    expect(refusal(nested(100_000))).to.contain('at most 64 levels')
  })

  it('is rejected if one rule is broken', () => {
    for (const whole of [file, dynamic]) {
      const value = rightOf(Derivation.parse(whole))
      const all = Derivation.broken(value)
      expect(all.length).to.be.above(30)
      for (const { rule, text: broken, offset, path } of all) {
        const issue = issueOf(Derivation.parse(broken))
        expect([rule, broken, issue.offset, issue.path]).to.deep.equal([rule, broken, offset, path])
      }
    }
  })

  describeLaws(text(Derivation.format))

  describeWithShared('of other programs', () => {
    const refused: ReadonlyMap<string, string> = new Map([
      [
        'bad-old-version-dyn-deps.drv',
        '1:68: inputDrvs./nix/store/c015dhfh5l0lp6wxyvdn7bmwhbbr6hr9-dep2.drv: expected "["',
      ],
      ['duplicate.drv', '1:245: env[3]: expected a key that was not there before'],
      ['unterminated-string.drv', '1:64: outputs.out.path: expected'],
      ['intermediate-first-modulo.drv', '1:47: inputDrvs[0]: expected "/nix/store/"'],
    ])
    for (const [name, bytes] of realTexts('drv')) {
      const expected = refused.get(name)
      it(`${name} is ${expected === undefined ? 'printed as the same bytes' : 'refused'}`, () => {
        const read = Derivation.parse(bytes)
        if (expected === undefined) {
          expect(rightOf(Derivation.print(rightOf(read)))).to.deep.equal(bytes)
        } else {
          expect(showStoreTextIssue(issueOf(read))).to.contain(expected)
        }
      })
    }
  })
})
