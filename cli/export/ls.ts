import { toNullable } from 'fp-ts/lib/Option.js'
import { infoJson, infoText } from '../path-info.js'
import { write } from '../terminal.js'
import { jsonText } from '../visible.js'
import { type ExportOptions, exportProtocol } from './options.js'
import { type ExportedPath, exportedPaths } from './read.js'

export interface ListExportOptions extends ExportOptions {
  readonly json?: true
}

/** Prints the path infos of an export. */
export const ls = async (file: string, options: ListExportOptions): Promise<void> => {
  const protocol = exportProtocol(options)
  const json = infoJson(protocol)
  for await (const exported of exportedPaths(file, 'reading', protocol)) {
    const { path, info, version } = exported
    const isJson = options.json === true
    await write(isJson ? (version === 1 ? shortJson(exported) : json(path, info)) : infoText(path, info))
  }
}

const shortJson = ({ path, info }: ExportedPath): string => {
  const { deriver, narHash, references, narSize } = info
  return `${jsonText({ path, deriver: toNullable(deriver), narHash, references, narSize })}\n`
}
