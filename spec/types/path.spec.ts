import { expect } from 'chai'
import fc from 'fast-check'
import { Path } from '../../types/index.js'
import { guardsAgainstEverythingElse, obeysTheLaws } from './laws.js'
import { read, refuses } from './outcomes.js'

const paths = fc
  .string({ unit: 'grapheme' })
  .filter((text) => !text.includes('\0'))
  .map((text) => `/${text}` as Path)

describe('Path', () => {
  obeysTheLaws(Path.format, paths)
  guardsAgainstEverythingElse(Path)

  it('keeps the text as it is', () => {
    for (const text of ['/', '//a/../b/', '/\ufeffbom', '/käse 🧀\n']) expect(read(Path, text)).to.equal(text)
  })

  refuses(Path, [
    ['', 0, 'an absolute path'],
    ['a/b', 0, 'an absolute path'],
    ['~/x', 0, 'an absolute path'],
    ['\ufeff/x', 0, 'an absolute path'],
    ['/ä\0', 3, 'a path without NUL'],
    ['/ä\udc00', 3, 'whole Unicode characters'],
  ])
})
