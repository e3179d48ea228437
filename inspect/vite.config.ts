import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import { viteSingleFile } from 'vite-plugin-singlefile'

const sources = (html: string, tag: 'script' | 'style'): string =>
  [...html.matchAll(new RegExp(`<${tag}[^>]*>([\\s\\S]*?)</${tag}>`, 'g'))]
    .map(([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
    .join(' ')

/**
 * The content security policy: only the built code may run, and only files beside the page may be fetched.
 */
const policy = (): Plugin => ({
  name: 'content-security-policy',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'asset' && file.fileName.endsWith('.html')) {
          const html = String(file.source)
          const rules = [
            "default-src 'none'",
            // A module that the user accepted runs from a blob, in the worker.
            `script-src ${sources(html, 'script')} blob:`,
            `style-src ${sources(html, 'style')}`,
            'worker-src blob:',
            'img-src data:',
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
          ]
          const meta = `<meta http-equiv="Content-Security-Policy" content="${rules.join('; ')}" />`
          file.source = html.replace('<meta charset="utf-8" />', (charset) => `${charset}\n    ${meta}`)
        }
      }
    },
  },
})

/** Removes arcsecond's use of Node's TextEncoder, which is for engines without one. */
const noUtil = (): Plugin => ({
  name: 'no-util',
  enforce: 'pre',
  resolveId: (id) => (id === 'util' ? '\0util' : undefined),
  load: (id) => (id === '\0util' ? 'export default {}' : undefined),
})

/** Turns off the warning about slow plugins, which are slow on a busy machine. */
const quiet = { checks: { bundlerTimings: false } }

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  assetsInclude: ['**/*.bin'],
  logLevel: 'warn',
  plugins: [noUtil(), viteSingleFile(), policy()],
  build: {
    outDir: fileURLToPath(new URL('../dist/inspect', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 2000,
    reportCompressedSize: false,
    rolldownOptions: quiet,
  },
  // Chromium starts no module worker from the file system.
  worker: { format: 'iife', plugins: () => [noUtil()], rolldownOptions: quiet },
})
