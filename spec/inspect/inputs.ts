import { readFileSync } from 'node:fs'
import { RecordingWriter } from '../../session/recording/recording-writer.js'
import { archive, file } from '../support/nar.js'
import { narInfoHead } from '../support/nar-info.js'
import { ScriptedSession } from '../support/scripted-session.js'
import { projectPath } from '../support/shared.js'
import type { Driver } from './driver.js'
import type { NamedFile } from './scripts.js'

export const example = (folder: string, name: string): NamedFile => ({
  name,
  bytes: new Uint8Array(readFileSync(projectPath('examples', folder, name))),
})

export const pathInfo = example('messages', 'valid-path-info-1.34.bin')
export const tea = [example('sessions', 'tea.client.bin'), example('sessions', 'tea.server.bin')] as const
export const cake = [example('sessions', 'cake.client.bin'), example('sessions', 'cake.server.bin')] as const

const brokenPathInfo = (): NamedFile => {
  const bytes = pathInfo.bytes.slice()
  bytes[0x50] = 0x7a
  return { name: 'broken.bin', bytes }
}

/** A connection with times that was open when the recording was stopped. */
export const recording = (): NamedFile => {
  const writer = new RecordingWriter('x')
  const { client, server } = new ScriptedSession({ version: '1.38' }).bytes
  const start = 1_795_321_890_000
  return {
    name: 'a.pcapng',
    bytes: Buffer.concat([
      writer.start(),
      writer.bytes('client', client, start),
      writer.bytes('server', server, start + 5),
      writer.end('client', 'stopped', start + 42_000),
      writer.end('server', 'stopped', start + 42_000),
    ]),
  }
}

/** Every kind of input, and how the page comes to show it. */
export const inputs: { readonly [kind: string]: (driver: Driver) => Promise<void> } = {
  'a message': async (driver) => {
    await driver.version.selectOption('1.34')
    await driver.drop([pathInfo])
    await driver.row('narHash').click()
    await driver.selects('narHash')
  },
  'a message with an issue': async (driver) => {
    await driver.version.selectOption('1.34')
    await driver.drop([brokenPathInfo()])
    await driver.page.getByTestId('issue').waitFor()
    await driver.selects('narHash')
  },
  'a session': async (driver) => {
    await driver.drop(tea)
    await driver.row('BuildPaths').dblclick()
    await driver.row('request').waitFor()
  },
  'a session that fails': async (driver) => {
    await driver.drop(cake)
    await driver.row('failed with exit code 1').first().click()
    await driver.selected().filter({ hasText: 'failed' }).waitFor()
  },
  'a recording': async (driver) => {
    await driver.drop([recording()])
    await driver.row('pending').waitFor()
  },
  'an archive that is not read as one': async (driver) => {
    await driver.drop([{ name: 'a-name-that-is-long-'.repeat(8), bytes: archive(file('tea')) }])
    await driver.page.getByTestId('hint').waitFor()
  },
  'a file without bytes': async (driver) => {
    await driver.drop([{ name: 'empty.bin', bytes: new Uint8Array(0) }])
    await driver.page.getByRole('heading', { name: 'There are no bytes in this input' }).waitFor()
  },
  'a text that cannot be read': async (driver) => {
    await driver.drop([{ name: 'odd.txt', bytes: Buffer.from('abc') }])
    await driver.page.getByText('an odd number of hex digits').waitFor()
    await driver.page.getByTestId('issue').waitFor({ state: 'detached' })
  },
}

/** A narinfo. */
export const narInfo = `${narInfoHead}
References:\x20
CA: fixed:sha256:152dpxrsdw5rp0zi0h65p6q0a2hs076wbjpslj5hhqwnwphdpbsr
`
