const telling = /panicked|ERROR: |Assertion|runtime error|^[\w.]*(Error|Exception)\b/

/**
 * The most informative line of a standard error: the place of a panic, an exception, or the last line; empty if there
 * is none.
 */
export const tellingLine = (stderr: string): string => {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  return (lines.find((line) => telling.test(line)) ?? lines.at(-1) ?? '').trim()
}

const traceback = /^Traceback \(most recent call last\)|panicked at|^goroutine \d+ \[|^\s+at \S+ \(.*:\d+/m

/** Whether a standard error contains the traceback of an uncaught exception or of a panic. */
export const hasTraceback = (stderr: string): boolean => traceback.test(stderr)
