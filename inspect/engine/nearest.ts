/** The number of things, sorted by their start, that start at or before a byte. */
export const startedBy = (count: number, startOf: (index: number) => number, offset: number): number => {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >> 1
    if (startOf(middle) <= offset) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return low
}
