/** How many inputs shrinking may try. */
const tries = 2000

/**
 * The smallest and plainest bytes found that still fail: pieces are left out, large ones first, and then bytes are set
 * to zero. It is done unless the most tries were reached.
 */
export const shrinkBytes = async (
  bytes: Uint8Array,
  fails: (bytes: Uint8Array) => Promise<boolean>,
): Promise<{ readonly bytes: Uint8Array; readonly isDone: boolean }> => {
  let best = bytes
  let left = tries
  const attempt = async (candidate: Uint8Array): Promise<boolean> => {
    if (left-- <= 0 || !(await fails(candidate))) {
      return false
    }
    best = candidate
    return true
  }
  for (let size = largestPiece(best.length); size >= 1; size = size > 8 ? size >> 1 : size - 7) {
    for (let at = 0; at < best.length && left > 0; ) {
      const without = Buffer.concat([best.subarray(0, at), best.subarray(at + size)])
      at += (await attempt(new Uint8Array(without))) ? 0 : size
    }
  }
  for (let at = 0; at < best.length && left > 0; at++) {
    if (best[at] !== 0) {
      const plain = best.slice()
      plain[at] = 0
      await attempt(plain)
    }
  }
  return { bytes: best, isDone: left > 0 }
}

/** Pieces are whole words, the unit of the format. */
const largestPiece = (length: number): number => {
  let size = 8
  while (size * 2 <= length / 2) {
    size *= 2
  }
  return size
}
