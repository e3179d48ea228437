import { isBuiltin } from 'node:module'
import { build } from 'vite'
import { projectPath } from './shared.js'

export interface Bundle {
  readonly code: string
  /** The modules of Node that the bundle imports, and where. */
  readonly asked: ReadonlyArray<readonly [module: string, by: string]>
}

/** A file of `spec/browser` with all its imports, as one script for browsers. */
export const browserBundle = async (entry: string): Promise<Bundle> => {
  const asked: Array<readonly [module: string, by: string]> = []
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'asked-of-node',
        enforce: 'pre',
        resolveId: (id, importer = '') => {
          if (isBuiltin(id)) {
            asked.push([id, importer.replace(/^.*node_modules\//, '')])
          }
        },
      },
    ],
    build: {
      write: false,
      minify: false,
      lib: { entry: projectPath('spec/browser', entry), formats: ['es'], fileName: 'library' },
    },
  })
  const [output] = Array.isArray(built) ? built : [built]
  if (output === undefined || !('output' in output) || output.output.length !== 1) {
    throw new Error('the bundler gave no output, or several')
  }
  return { code: output.output[0].code, asked }
}
