const telling = /panicked|ERROR: |Assertion|runtime error|^[\w.]*(Error|Exception)\b/

/** The line of a standard error that says most: where it panics, what is thrown, or the last; empty if there is none. */
export const tellingLine = (stderr: string): string => {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  return (lines.find((line) => telling.test(line)) ?? lines.at(-1) ?? '').trim()
}
