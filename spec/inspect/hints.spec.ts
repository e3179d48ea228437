import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { describeInspect } from '../support/inspect-suite.js'
import { archive, file } from '../support/nar.js'
import { becomes } from '../support/waiting.js'
import type { Driver } from './driver.js'
import { narInfo, pathInfo, tea } from './inputs.js'

const [client, server] = tea

describeInspect('the hint of the page for bytes of another kind', ({ open }) => {
  const hint = (driver: Driver) => driver.page.getByTestId('hint')
  const given = async (driver: Driver, name: string, bytes: Uint8Array, text: string): Promise<void> => {
    await driver.drop([{ name, bytes }])
    await hint(driver).getByText(text).waitFor()
  }
  const follow = (driver: Driver, label: string) =>
    hint(driver).getByRole('button', { name: label, exact: true }).click()
  const gone = (driver: Driver) => hint(driver).waitFor({ state: 'detached' })

  it('reads one side of a session as such, and adds the other', async () => {
    const driver = await open()
    await given(driver, 'a', client.bytes, 'This is what the client of a connection sent')
    await follow(driver, 'Read it as a session')
    await hint(driver).getByText('What the server sent is missing.').waitFor()
    const chosen = driver.page.waitForEvent('filechooser')
    await follow(driver, 'Add the file…')
    await (await chosen).setFiles([
      { name: 'b', mimeType: 'application/octet-stream', buffer: Buffer.from(server.bytes) },
    ])
    await driver.row('BuildPaths').waitFor()
    await gone(driver)
    await becomes(() => driver.page.getByTestId('source').textContent(), 'a, b')
  })

  it('recognises by their first bytes which of two files is which side', async () => {
    const driver = await open()
    await driver.drop([
      { name: 'x.client.bin', bytes: server.bytes },
      { name: 'x.server.bin', bytes: client.bytes },
    ])
    await driver.row('BuildPaths').waitFor()
    expect(await driver.page.getByTestId('source').textContent()).to.equal('x.server.bin, x.client.bin')
    await driver.page.getByRole('button', { name: 'Swap the sides' }).click()
    await hint(driver).getByText('The two sides are swapped').waitFor()
    await follow(driver, 'Swap the sides')
    await driver.row('BuildPaths').waitFor()
    await gone(driver)
  })

  it('reads archives and exports as such', async () => {
    const driver = await open()
    const tea = archive(file('tea'))
    await given(driver, 'a.nar', tea, 'This is an archive (NAR).')
    await follow(driver, 'Read it as Nar')
    await gone(driver)
    await driver.row(/message\s*Nar/).waitFor()
    await given(driver, 'a.export', Buffer.concat([new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]), tea]), 'export')
    await follow(driver, 'Read it as ImportPaths')
    await becomes(() => driver.page.getByLabel('Grammar').inputValue(), 'ImportPaths')
    await given(driver, 'a.nario', Buffer.from('NARIO2\0\0'), 'NARIO2')
    await follow(driver, 'Read it as Nario')
    await becomes(() => driver.page.getByLabel('Grammar').inputValue(), 'Nario')
  })

  it('unpacks gzip, and names the program for other kinds of compression', async () => {
    const driver = await open()
    await driver.version.selectOption('1.34')
    await given(driver, 'info.bin.gz', gzipSync(pathInfo.bytes), 'This is compressed with gzip.')
    await follow(driver, 'Unpack it')
    await driver.row('narHash').waitFor()
    await becomes(() => driver.page.getByTestId('source').textContent(), 'info.bin')
    await given(driver, 'cut.gz', gzipSync(pathInfo.bytes).subarray(0, 40), 'gzip')
    await follow(driver, 'Unpack it')
    await driver.page.getByText('cut.gz cannot be unpacked').waitFor()
    const xz = Buffer.from('fd377a585a0000', 'hex')
    await given(driver, 'a.xz', xz, 'compressed with xz, which a browser cannot unpack')
    await follow(driver, 'Copy the command that does')
    await driver.page.getByText('xz -dc FILE').waitFor()
  })

  it('shows the message that a narinfo or JSON describes', async () => {
    const driver = await open()
    await given(driver, 'a.narinfo', Buffer.from(narInfo), 'This is a narinfo')
    await follow(driver, 'Show the ValidPathInfo that it describes')
    await driver.row(/^narSize.*294,?304/).waitFor()
    await becomes(() => driver.page.getByTestId('source').textContent(), 'a.narinfo, as ValidPathInfo')
    await given(driver, 'b.narinfo', Buffer.from(narInfo.replace('294304', 'large')), 'This is a narinfo')
    await follow(driver, 'Show the ValidPathInfo that it describes')
    await driver.page.getByText('b.narinfo cannot be encoded: 7:10').waitFor()
    await driver.page.getByLabel('Grammar').fill('List<String>')
    await driver.page.keyboard.press('Enter')
    await given(driver, 'a.json', Buffer.from('["tea", "milk"]'), 'This is JSON')
    await follow(driver, 'Encode it as List<String>')
    await driver.row('"milk"').waitFor()
  })

  it('is absent if the bytes can be read', async () => {
    const driver = await open()
    await driver.page.getByLabel('Grammar').fill('Tuple<UInt64,UInt64>')
    await driver.page.keyboard.press('Enter')
    await driver.drop([{ name: 'two.bin', bytes: client.bytes.subarray(0, 16) }])
    await driver.row(/1,?852,?405,?859/).waitFor()
    expect(await hint(driver).count()).to.equal(0)
  })
})
