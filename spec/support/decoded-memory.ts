/**
 * Prints as JSON how many bytes a decoded value takes for each byte of its message, for each shape. In a process of its
 * own that was started with `--expose-gc`: a collection takes as long as the process keeps things, and a test run keeps
 * many.
 */
import { compile } from '../../interpreters/index.js'
import { shapes } from './decoded-shapes.js'
import { rightOf } from './either.js'

const held = (): number => {
  // Twice, since external memory is freed after its owner.
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const times = shapes.map(([, grammar, values]) => {
  const codec = compile(grammar)
  const bytes = rightOf(codec.encode(values() as never))
  codec.decode(bytes)
  const before = held()
  const decoded = codec.decode(bytes)
  const taken = held() - before
  rightOf(decoded)
  return taken / bytes.length
})
console.log(JSON.stringify(times))
