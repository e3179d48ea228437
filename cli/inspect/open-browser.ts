import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Tries to open a browser; the address has been printed anyway. All users of the machine can see the arguments of a
 * program, so the address is put into a file that only its owner can read. The result removes that file.
 */
export const openBrowser = (address: string): (() => void) => {
  let folder: string
  try {
    folder = mkdtempSync(join(tmpdir(), 'nix-wire-'))
  } catch {
    return () => undefined
  }
  const remove = (): void => {
    process.off('exit', remove)
    rmSync(folder, { recursive: true, force: true })
  }
  process.on('exit', remove)
  try {
    const file = join(folder, 'open.html')
    writeFileSync(file, redirecting(address), { mode: 0o600 })
    open(file)
  } catch {
    // For example, the disk is full.
  }
  return remove
}

const redirecting = (address: string): string =>
  `<!doctype html>\n<meta charset="utf-8">\n<meta http-equiv="refresh" content="0; url=${inAttribute(address)}">\n`

const inAttribute = (text: string): string =>
  text.replace(/[&"'<>]/g, (character) => `&#${character.charCodeAt(0)};`)

const open = (file: string): void => {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open'
  const child = spawn(opener, [file], { stdio: 'ignore', detached: true })
  child.on('error', () => {})
  child.unref()
}
