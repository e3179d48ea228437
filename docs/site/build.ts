import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { brokenLinks } from './broken-links.js'
import { generate, inspect, live } from './generate.js'
import { liveScript } from './live.js'

/** `npm run docs`: the API reference and the pages of docs/ as one site, which also works from file://. */

const project = fileURLToPath(new URL('../..', import.meta.url))
const site = `${project}site`

const fail = (...lines: ReadonlyArray<string>): void => {
  process.exitCode = 1
  console.error(lines.join('\n'))
}

const copyInspect = async (): Promise<boolean> => {
  try {
    await mkdir(`${site}/inspect`, { recursive: true })
    await copyFile(`${project}dist/${inspect}`, `${site}/${inspect}`)
    return true
  } catch {
    return false
  }
}

if (!(await generate(project, { options: `${project}typedoc.json`, out: site }))) {
  fail('TypeDoc has something to complain of (above).')
}
await writeFile(`${site}/${live}`, await liveScript())
const hasInspect = await copyInspect()
const broken = await brokenLinks(site, hasInspect ? [] : [inspect])
if (broken.length > 0) {
  fail(`${broken.length} broken links:`, ...broken.map((each) => `  ${each}`))
}
if (!hasInspect) {
  fail(`dist/${inspect} is not there: \`npm run build:page\` makes it.`)
}
