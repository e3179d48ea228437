import { fileURLToPath } from 'node:url'
import { partsOf } from './bundle-parts.mjs'

export const dist = (path) => fileURLToPath(new URL(`dist/${path}`, import.meta.url))

/** Without one character above U+007F V8 keeps a source in one byte each, and is faster all along; comments have some. */
export const inAscii = {
  name: 'in-ascii',
  // Vite changes each chunk again when it renders it.
  enforce: 'post',
  generateBundle: (_, bundle) => {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type === 'chunk' && !chunk.code.includes('String.raw')) {
        chunk.code = chunk.code.replace(/[\u0080-\uffff]/g, escaped)
      }
    }
  },
}

const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Modules of which only what is used is taken; plain values come out of them, the same as of the reader's own. */
export const alias = [{ find: /^fp-ts\/lib\//, replacement: 'fp-ts/es6/' }]

/** How much a door counts that is opened by `import()`. */
const later = 0.3

/**
 * Groups the modules of a build into files. Doors are those that are given, and what is imported late. What a door gives is
 * a file of its own: in one with others it would have their names too.
 */
export const grouped = (doorsOf, withDynamic = true) => {
  let parts = null
  return (id, bundle) => {
    const infoOf = (each) => bundle.getModuleInfo(each)
    const own = (ids) => ids.filter((each) => infoOf(each)?.code != null)
    const importsOf = (each) => own(infoOf(each)?.importedIds ?? [])
    parts ??= partsOf(
      withDynamic
        ? withLate(doorsOf(), importsOf, (each) => own(infoOf(each)?.dynamicallyImportedIds ?? []))
        : doorsOf(),
      importsOf,
      (each) => infoOf(each).code.length,
    )
    return infoOf(id)?.isEntry ? null : (parts.get(id) ?? null)
  }
}

const withLate = (doors, importsOf, lateOf) => {
  const all = new Map(doors)
  const seen = new Set(doors.keys())
  for (const each of seen) {
    for (const other of lateOf(each)) {
      seen.add(other)
      all.set(other, all.get(other) ?? later)
    }
    for (const other of importsOf(each)) {
      seen.add(other)
    }
  }
  return all
}
