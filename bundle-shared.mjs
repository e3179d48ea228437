import { fileURLToPath } from 'node:url'

export const dist = (path) => fileURLToPath(new URL(`dist/${path}`, import.meta.url))

/** Without one character above U+007F V8 keeps a source in one byte each, and is faster all along; comments have some. */
export const inAscii = {
  name: 'in-ascii',
  // Vite writes each chunk anew when it is rendered.
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

/** What groups the modules of a build into files, by {@link partsOf} of `bundle-parts.mjs`. */
export const grouped = (findParts) => {
  let parts = null
  return (id, bundle) => {
    const infoOf = (each) => bundle.getModuleInfo(each)
    parts ??= findParts(
      (each) => infoOf(each)?.importedIds.filter((other) => infoOf(other)?.code != null) ?? [],
      (each) => infoOf(each).code.length,
    )
    return parts.get(id) ?? null
  }
}
