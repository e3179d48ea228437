import { cases } from './cases/index.js'
import { type Benchmark, brief, measure, patient } from './measure.js'
import { pollute } from './pollute.js'

/**
 * One benchmark in a process of its own, since an earlier one would affect the engine. With the name of a contestant,
 * only that one runs for a while, and the result is the growth of the process in MiB.
 */
const [id = '', patience, rounds, contestant] = process.argv.slice(2)

const report = (result: unknown): void => {
  if (process.send) {
    process.send(result)
  } else {
    console.log(JSON.stringify(result, null, 2))
  }
}

const growth = async ({ contestants }: Benchmark, name: string): Promise<number> => {
  const found = contestants.find((each) => each.name === name)
  if (found === undefined) {
    throw new Error(`${id}: no contestant is called ${name}`)
  }
  globalThis.gc?.()
  const before = process.memoryUsage.rss()
  let most = before
  for (let i = 0; i < 10; i++) {
    await found.run()
    most = Math.max(most, process.memoryUsage.rss())
  }
  return (most - before) / 2 ** 20
}

const make = cases[id]
if (make === undefined) {
  throw new Error(`no benchmark is called ${id}`)
}
if (contestant === undefined) {
  const isBrief = patience === 'brief'
  pollute(isBrief)
  const patienceOf = isBrief ? brief : patient
  report(await measure(make(), patienceOf(Number(rounds)), () => process.send?.('round')))
} else {
  report(await growth(make(), contestant))
}
