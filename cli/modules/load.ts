import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type OwnProtocol, ownProtocol } from '../../session/own/own-protocol.js'
import { expectText } from '../arguments.js'
import { Failure } from '../failure.js'
import { showName, showReason } from '../nar/show.js'
import { noteLoaded } from './loaded.js'
import { tsxBeside } from './tsx.js'

/** The exports of a `--module`. @throws Failure if it cannot be loaded, or exports nothing to use. */
export const loadModule = async (file: string): Promise<OwnProtocol> => {
  expectText(file, '--module')
  noteLoaded(file)
  const exports = await exportsOf(file)
  try {
    return ownProtocol(showName(file), exports)
  } catch (error) {
    throw new Failure(2, showReason(error))
  }
}

const exportsOf = async (file: string): Promise<object> => {
  const url = pathToFileURL(resolve(file)).href
  try {
    return await import(url)
  } catch (error) {
    if (isTypeScript(file) && needsLoader(error)) {
      return withTsx(file, url)
    }
    throw cannotLoad(file, error)
  }
}

const isTypeScript = (file: string): boolean => /\.[cm]?ts$/.test(file)

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined

/**
 * Whether the error means that this Node cannot load TypeScript: without type stripping it does not know the file
 * extension; with it, enums and paths to `.ts` are missing.
 */
const needsLoader = (error: unknown): boolean =>
  ['ERR_UNKNOWN_FILE_EXTENSION', 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX', 'ERR_MODULE_NOT_FOUND'].includes(
    String(codeOf(error)),
  )

/** Loads it with tsx, if that is installed beside the module. */
const withTsx = async (file: string, url: string): Promise<object> => {
  const tsx = tsxBeside(url)
  if (tsx === null) {
    throw new Failure(
      2,
      `cannot load ${showName(file)}: this Node (${process.version}) does not read it; install tsx beside it ` +
        '(npm install --save-dev tsx), or give the JavaScript that it compiles to',
    )
  }
  const unregister = await registered(file, tsx)
  try {
    // Under its own address, Node would repeat the failure from its cache.
    return await import(`${url}?tsx`)
  } catch (error) {
    throw cannotLoad(file, error)
  } finally {
    await unregister()
  }
}

/** Lets tsx load modules; what ends that. */
const registered = async (file: string, tsx: string): Promise<() => Promise<void>> => {
  try {
    const { register } = await import(tsx)
    return register()
  } catch (error) {
    throw new Failure(
      2,
      `cannot load ${showName(file)}: the tsx beside it fails: ${showReason(error)}; ` +
        "set NODE_OPTIONS='--import tsx', or give the JavaScript that it compiles to",
    )
  }
}

const cannotLoad = (file: string, error: unknown): Failure => {
  const reason = showReason(error)
  const advice = /Cannot find package 'nix-wire'/.test(reason)
    ? '; install it where the module is: npm install nix-wire'
    : ''
  return new Failure(2, `cannot load ${showName(file)}: ${reason}${advice}`)
}
