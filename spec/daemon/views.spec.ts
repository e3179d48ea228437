import { expect } from 'chai'
import { Views } from '../../daemon/proxy/views.js'
import type { SessionEvent } from '../../session/index.js'
import { ScriptedSession, somePath } from '../support/scripted-session.js'
import { until } from '../support/waiting.js'

const session = new ScriptedSession({ version: '1.34' })
  .number('client', 1)
  .text('client', somePath)
  .error('no').bytes

/** The view of a connection, as it comes. */
const viewer = (onEvent: (event: SessionEvent) => void = () => undefined) => {
  const events: Array<string> = []
  const failures: Array<string> = []
  return {
    events,
    failures,
    onEvent: (event: SessionEvent) => {
      onEvent(event)
      events.push(event.kind)
    },
    onPending: () => undefined,
    onFailure: (error: Error) => {
      failures.push(error.message)
    },
  }
}

const whole = ['handshake', 'operation', 'end']

describe('a view of the traffic', () => {
  it('comes after the traffic, and is awaited at the end', async () => {
    const told = viewer()
    const view = new Views({}, 2 ** 20).open(told)
    view.push('client', session.client, 0)
    view.push('server', session.server, 0)
    view.push('client', 'closed', 0)
    view.push('server', 'closed', 0)
    expect(told.events).to.deep.equal([])
    await view.caughtUp()
    expect(told.events).to.deep.equal(whole)
    await view.caughtUp()
  })

  it('is the same whatever other views there are, each connection in turn', async () => {
    const views = new Views({}, 2 ** 20)
    const order: Array<number> = []
    const all = [0, 1, 2].map((i) => {
      const told = viewer(() => order.push(i))
      return { told, view: views.open(told) }
    })
    for (const { view } of all) {
      for (const byte of session.client) {
        view.push('client', Uint8Array.of(byte), 0)
      }
      view.push('server', session.server, 0)
      view.push('client', 'closed', 0)
      view.push('server', 'closed', 0)
    }
    await Promise.all(all.map(({ view }) => view.caughtUp()))
    expect(all.map(({ told }) => told.events)).to.deep.equal([whole, whole, whole])
    expect(order.slice(0, 3)).to.have.members([0, 1, 2])
  })

  it('ends if too much waits, for the connection with the most, which is told', async () => {
    const views = new Views({}, 200_000)
    const [large, small] = [viewer(), viewer()]
    const [largeView, smallView] = [views.open(large), views.open(small)]
    smallView.push('client', session.client, 0)
    largeView.push('client', session.client, 0)
    largeView.push('server', Buffer.concat([session.server, Buffer.alloc(150_000)]), 0)
    smallView.push('server', session.server, 0)
    expect(large.failures).to.deep.equal([])
    largeView.push('server', new Uint8Array(150_000), 0)
    expect(large.failures).to.deep.equal([
      'its conversation is no longer shown: the display was 200000 bytes behind',
    ])
    await largeView.caughtUp()
    // Nothing of it is kept, so there is room for others.
    largeView.push('server', new Uint8Array(1_000_000), 0)
    smallView.push('server', 'closed', 0)
    smallView.push('client', 'closed', 0)
    await smallView.caughtUp()
    expect([large.events, large.failures.length, small.events, small.failures]).to.deep.equal([
      [],
      1,
      whole,
      [],
    ])
  })

  it('counts empty pieces too', () => {
    const told = viewer()
    const view = new Views({}, 200_000).open(told)
    for (let i = 0; i < 1000; i++) {
      view.push('client', Uint8Array.of(1), 0)
    }
    expect(told.failures).to.have.lengthOf(1)
  })

  it('ends if its listener throws, and only for that listener', async () => {
    const views = new Views({}, 2 ** 20)
    const throwing = viewer(() => {
      throw new Error('thrown')
    })
    const other = viewer()
    for (const told of [throwing, other]) {
      const view = views.open(told)
      view.push('client', session.client, 0)
      view.push('server', session.server, 0)
      view.push('client', 'closed', 0)
      view.push('server', 'closed', 0)
    }
    await until(() => other.events.length === whole.length)
    expect([throwing.failures, throwing.events, other.events]).to.deep.equal([['thrown'], [], whole])
  })
})
