import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { nixWire } from '../support/cli.js'
import { narInfoHead } from '../support/nar-info.js'
import { rawIn } from '../support/raw.js'

const info = `${narInfoHead}
References: ${'' /* it ends with a space */}
Sig: cache.nixos.org-1:NwwLds6UjG5WF/T3vdXjYKRMyd6HHx84XD/lOTgWY6tVOvlauyVmwYITFfhRrwtCnsa9GRkC6zCA10Tx+vHgAg==
`

const drv =
  'Derive([("out","/nix/store/x9cyj78gzd1wjf0xsiad1pa3ricbj566-bash44-023","sha256",' +
  '"4fec236f3fbd3d0c47b893fdfa9122142a474f6ef66c20ffb6c0f4864dd591b6")],[],[],"builtin","a\\n",["b"],' +
  '[("z","1"),("c","d")])'

// The seed and the public key of RFC 8032, 7.1, test 2.
const secret =
  'example-1:TM0Imyj/ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U+4pvs9QBfD6EOJWpK3CqdNG368nJgszy7ElozAzVXxKvRmDA=='
const publicKey = 'example-1:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw='

const run = async (words: ReadonlyArray<string>, stdin = '') => {
  const { exitCode, stdout, stderr } = await nixWire(words, stdin)
  return { exitCode, stdout: stdout.toString(), stderr }
}

