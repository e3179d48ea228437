import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectPath } from './shared.js'

/**
 * A new folder for modules of a user. The package and fast-check are linked in it, so modules import another copy than
 * the command's own.
 */
export const moduleFolder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'nix-wire-module-'))
  mkdirSync(join(dir, 'node_modules'))
  symlinkSync(projectPath(), join(dir, 'node_modules/nix-wire'))
  symlinkSync(projectPath('node_modules/fast-check'), join(dir, 'node_modules/fast-check'))
  writeFileSync(join(dir, 'package.json'), '{ "type": "module" }')
  return dir
}
