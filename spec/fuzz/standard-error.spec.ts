import { expect } from 'chai'
import { hasTraceback, tellingLine } from '../../fuzz/standard-error.js'

const python = 'Traceback (most recent call last):\n  File "decoder.py", line 3, in <module>\nKeyError: 7\n'
const rust =
  "thread 'main' panicked at decoder.rs:9:5:\nindex out of bounds\nnote: run with RUST_BACKTRACE=1\n"
const go = 'panic: out of range\n\ngoroutine 1 [running]:\nmain.main()\n\t/work/decoder.go:5 +0x1d\n'
const node = 'TypeError: no cup\n    at decode (/work/decoder.mjs:4:9)\n    at main (/work/decoder.mjs:9:1)\n'

describe('a failure in the standard error of a program', () => {
  it('is recognised: an uncaught exception or a panic, in four languages', () => {
    for (const stderr of [python, rust, go, node]) {
      expect(hasTraceback(`warning: cold tea\n${stderr}`), stderr).to.equal(true)
    }
    for (const stderr of ['', 'refused: at byte 7 (a length)\n', 'goroutine pool of 4\n', 'no Traceback\n']) {
      expect(hasTraceback(stderr), stderr).to.equal(false)
    }
  })

  it('is shown in one line: the exception, the place of the panic, or the last line', () => {
    expect([python, rust, go, node, 'a\nb\n\n', ''].map(tellingLine)).to.deep.equal([
      'KeyError: 7',
      "thread 'main' panicked at decoder.rs:9:5:",
      '/work/decoder.go:5 +0x1d',
      'TypeError: no cup',
      'b',
      '',
    ])
  })
})
