import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { decodeSession, eventJson, type SessionEvent } from '../../session/index.js'
import { describeWithShared, sharedPath } from '../support/shared.js'

const decoded = (name: string): ReadonlyArray<SessionEvent> => {
  const stream = (side: string) => readFileSync(sharedPath('cases', 'sessions', `${name}.${side}.bin`))
  return decodeSession(stream('client'), stream('server'))
}

/** What the client sent, each request as its JSON form. */
const requestsIn = (events: ReadonlyArray<SessionEvent>): string =>
  JSON.stringify(
    events.filter(({ kind }) => kind === 'operation').map((event) => eventJson(event)),
    (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
  )

describeWithShared('recorded sessions with bytes that are not UTF-8', () => {
  for (const name of ['latin1-store-add', 'latin1-derivation']) {
    it(`${name} is decoded to its end`, () => {
      const events = decoded(name)
      expect(events.filter(({ kind }) => kind === 'issue')).to.deep.equal([])
      expect(events.at(-1)).to.deep.equal({ kind: 'end', clientLeft: 0, serverLeft: 0 })
    })
  }

  it('keeps the name of an added file as bytes', () => {
    expect(requestsIn(decoded('latin1-store-add'))).to.include('"name":"D\\udcfcss"')
  })

  it('keeps the builder and the keys of the environment as bytes', () => {
    const requests = requestsIn(decoded('latin1-derivation'))
    expect(requests).to.match(/"builder":"[^"]*\\udcfc[^"]*"/)
    expect(requests).to.match(/"env":\{[^}]*"[^"]*\\udcfc[^"]*":/)
  })
})

describe('the JSON form of a message', () => {
  it('has the names that only Determinate Nix uses', () => {
    for (const type of ['HashMismatch', 'BuildResult', 'FetchToStore', 110] as const) {
      const message = { _tag: 'Result', id: 7n, type, fields: [] } as const
      expect(eventJson({ kind: 'message', message })).to.deep.include({
        message: { _tag: 'Result', id: 7n, type: typeof type === 'number' ? BigInt(type) : type, fields: [] },
      })
    }
  })
})