describe('nix-wire narinfo', () => {
  let dir = ''
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-texts-'))
  })
  afterEach(() => {
    rmSync(dir, { recursive: true })
  })

  it('shows the fields of a narinfo', async () => {
    const { exitCode, stdout } = await run(['narinfo', 'show'], info)
    expect(exitCode).to.equal(0)
    expect(stdout).to.contain('NAR size     294304\n').and.to.contain('compression  xz\n')
    const shown = JSON.parse((await run(['narinfo', 'show', '-j'], info)).stdout)
    expect(shown.info.narSize).to.equal(294304)
    expect(shown).to.include({ compression: 'xz', fileSize: 294376 })
  })

  it('says where a narinfo is invalid', async () => {
    const { exitCode, stderr } = await run(['narinfo', 'show'], info.replace('294304', 'x'))
    expect([exitCode, stderr]).to.deep.equal([
      1,
      'nix-wire: -:7:10: info.narSize: expected a decimal number, got "x"\n',
    ])
  })

  it('verifies signatures', async () => {
    const good = await run(['narinfo', 'verify'], info)
    expect(good.exitCode).to.equal(0)
    expect(good.stdout).to.match(/^good {6}cache\.nixos\.org-1:Nww/)
    const wrong = await run(['narinfo', 'verify', '-j'], info.replace('294304', '294305'))
    expect(wrong.exitCode).to.equal(1)
    expect(JSON.parse(wrong.stdout)).to.include({ valid: false, contentAddressed: false })
    expect(wrong.stderr).to.contain('no good signature of /nix/store/c0j2')
    const unknown = await run(['narinfo', 'verify', '-k', publicKey], info)
    expect([unknown.exitCode, unknown.stdout.slice(0, 8)]).to.deep.equal([1, 'unknown '])
    expect((await run(['narinfo', 'verify', '-k', 'a:b'], info)).exitCode).to.equal(2)
  })

  it('needs no signature if the path follows from the content', async () => {
    const ca = 'CA: fixed:sha256:152dpxrsdw5rp0zi0h65p6q0a2hs076wbjpslj5hhqwnwphdpbsr\n'
    const words = ['narinfo', 'verify', '-k', publicKey]
    expect((await run(words, info + ca)).exitCode).to.equal(0)
    expect((await run(words, info + ca.replace(':152', ':052'))).exitCode).to.equal(1)
  })

  it('signs, and never prints the key', async () => {
    const keyFile = join(dir, 'secret.key')
    writeFileSync(keyFile, `${secret}\n`)
    const signed = await run(['narinfo', 'sign', '--key-file', keyFile], info)
    expect(signed.exitCode).to.equal(0)
    expect(signed.stdout).to.match(/^StorePath: .*\nSig: cache.*\nSig: example-1:.*\n$/s)
    expect((await run(['narinfo', 'verify', '-k', publicKey], signed.stdout)).exitCode).to.equal(0)
    writeFileSync(keyFile, secret.slice(0, -8))
    const refused = await run(['narinfo', 'sign', '--key-file', keyFile], info)
    expect(refused.exitCode).to.equal(1)
    expect(refused.stderr + refused.stdout).not.to.contain(secret.slice(10, 20))
    expect(refused.stderr).to.contain(`${keyFile} has no secret key: expected 64 bytes`)
  })

  it('never prints a key that is given in the wrong place, and says which one belongs there', async () => {
    const keyFile = join(dir, 'public.key')
    writeFileSync(keyFile, `${publicKey}\n`)
    const without = secret.split(':')[1]!
    for (const [words, expected] of [
      [['verify', '-k', secret], '--key takes a public key, but a secret one was given'],
      [['verify', '-k', `${secret}\n`], '--key takes a public key, but a secret one was given'],
      [['verify', '-k', without], 'the text of --key is not a public key'],
      [['verify', '-k', `a:*${without}`], 'the text of --key is not a public key'],
      [['verify', '-k', `a:${without.slice(4)}`], 'the text of --key is not a public key'],
      [['sign', '-k', secret], '--key-file takes the name of a file, but a secret key was given'],
      [
        ['sign', '-k', `${secret.slice(0, -6)}`],
        '--key-file takes the name of a file, but a secret key was given',
      ],
      [['sign', '-k', without], '--key-file takes the name of a file, but a secret key was given'],
      [['sign', '-k', keyFile], `${keyFile} has a public key, but signing takes a secret key`],
    ] as const) {
      const { exitCode, stdout, stderr } = await run(['narinfo', ...words], info)
      expect([exitCode, stdout]).to.deep.equal([
        (words as ReadonlyArray<string>).includes(keyFile) ? 1 : 2,
        '',
      ])
      expect(stderr).to.contain(expected)
      for (const at of [0, 8, 40, 70]) {
        expect(stderr).not.to.contain(without.slice(at, at + 8))
      }
    }
  })

  it('never prints a key that is given in place of a text', async () => {
    for (const words of [
      ['narinfo', 'show'],
      ['narinfo', 'verify'],
      ['drv', 'show'],
      ['drv', 'print'],
    ]) {
      for (const text of [secret, `${secret}\n`, secret.slice(0, -6)]) {
        const { exitCode, stdout, stderr } = await run(words, text)
        expect([exitCode, stdout]).to.deep.equal([1, ''])
        expect(stderr).to.contain('has a key, which is not shown')
        expect(stderr).not.to.contain(text.split(':')[1]!.slice(0, 8))
      }
    }
  })
})

