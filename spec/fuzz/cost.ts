import { getHeapStatistics } from 'node:v8'
import { processorTime } from '../support/processor-time.js'

// Decoding inputs as short as these takes far less.
const mostMilliseconds = 300
const mostMemory = 16 * 2 ** 20

const memory = (): number => {
  const { used_heap_size, external_memory } = getHeapStatistics()
  return used_heap_size + external_memory
}

const costOf = (work: () => void): readonly [milliseconds: number, memory: number] => {
  const before = memory()
  const milliseconds = processorTime(work)
  // The time of the garbage collector is subtracted.
  return [milliseconds, memory() - before]
}

/**
 * Does some work, and fails if that takes too much processor time or memory. It measures the processor's time, since
 * the machine may be busy; but the compiler and the collector count too, so work that seems too expensive is repeated
 * twice: it fails if all three are too expensive.
 */
export const cheaply = (work: () => void): void => {
  const least: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let turn = 0; turn < 3 && (least[0] > mostMilliseconds || least[1] > mostMemory); turn++) {
    const [milliseconds, bytes] = costOf(work)
    least[0] = Math.min(least[0], milliseconds)
    least[1] = Math.min(least[1], bytes)
  }
  if (least[0] > mostMilliseconds) {
    throw new Error(`it takes the processor ${Math.round(least[0])} ms`)
  }
  if (least[1] > mostMemory) {
    throw new Error(`it takes ${Math.round(least[1] / 2 ** 20)} MiB of memory`)
  }
}
