import { relative, resolve } from 'node:path'
import { encodeEscaped } from '../../bytes/escaped.js'
import { quoteWord } from '../../bytes/shell-word.js'
import type { MessageType } from '../../fuzz/adapter/index.js'
import { decodeBodies, describeBody, encodeBodies, questionLine } from '../../fuzz/adapter/messages.js'
import { wanted } from '../../fuzz/targets/adapter.js'
import type { Check } from '../../fuzz/targets/target.js'
import { printJson } from '../../interpreters/json/index.js'
import { writeText } from '../output-file.js'
import { type Earlier, OutputFolder } from '../output-folder.js'
import { jsonText } from '../visible.js'
import { junitOf, markdownOf } from './formats.js'
import type { FindingRecord, Recorded, RunRecord } from './record.js'

/** The files of an earlier report, which are removed so that they do not mix with those of this one. */
const earlierReport: Earlier = { index: 'report.json', files: /^finding-\d+\.(bin|json|jsonl|sh)$/ }

/** Writes a folder: for each finding its input and a script that repeats it, and a report of all. */
export const writeReport = (dir: string, { record, inputs }: Recorded): Promise<void> =>
  OutputFolder.fill(
    dir,
    async (folder) => {
      for (const [i, finding] of record.findings.entries()) {
        const bytes = inputs[i]!
        const isValue = finding.value !== undefined
        await folder.write(finding.input, isValue ? `${printJson(finding.value!)}\n` : bytes)
        if (record.adapter) {
          await folder.write(`finding-${i + 1}.jsonl`, questionsOf(record, finding, bytes))
        }
        await folder.write(finding.script, encodeEscaped(scriptOf(record, finding, dir, i)), 0o755)
      }
      await folder.write('report.json', `${jsonText(record, 2)}\n`)
    },
    earlierReport,
  )

/** The lines to send to an adapter. */
const questionsOf = (
  { type, protocol, profile, check, json }: RunRecord,
  { value }: FindingRecord,
  bytes: Uint8Array,
): string => {
  const message = { type, ...protocol, profile, ...(json === 'wire' ? {} : { json }) } as MessageType
  const body =
    value === undefined ? decodeBodies(message, wanted(check as Check))(bytes) : encodeBodies(message)(value)
  return `${questionLine(0, describeBody)}\n${questionLine(1, body)}\n`
}

/** The folder in which the command was run, from the one of the script if it is near: both may be moved together. */
const whereRun = (dir: string): string => {
  const way = relative(resolve(dir), process.cwd())
  return /^(\.\.(\/|$))*$/.test(way) ? `"$here${way === '' ? '' : `/${way}`}"` : quoteWord(process.cwd())
}

const scriptOf = (
  { command, adapter, refuseCode, check }: RunRecord,
  { why, expected, input, kind, difference }: FindingRecord,
  dir: string,
  i: number,
): string => {
  const file = `"$here/${adapter ? `finding-${i + 1}.jsonl` : input}"`
  const isNamed = !adapter && command.includes('@@')
  const line = isNamed ? command.replaceAll('@@', file) : command
  const right =
    kind === 'value' || (kind === 'bytes' && difference !== undefined)
      ? `What is wrong is what it ${kind === 'value' ? 'reads' : 'writes'}: see report.json.`
      : adapter
        ? `It should answer with "accepts":${expected === 'accepts'}.`
        : `It should exit with ${expected === 'accepts' ? 0 : refuseCode}.`
  return `#!/bin/sh
# ${why.replaceAll(/[\r\n]/g, ' ')}
# Check ${check}. ${right}
here=$(cd "$(dirname "$0")" && pwd)
cd ${whereRun(dir)} || exit 2
{ ${line}
} < ${isNamed ? '/dev/null' : file}
code=$?
echo "exit code $code"
exit $code
`
}

export interface OtherReports {
  readonly junit?: string
  readonly markdown?: string
}

/** Writes the report in other formats. */
export const writeOthers = async (record: RunRecord, { junit, markdown }: OtherReports): Promise<void> => {
  if (junit !== undefined) {
    await writeText(junit, junitOf(record))
  }
  if (markdown !== undefined) {
    await writeText(markdown, markdownOf(record))
  }
}
