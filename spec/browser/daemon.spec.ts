import { createConnection, type Socket } from 'node:net'
import { expect } from 'chai'
import { type Bundle, browserBundle } from '../support/browser-bundle.js'
import { Chromium, describeWithChromium } from '../support/chromium.js'
import { describeWithNix, type NixDaemon, startNixDaemon } from '../support/nix-daemon.js'

describeWithChromium('the client of a flow in a browser', () => {
  describeWithNix('through a WebSocket, with the real daemon', () => {
    const origin = 'http://library.invalid'
    let chromium: Chromium
    let daemon: NixDaemon
    let bundle: Bundle
    const sockets = new Set<Socket>()
    before(async () => {
      bundle = await browserBundle('daemon-entry.ts')
      chromium = await Chromium.start()
      daemon = await startNixDaemon()
    })
    after(async () => {
      for (const socket of sockets) {
        socket.destroy()
      }
      await chromium?.end()
      await daemon?.stop()
    })

    it('uses nothing that only Node has', () => {
      expect(bundle.code).not.to.match(/\b(import|from|require)\b\s*\(?["']node:/)
    })

    it('adds, queries and reads back, with several calls at once', async () => {
      const { page, wrongs } = await chromium.open('about:blank')
      await page.route(`${origin}/**`, (route) =>
        route.request().url().endsWith('/library.js')
          ? route.fulfill({ contentType: 'text/javascript', body: bundle.code })
          : route.fulfill({
              contentType: 'text/html',
              body: '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/library.js"></script>',
            }),
      )
      await page.routeWebSocket('ws://daemon.invalid/', (bridge) => {
        const socket = createConnection(daemon.socket)
        sockets.add(socket)
        socket.on('data', (bytes) => bridge.send(bytes))
        socket.on('close', () => bridge.close())
        bridge.onMessage((bytes) => socket.write(bytes))
        bridge.onClose(() => socket.end())
      })
      await page.goto(origin)
      expect(await page.evaluate('[typeof Buffer, typeof process]')).to.deep.equal(['undefined', 'undefined'])
      const size = 200_000
      const answer = (await page.evaluate(
        `talk('ws://daemon.invalid/', ${JSON.stringify(daemon.storeDir)}, ${size})`,
      )) as { readonly [key: string]: unknown }
      expect(answer.version).to.equal('1.34')
      expect(answer.missing).to.have.nested.property('right.reply._tag', 'None')
      expect(answer.isValid).to.have.nested.property('right.reply', true)
      expect(answer.info).to.have.nested.property('right.reply.value.narSize', String(answer.downloaded))
      // A file's archive is 112 bytes around its contents, which are padded to eight.
      expect(answer.downloaded).to.equal(112 + size)
      expect(wrongs).to.deep.equal([])
    })
  })
})
