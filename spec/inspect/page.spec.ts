import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { Locator } from 'playwright-core'
import { RecordingWriter } from '../../session/recording/recording-writer.js'
import { greeting, turnsAt } from '../serve/session.js'
import { describeInspect } from '../support/inspect-suite.js'
import { nasty } from '../support/nasty.js'
import { rawIn } from '../support/raw.js'
import { ScriptedSession, somePath } from '../support/scripted-session.js'
import { becomes, until } from '../support/waiting.js'
import { cake, pathInfo, tea } from './inputs.js'

/** A list of so many times the recorded path info. */
const long = (size: number): Uint8Array => {
  const count = Math.floor(size / pathInfo.bytes.length)
  const bytes = new Uint8Array(8 + count * pathInfo.bytes.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(count), true)
  for (let i = 0; i < count; i++) {
    bytes.set(pathInfo.bytes, 8 + i * pathInfo.bytes.length)
  }
  return bytes
}

describeInspect('the page of nix-wire inspect', ({ open, pageFile, chromium }) => {
  it('opens from the file system with a sample, and makes no requests', async () => {
    const driver = await open()
    const asked: Array<string> = []
    driver.page.on('request', (request) => asked.push(request.url()))
    await driver.row('narHash').waitFor()
    await becomes(
      async () => (await driver.rows()).slice(0, 3),
      [
        'message ValidPathInfo',
        'path StorePath "/nix/store/43c29sgdpjbvrxsal68273n6g81s2kni-letter.txt"',
        'info UnkeyedValidPathInfo',
      ],
    )
    expect(asked).to.deep.equal([])
    const page = readFileSync(pageFile(), 'utf8')
    expect(page).to.match(/http-equiv="Content-Security-Policy" content="default-src 'none'/)
    expect(page).not.to.match(/unsafe-(inline|eval)/)
    expect(page).not.to.match(/<(script|link|img)[^>]*(src|href)="(?!data:)/)
  })

  it('highlights the bytes of a field, and the field of a byte', async () => {
    const driver = await open()
    await driver.row('narHash').click()
    await becomes(() => driver.lit('selected'), ['72–144'])
    await driver.page.getByTestId('selected').getByText('info.narHash').waitFor()
    await becomes(
      () => driver.page.getByTestId('details').textContent(),
      '"1849c681f22e84db860cc72556316190b92f8a5255f7231d8658219f6438d769"',
    )
    await driver.row('registrationTime').hover()
    await driver.page.locator('.hex-cells .pointed').first().waitFor()
    await becomes(() => driver.lit('pointed'), ['216–224'])

    await driver.byte(160).hover()
    await driver.page.getByTestId('pointed').getByText('info.references[0]').waitFor()
    await becomes(() => driver.lit('pointed'), ['152–216'])
    await driver.row('yks2k5mxl63q9mhan8kzvvm67q4r04wb').and(driver.page.locator('.pointed')).waitFor()
    await driver.byte(160).click()
    await driver.selects('[0]')
    await becomes(() => driver.lit('selected'), ['152–216'])
  })

  it('shows an issue at its byte', async () => {
    const driver = await open()
    await driver.version.selectOption('1.34')
    const broken = pathInfo.bytes.slice()
    broken[0x50] = 0x7a
    await driver.drop([{ name: 'broken.bin', bytes: broken }])
    const issue = driver.page.getByTestId('issue')
    await issue.getByText('InvalidText at byte 80, info.narHash').waitFor()
    await becomes(() => driver.lit('wrong'), ['80–81'])
    await driver.selects('narHash')
    await driver.row('narHash').getByText('InvalidText: expected a base16 digit').waitFor()
    // The fields after it are still shown.
    await driver.row('narSize').getByText('176').waitFor()

    broken[0x3f] = 1
    await driver.drop([{ name: 'flawed.bin', bytes: broken }])
    await issue.getByText('NonZeroPadding at byte 63, path').waitFor()
    await issue.getByText('and 1 more').click()
    const others = driver.page.getByTestId('other-issues')
    await others.getByText('InvalidText at byte 80, info.narHash').waitFor()
    await others.getByText('Show the byte').click()
    await driver.selects('narHash')

    await driver.drop([{ name: 'short.bin', bytes: pathInfo.bytes.subarray(0, 100) }])
    await issue.getByText('UnexpectedEnd at byte 72').waitFor()
    await becomes(() => driver.lit('wrong'), ['72–73'])
    await becomes(() => driver.row('narSize').count(), 0)
  })

  it('shows a dropped session as a timeline, with its logs and the bytes of both sides', async () => {
    const driver = await open()
    await driver.drop([tea[1]!, tea[0]!])
    await driver.row('BuildPaths').waitFor()
    const drv = '/nix/store/4j9d13j72w1h1gz9mmv0l3a62kjwx4qh-tea.drv'
    const timeline = [
      'handshake protocol 1.34 (client 1.34, daemon 1.34), Nix 2.8.0',
      'SetOptions 19 done',
      `AddToStore 7 "tea.drv" {"path":"${drv}","info":{`,
      `QueryMissing 40 "${drv}!out" {"willBuild":["${drv}"],"willSubstitute":[],`,
      `QueryPathInfo 26 "${drv}" {"deriver":null,"narHash":"5a5b1fd320085de55d7956eac4e3cc31531e487ecbf6aa14f055e801b1c141e9",`,
      `BuildPaths 9 "${drv}!out" 1 · 24 in its log`,
      `QueryDerivationOutputMap 41 "${drv}" {"out":"/nix/store/`,
      'AddTempRoot 11 "/nix/store/',
      'AddIndirectRoot 12 "/',
      'end of both streams',
    ]
    await becomes(
      async () => (await driver.rows()).map((row, i) => row.slice(0, timeline[i]?.length)),
      timeline,
    )
    await driver.row('AddToStore').dblclick()
    await driver.row('upload').waitFor()
    await driver.row('287 bytes in 1 frame').click()
    await driver.page.getByTestId('selected').getByText('client 208–511').waitFor()
    await becomes(async () => (await driver.lit('selected', 0))[0]?.replace(/–.*/, ''), '208')
    await driver.row('BuildPaths').click()
    await driver.page.locator('[data-testid=hex-1] .selected').first().waitFor()
    await becomes(async () => (await driver.lit('selected', 0))[0], '663–751')

    await driver.drop(cake)
    await driver.row(/BuildPaths.*failed with exit code 1/).dblclick()
    await driver.row('24 messages').dblclick()
    await driver.row("building '/nix/store/").first().click()
    await driver.page.locator('[data-testid=hex-1] .selected').first().waitFor()
    await driver.page.getByTestId('details').getByText('"type": "Build"').waitFor()
    await driver.page.locator('.strip rect').last().click()
    await driver.selected().filter({ hasText: 'BuildPaths' }).waitFor()
  })

  it('shows for a recording with times when each operation was, and what is pending', async () => {
    const driver = await open()
    const script = new ScriptedSession({ version: '1.38' })
    const handshake = script.bytes
    const request = script.number('client', 1).text('client', somePath).bytes.client
    const writer = new RecordingWriter('x')
    const start = 1_795_321_890_000
    const recording = [
      writer.start(),
      writer.bytes('client', handshake.client, start),
      writer.bytes('server', handshake.server, start + 5),
      writer.bytes('client', request.subarray(handshake.client.length), start + 1000),
    ]
    const stopped = [
      writer.end('client', 'stopped', start + 42_000),
      writer.end('server', 'stopped', start + 42_000),
    ]
    await driver.drop([{ name: 'a.pcapng', bytes: Buffer.concat([...recording, ...stopped]) }])
    await driver.row('IsValidPath').first().waitFor()
    const pending = [
      'the connection was open when the recording was stopped',
      'IsValidPath is pending',
      'the daemon has said nothing for 42 s; the client waits for the reply of IsValidPath',
    ]
    await becomes(
      () => driver.rows(),
      [
        'handshake protocol 1.38 (client 1.38, daemon 1.38), Nix 2.35.2, trusted 2026-11-22T04:31:30.000000Z, took 5 ms: waited 5 ms for the daemon',
        `IsValidPath 1 "${somePath}" pending +1 s`,
        `pending ${pending.join('; ')}`,
      ],
    )
    await driver.page.getByTestId('pending').getByText(pending.join('; ')).waitFor()
    await driver.row('the connection was open').click()
    await driver.page
      .getByTestId('details')
      .getByText(pending[2] ?? '')
      .waitFor()
    await driver.row('IsValidPath').first().dblclick()
    await driver.row('request').waitFor()

    await driver.drop([{ name: 'b.pcapng', bytes: writer.start() }])
    await driver.page.getByText('There is no connection of Nix in it.').waitFor()
  })

  it('offers the connections of a recording to choose from, also of the serve protocol', async () => {
    const driver = await open()
    const turns = [greeting(7), ...turnsAt(7)]
    const start = 1_795_321_890_000
    const worker = new ScriptedSession({ version: '1.38' }).bytes
    const recorded = (
      name: string,
      parts: ReadonlyArray<readonly ['client' | 'server', Uint8Array, number]>,
    ) => {
      const writer = new RecordingWriter(name)
      return Buffer.concat([
        writer.start(),
        ...parts.map(([side, bytes, at]) => writer.bytes(side, bytes, start + at)),
        writer.end('client', 'closed', start + 9000),
        writer.end('server', 'closed', start + 9000),
      ])
    }
    // Two concatenated recordings are one with two connections.
    const file = Buffer.concat([
      recorded('daemon', [
        ['client', worker.client, 0],
        ['server', worker.server, 5],
      ]),
      recorded(
        'serve',
        turns.flatMap(
          (turn, i) =>
            [
              ['client', Buffer.concat(turn.client), 100 * i],
              ['server', Buffer.concat(turn.server), 100 * i + 41],
            ] as const,
        ),
      ),
    ])
    await driver.drop([{ name: 'two.pcapng', bytes: file }])
    await driver.row('protocol 1.38').waitFor()
    const choice = driver.page.getByLabel('Connection')
    await choice.selectOption('1')
    await driver.row('QueryPathInfos').waitFor()
    await becomes(
      async () => (await driver.rows()).slice(0, 3),
      [
        'handshake serve protocol 2.7 (client 2.255, server 2.7) 2026-11-22T04:31:30.000000Z, took 41 ms: waited 41 ms for the server',
        `QueryValidPaths 1 "${somePath}" done +100 ms, took 41 ms: waited 41 ms for the server`,
        `QueryPathInfos 2 "${somePath}" done +200 ms, took 41 ms: waited 41 ms for the server`,
      ],
    )
    await driver.row('QueryPathInfos').dblclick()
    await driver.row('ServePathInfo').first().click()
    await driver.page.getByTestId('selected').getByText('server 136–328').waitFor()
    await driver.tree.press('End')
    await driver.row(/^.?AddToStoreNar/).dblclick()
    await driver.row(/upload.*sha256/).waitFor()
    await becomes(() => driver.page.getByTestId('issue').count(), 0)
    await choice.selectOption('0')
    await driver.row('protocol 1.38').waitFor()
  })

  it('has the types and the versions of the serve protocol', async () => {
    const driver = await open()
    await driver.page.getByLabel('Grammar').fill('ServeServerHello')
    await driver.page.keyboard.press('Enter')
    await becomes(() => driver.version.inputValue(), '2.8')
    await driver.drop([{ name: 'hello.bin', bytes: Buffer.from('cbee5254000000000502000000000000', 'hex') }])
    await driver.row(/version.*2\.5/).waitFor()
    await driver.version.selectOption('2.1')
    await driver.page.getByLabel('Grammar').fill('ValidPathInfo')
    await driver.page.keyboard.press('Enter')
    await becomes(() => driver.version.inputValue(), '1.38')
  })

  it('asks which side is which if no name says it, and shows an issue of a stream', async () => {
    const driver = await open()
    await driver.drop([
      { name: 'a', bytes: tea[0]!.bytes },
      { name: 'b', bytes: tea[0]!.bytes },
    ])
    await driver.page.getByRole('dialog').getByRole('button', { name: /^a / }).click()
    await driver.page
      .getByTestId('issue')
      .filter({ hasText: /^daemon: / })
      .waitFor()
    await driver.drop([
      { name: 'a', bytes: tea[0]!.bytes },
      { name: 'b', bytes: tea[1]!.bytes.subarray(0, 700) },
    ])
    await driver.row('SetOptions').waitFor()
    const found = driver.page.getByTestId('issue').filter({ hasText: /^daemon: UnexpectedEnd at byte \d+/ })
    await found.waitFor()
    const issue = (await found.textContent()) ?? ''
    const [, offset = ''] = /at byte (\d+)/.exec(issue) ?? []
    await becomes(() => driver.lit('wrong', 1), [`${offset}–${Number(offset) + 1}`])
  })

  it('reads hex, hex dumps and base64 that are pasted, and lets the user say which it is', async () => {
    const driver = await open()
    const paste = async (text: string): Promise<void> => {
      await driver.page.getByRole('button', { name: 'Paste…' }).click()
      await driver.page.getByRole('dialog').getByRole('textbox').fill(text)
      await driver.page.getByRole('button', { name: 'Read' }).click()
      await driver.page.locator('main[aria-busy=false]').waitFor()
    }
    const form = driver.page.getByLabel('Input is')
    await driver.version.selectOption('1.34')
    await paste(Buffer.from(pathInfo.bytes).toString('base64'))
    await driver.row('narSize').waitFor()
    await becomes(() => form.inputValue(), 'base64')
    await paste('0200000000000000')
    await driver.page.getByLabel('Grammar').fill('Bool64')
    await driver.page.keyboard.press('Enter')
    await driver.row(/Bool64.*true/).waitFor()
    await becomes(() => form.inputValue(), 'hex')
    await driver.page.getByLabel('Profile').selectOption('canonical')
    await driver.page.getByTestId('issue').getByText('NotCanonical at byte 0').waitFor()
    await driver.page.getByLabel('Profile').selectOption('compatible')
    await form.selectOption('bytes')
    await driver.page.getByTestId('issue').getByText('TrailingBytes at byte 8').waitFor()
    await driver.page.getByLabel('Grammar').fill('Bool65')
    await driver.page.keyboard.press('Enter')
    await driver.page.getByRole('alert').getByText('did you mean Bool64').waitFor()
  })

  it('is shared by its address, with the input, the settings and the selection', async () => {
    const driver = await open()
    await driver.version.selectOption('1.34')
    await driver.pick([pathInfo])
    await driver.row('narHash').click()
    await driver.page.getByRole('button', { name: 'Share' }).click()
    await driver.page.getByRole('status').getByText('address bar').waitFor()
    const address = driver.page.url()

    const again = await open(address.slice(address.indexOf('#')))
    await again.selects('narHash')
    await becomes(() => again.lit('selected'), ['72–144'])
    await becomes(() => again.version.inputValue(), '1.34')

    await again.pick([{ name: 'long.bin', bytes: long(40_000) }])
    await again.page.getByRole('button', { name: 'Share' }).click()
    await again.page.getByRole('status').getByText('too large for a link').waitFor()
    expect(again.page.url()).not.to.contain('#')
  })

  it('reads only data from an address', async () => {
    const type = encodeURIComponent('<img src=x onerror="document.title=1">')
    const driver = await open(`#type=${type}&protocol=9999.1&features=%3Cb%3E&bytes=AA&at=9.9.9&store=..%2F`)
    await driver.page.getByRole('alert').waitFor()
    expect(await driver.page.locator('main img').count()).to.equal(0)
    expect(await driver.page.title()).to.equal('from a link – nix-wire inspect')
    await driver.page.evaluate(`location.hash = 'bytes=' + 'A'.repeat(300000)`)
    await driver.page.getByText('This link is too long').waitFor()
    expect(await driver.page.getByTestId('source').textContent()).to.equal('')
  })

  it('shows hidden characters in the names of files, also in dialogs, and in the text of a link', async () => {
    const driver = await open()
    const said = async (what: Locator, shown: string): Promise<void> => {
      await what.filter({ hasText: shown }).first().waitFor()
      for (const text of await what.allTextContents()) {
        expect(rawIn(text), JSON.stringify(text)).to.deep.equal([])
      }
    }
    const [client] = tea
    await driver.drop([
      { name: `a${nasty}`, bytes: client!.bytes },
      { name: 'a\u200b', bytes: client!.bytes },
    ])
    const dialog = driver.page.getByRole('dialog')
    await said(dialog, 'a\\u200b (')
    await said(dialog, '\\u202a\\u202e\\u2060\\u2066\\u2069\\u3164\\ufeff\\udb40\\udc41end (')
    await said(dialog, 'né\\u001b]0;title\\u0007')
    await dialog.getByRole('button', { name: /^a.u200b/ }).click()
    await said(driver.page.getByTestId('source'), 'a\\u200b, ané\\u001b]0;title')
    await driver.drop([{ name: `b${nasty}`, bytes: pathInfo.bytes }])
    await said(driver.page.getByTestId('source'), 'bné\\u001b]0;title')

    const hidden = encodeURIComponent('x\u202e\u200by')
    const linked = await open(`#type=${hidden}&features=${hidden}&bytes=AA`)
    await said(linked.page.getByRole('alert'), 'x\\u202e\\u200by')
    await linked.page.getByText('Features: 1').click()
    await said(linked.page.locator('.features'), 'x\\u202e\\u200by')
  })

  it('is usable by keys alone', async () => {
    const driver = await open()
    const { keyboard } = driver.page
    const focused = () =>
      driver.page.evaluate<string>(
        'document.activeElement.dataset.testid ?? document.activeElement.textContent.slice(0, 12)',
      )
    const seen = new Set<string>()
    for (let i = 0; i < 60 && (await focused()) !== 'outline'; i++) {
      await keyboard.press('Tab')
      seen.add(await focused())
    }
    expect([...seen]).to.include.members(['Open files…', 'Paste…', 'Share', 'hex-0', 'outline'])
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown']) {
      await keyboard.press(key)
    }
    await driver.selects('info')
    await keyboard.press('ArrowLeft')
    await driver.selected().and(driver.page.locator('[aria-expanded=false]')).waitFor()
    await becomes(() => driver.row('narHash').count(), 0)
    await keyboard.press('ArrowRight')
    await keyboard.press('ArrowRight')
    await driver.selects('deriver')
    await becomes(() => driver.lit('selected'), ['64–72'])
    await keyboard.press('ArrowLeft')
    await driver.selects('info')
    await keyboard.press('End')
    await driver.selects('ca')
    await driver.selected().and(driver.page.locator('[aria-level="3"]')).waitFor()
    const selected = await driver.selected().getAttribute('id')
    await becomes(() => driver.tree.getAttribute('aria-activedescendant'), selected)

    await driver.hex().focus()
    await keyboard.press('Control+Home')
    await keyboard.press('ArrowDown')
    await driver.selects('path')
    for (let i = 0; i < 4; i++) {
      await keyboard.press('ArrowDown')
    }
    await driver.selects('narHash')
    await driver.byte(80).and(driver.page.locator('.cursor')).waitFor()
    const outline = await driver.page.evaluate<string>(
      'getComputedStyle(document.activeElement).outlineStyle',
    )
    expect(outline).to.equal('solid')
  })

  it('is light or dark like the system, and can be switched', async () => {
    const driver = await open('', { colorScheme: 'dark' })
    const ground = () => driver.page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
    const before = await ground()
    await driver.page.getByRole('button', { name: /^Theme/ }).click()
    await driver.page.locator('html[data-theme=light]').waitFor()
    await until(async () => (await ground()) !== before)
  })

  it('stays responsive with 10 MB', async () => {
    const driver = await open()
    await driver.page.getByLabel('Grammar').fill('List<ValidPathInfo>')
    await driver.page.keyboard.press('Enter')
    await driver.version.selectOption('1.34')
    const bytes = long(10 * 2 ** 20)
    const isSmooth = (times: ReadonlyArray<number>, when: string): void => {
      expect(times.length, when).to.be.greaterThan(0)
      expect(times[0], `the longest task ${when}`).to.be.below(1000)
      expect(times.filter((time) => time > 200).length, `long tasks ${when}`).to.be.below(5)
    }
    // Passing on the file is the browser's own work.
    await driver.pick([{ name: 'long.bin', bytes }])
    await driver.page.getByRole('status').getByText('Reading…').waitFor()
    await chromium().watchTasks(driver.page)
    await driver.hex().hover()
    for (let i = 0; i < 10; i++) {
      await driver.page.mouse.wheel(0, 5000)
    }
    await driver.row('24,272 items').waitFor()
    isSmooth(await chromium().taskTimes(), 'while it is read')
    await chromium().watchTasks(driver.page)

    await driver.tree.hover()
    for (let i = 0; i < 10; i++) {
      await driver.page.mouse.wheel(0, 60_000)
    }
    await driver.tree.focus()
    await driver.page.keyboard.press('End')
    await driver.selects('[24271]')
    await becomes(async () => (await driver.lit('selected')).length, 1)
    await driver.hex().focus()
    await driver.page.keyboard.press('Control+Home')
    await driver.selects('count')
    await driver.page.keyboard.press('PageDown')
    // Which field is one page further down depends on the height of the pane.
    await driver.selects(/^(?!count$)./)
    isSmooth(await chromium().taskTimes(), 'while one moves in it')
    expect(await driver.page.locator('.hex-row').count()).to.be.below(100)
    expect(await driver.page.getByRole('treeitem').count()).to.be.below(100)
  })
})
