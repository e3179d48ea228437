import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import { promises } from '../../daemon/client.js'
import { serve } from '../../daemon/server.js'

describe('a connection over two streams', () => {
  it('ends for the other side too when it is closed', async () => {
    const [here, there] = duplexPair()
    async function* passing() {
      yield* here
    }
    const served = serve(there, { QueryAllValidPaths: () => [] })
    const client = await promises.connect({ readable: passing(), writable: here })
    expect(await client.promises.queryAllValidPaths()).to.deep.equal([])
    await client.close()
    expect(await served).to.deep.equal(right(undefined))
  })
})
