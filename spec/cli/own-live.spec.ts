import { expect } from 'chai'
import { bytesOf } from '../../bytes/hex.js'
import { OwnLive } from '../../cli/own-session/live.js'
import { u8 } from '../../combinators/index.js'
import { conversation, says, sequence } from '../../conversation/index.js'
import { now } from '../../daemon/now.js'
import { Clock } from '../support/clock.js'
import { turns } from '../support/waiting.js'

describe('a connection of a conversation of your own that is shown as it passes', () => {
  const flow = conversation('tea', sequence(says('client', 'order', u8), says('server', 'cup', u8)))

  it('says at growing intervals which side is waited for, until both have closed', async () => {
    const clock = new Clock().start()
    try {
      const lines: Array<string> = []
      const live = new OwnLive({ name: 'tea', flow, protocol: {} }, (text) => lines.push(text()))
      live.take('client', bytesOf('0100000000000000'), now())
      for (let second = 0; second < 21; second++) {
        clock.pass(1000)
        await turns(1)
      }
      expect(lines).to.deep.equal([
        '  … the server has said nothing for 10 s; the client waits for it  +10 s',
        '  … the server has said nothing for 20 s; the client waits for it  +20 s',
      ])
      live.take('server', null, now())
      live.take('client', null, now())
      expect(clock.waiting).to.equal(0)
    } finally {
      clock.stop()
    }
  })
})