describe('nix-wire drv', () => {
  it('shows the fields of a derivation, also as JSON', async () => {
    const { exitCode, stdout } = await run(['drv', 'show'], drv)
    expect(exitCode).to.equal(0)
    expect(stdout).to.contain('environment z="1"\n')
    const shown = JSON.parse((await run(['drv', 'show', '-j', '-n', 'bash44-023'], drv)).stdout)
    expect(shown).to.deep.include({ name: 'bash44-023', version: 4, args: ['b'] })
    const old = await run(['drv', 'show', '-j', '-n', 'bash44-023', '--json-version', '3'], drv)
    expect(JSON.parse(old.stdout)).to.deep.include({ version: 3, inputSrcs: [] })
    expect((await run(['drv', 'show', '-j'], drv)).exitCode).to.equal(2)
  })

  it('prints the canonical form, and the path', async () => {
    expect((await run(['drv', 'print'], drv)).stdout).to.equal(
      drv.replace('("z","1"),("c","d")', '("c","d"),("z","1")'),
    )
    const { path } = JSON.parse((await run(['drv', 'print', '-j', '-n', 'bash44-023'], drv)).stdout)
    const computed = await run(['path', 'compute', 'drv', 'bash44-023'], drv)
    expect(computed.stdout).to.equal(`${path}\n`)
  })

  it('checks the path of a fixed output if the name is known', async () => {
    const { exitCode, stderr } = await run(['drv', 'show', '-n', 'other'], drv)
    expect(exitCode).to.equal(1)
    expect(stderr).to.match(
      /^nix-wire: -:1:17: outputs\.out\.path: expected the path \/nix\/store\/\w{32}-other, /,
    )
  })

  it('prints no control characters', async () => {
    for (const words of [['show'], ['show', '-j', '-n', 'bash44-023'], ['print', '-j']]) {
      const { exitCode, stdout } = await run(['drv', ...words], drv.replace('"b"', '"\x1b[2J\x9b\u202e"'))
      expect([exitCode, rawIn(stdout)]).to.deep.equal([0, []])
    }
  })
})

describe('nix-wire hash convert', () => {
  it('prints a hash in another form', async () => {
    const sri = 'sha1-gGemBoenViNZM3hiwqns/Fgzqwo='
    const nix32 = await run(['hash', 'convert', '--to', 'nix32', sri])
    expect(nix32.stdout).to.equal('1amk6n7wxjlw4qkq6dcj6mm7hw3acrw0\n')
    const back = await run(['hash', 'convert', '--type', 'sha1', nix32.stdout.trim()])
    expect(back.stdout).to.equal(`${sri}\n`)
    const { base16, algorithm } = JSON.parse((await run(['hash', 'convert', '-j', sri])).stdout)
    expect([algorithm, base16]).to.deep.equal(['sha1', '8067a60687a7562359337862c2a9ecfc5833ab0a'])
    const wrong = await run(['hash', 'convert', 'sha1:x'])
    expect([wrong.exitCode, wrong.stderr]).to.deep.equal([
      2,
      'nix-wire: sha1:x is no hash: expected a sha1 digest of 40 base16, 32 nix32 or 28 base64 characters at position 6, got the end of the text\n',
    ])
  })
})

describe('nix-wire path compute', () => {
  it('computes paths', async () => {
    const rows: ReadonlyArray<readonly [ReadonlyArray<string>, string, string]> = [
      [['placeholder', 'out'], '', '/1rz4g4znpzjwh1xymhjpm42vipw92pr73vdgl6xs1hycac8kf2n9'],
      [
        [
          'fixed',
          '-m',
          'nar',
          'bar',
          'sha256:08813cbee9903c62be4c5027726a418a300da4500b2d369d3af9286f4815ceba',
        ],
        '',
        '/nix/store/4q0pg5zpfmznxscq3avycvf9xdvx50n3-bar',
      ],
      [['text', 'letter.txt'], 'Dear reader', '/nix/store/pz09lg0v68s5lqp4rgfwb99srv3i1xgc-letter.txt'],
    ]
    for (const [words, stdin, expected] of rows) {
      expect((await run(['path', 'compute', ...words], stdin)).stdout).to.equal(`${expected}\n`)
    }
    const json = await run(['path', 'compute', 'text', 'letter.txt', '-j'], 'Dear reader')
    expect(JSON.parse(json.stdout)).to.deep.equal({ path: rows[2]![2] })
  })

  it('rejects input for which there is no path', async () => {
    const name = await run(['path', 'compute', 'text', 'a b'])
    expect([name.exitCode, name.stderr.includes('name: expected')]).to.deep.equal([1, true])
    const reference = await run(['path', 'compute', 'text', 'a', '-r', '/tmp'])
    expect(reference.exitCode).to.equal(2)
    expect((await run(['path', 'compute', 'text', 'a', '-s', 'x'])).exitCode).to.equal(2)
  })
})
