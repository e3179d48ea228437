import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import fc from 'fast-check'
import { type Form, formOf, read } from '../../bytes/forms.js'
import { projectPath } from '../support/shared.js'

const recorded = new Uint8Array(readFileSync(projectPath('examples', 'messages', 'valid-path-info-1.34.bin')))
const textOf = (text: string): Uint8Array => new TextEncoder().encode(text)

const bytesIn = (text: string, form: Form): string => {
  const found = read(textOf(text), form)
  return found._tag === 'Read' ? Buffer.from(found.bytes).toString('hex') : found.problem
}

describe('the forms of an input', () => {
  it('are recognised', () => {
    const forms = {
      '': 'bytes',
      'hello, world': 'bytes',
      '02 00 00 00\n00 00 00 00': 'hex',
      DEADBEEF: 'hex',
      'AgAAAAAAAAA=': 'base64',
      'AgAAAA\nAAAAA_-': 'base64',
      '00000000: 0200 0000 0000 0000 0100 0000 0000 0000  ................\n': 'hex',
    }
    expect(Object.keys(forms).map((text) => formOf(textOf(text)))).to.deep.equal(Object.values(forms))
    expect(formOf(recorded)).to.equal('bytes')
  })

  it('give the same bytes as in Node, cut into lines or not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 77 }), (bytes, width) => {
        const buffer = Buffer.from(bytes)
        const lines = (text: string) => text.match(new RegExp(`.{1,${width}}`, 'g'))?.join('\r\n') ?? ''
        for (const [form, text] of [
          ['hex', buffer.toString('hex')],
          ['hex', buffer.toString('hex').toUpperCase()],
          ['base64', buffer.toString('base64')],
          ['base64', buffer.toString('base64url')],
        ] as const) {
          expect(bytesIn(lines(text), form)).to.equal(buffer.toString('hex'))
        }
      }),
    )
  })

  it('include what hexdump and xxd print', () => {
    const hexdump = execFileSync('od', ['-A', 'x', '-t', 'x1z', '-v'], { input: recorded }).toString()
    const canonical = hexdump.replace(/^([0-9a-f]{6}) /gm, '00$1  ').replace(/ {2}>(.*)<$/gm, '  |$1|')
    expect(formOf(textOf(canonical))).to.equal('hex')
    expect(bytesIn(canonical, 'hex')).to.equal(Buffer.from(recorded).toString('hex'))
    const xxd =
      '00000000: 0200 0000 0000 0000 6869 0a20 7c7c 3a00  ........hi. ||:.\n' +
      '00000010: 01ff                                     ..\n'
    expect(formOf(textOf(xxd))).to.equal('hex')
    expect(bytesIn(xxd, 'hex')).to.equal('020000000000000068690a207c7c3a0001ff')
  })

  it('report where a text is invalid', () => {
    expect(bytesIn('00 0g', 'hex')).to.equal('character 5 is not a hex digit')
    expect(bytesIn('000', 'hex')).to.equal('an odd number of hex digits')
    expect(bytesIn('AA=A', 'base64')).to.equal('character 3 is not a base64 digit')
    expect(bytesIn('00000000: 0200 0000 0000 0000  ........\nmore', 'hex')).to.equal(
      'line 2 is not one of a hex dump',
    )
  })
})
