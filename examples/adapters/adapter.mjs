// A decoder that speaks the adapter protocol: node adapter.mjs
import { createInterface } from 'node:readline'
import { decode, encode, Refusal } from './decoder.mjs'

const describe = {
  adapter: 1,
  name: 'list',
  types: ['List<UInt64>'],
  can: ['decode', 'value', 'bytes', 'offset', 'encode'],
}

// JSON.parse and JSON.stringify round integers above 2^53, so their digits are read and written as text.
const integers = (line) => (/"value":\[([^\]]*)\]/.exec(line)?.[1].match(/\d+/g) ?? []).map(BigInt)

for await (const line of createInterface({ input: process.stdin })) {
  const { id, do: what, type, bytes } = JSON.parse(line)
  const answer = (fields) => console.log(`{"id":${id},${fields}}`)
  if (what === 'describe') {
    answer(JSON.stringify(describe).slice(1, -1))
  } else if (type !== 'List<UInt64>') {
    answer(`"skip":"only List<UInt64> is known"`)
  } else if (what === 'encode') {
    answer(`"bytes":"${encode(integers(line)).toString('base64')}"`)
  } else {
    try {
      const items = decode(Buffer.from(bytes, 'base64'))
      answer(`"accepts":true,"value":[${items}],"bytes":"${encode(items).toString('base64')}"`)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      answer(`"accepts":false,"offset":${error.offset},"message":${JSON.stringify(error.message)}`)
    }
  }
}
