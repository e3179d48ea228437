import fc from 'fast-check'
import { anyText } from './any-text.js'

/** Bytes that are almost UTF-8. */
export const nearUtf8: fc.Arbitrary<Uint8Array> = fc
  .tuple(anyText({ maxLength: 40 }), fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 3 }))
  .map(([text, changes]) => {
    const all = new TextEncoder().encode(text)
    for (const [at, byte] of changes) {
      if (at < all.length) {
        all[at] = byte
      }
    }
    return all
  })

/** Any UTF-16, lone surrogates too. */
export const anyUnits: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd800, max: 0xdfff })), {
    maxLength: 20,
  })
  .map((all) => String.fromCharCode(...all))

/** The result of the platform itself. */
export const isUtf8 = (all: Uint8Array): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(all)
    return true
  } catch {
    return false
  }
}
