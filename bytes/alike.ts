/** The words among those known that are nearly the given one, the nearest first: three at most. */
export const alike = (word: string, known: Iterable<string>): ReadonlyArray<string> => {
  const wanted = word.toLowerCase()
  return [...new Set(known)]
    .map((each) => ({ each, far: distance(each.toLowerCase(), wanted) }))
    .filter(({ each, far }) => far <= 2 || each.toLowerCase().includes(wanted))
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ each }) => each)
}

/** ` (did you mean …?)`, or nothing if no known word is near. */
export const didYouMean = (word: string, known: Iterable<string>): string => {
  const near = alike(word, known)
  return near.length === 0 ? '' : ` (did you mean ${near.join(' or ')}?)`
}

/** The number of letters that differ; words far longer than any of ours are not compared. */
const distance = (a: string, b: string): number => {
  if (Math.abs(a.length - b.length) > 20) {
    return 20
  }
  let before = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      row.push(Math.min((before[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (before[j - 1] ?? 0) + same))
    }
    before = row
  }
  return before[b.length] ?? 0
}
