import { bundleSize } from './bundle-size.js'
import { narBenchmarks } from './nar.js'
import { pathInfos } from './path-infos.js'
import type { ProcessBenchmark } from './process-benchmark.js'
import { startUp } from './start-up.js'

export const processes: { readonly [id: string]: ProcessBenchmark } = Object.fromEntries(
  [...narBenchmarks, pathInfos, startUp, bundleSize].map((benchmark) => [benchmark.id, benchmark]),
)

export type { ProcessBenchmark } from './process-benchmark.js'
