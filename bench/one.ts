import { cases } from './cases/index.js'
import { measure } from './measure.js'
import { pollute } from './pollute.js'

/** One benchmark, in a process of its own: what ran before it would leave its marks on the engine. */
const [id, rounds] = process.argv.slice(2)
const benchmark = id === undefined ? undefined : cases[id]
if (benchmark === undefined) {
  throw new Error(`no benchmark ${id}`)
}
pollute()
const result = measure(benchmark(), Number(rounds), () => process.send?.('round'))
if (process.send) {
  process.send(result)
} else {
  console.log(JSON.stringify(result, null, 2))
}
