import { resolve } from 'node:path'
import { encodeEscaped } from '../../bytes/escaped.js'
import { OutputFolder } from '../output-folder.js'
import { jsonText } from '../visible.js'
import type { CampaignOptions, Finding, Standing } from './campaign.js'
import type { Answer } from './program.js'

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

const showAnswer = (answer: Answer): string =>
  answer._tag === 'crashes' ? `crashes (${answer.how})` : answer._tag

/** One finding in a line. */
export const showFinding = ({ input, answer, firstLength }: Finding): string =>
  `the program ${showAnswer(answer)} ${input.bytes.length} bytes (first seen in ${firstLength}); ` +
  `it should have ${input.expected.answer === 'accepts' ? 'accepted' : 'refused'} them: ${input.expected.why}`

/** Writes a directory: for each finding the input and a script that shows it again, and a report of all. */
export const writeReport = (
  dir: string,
  type: string,
  options: CampaignOptions,
  standing: Standing,
): Promise<void> => OutputFolder.fill(dir, (folder) => fillReport(folder, dir, type, options, standing))

const fillReport = async (
  folder: OutputFolder,
  dir: string,
  type: string,
  { target, command, seed }: CampaignOptions,
  { runs, elapsed, findings }: Standing,
): Promise<void> => {
  const names = findings.map((_, i) => `finding-${i + 1}`)
  for (const [i, { input }] of findings.entries()) {
    const bytes = `${names[i]}.bin`
    const script = `#!/bin/sh
# ${input.expected.why.replaceAll('\n', ' ')}
# It should exit with ${input.expected.answer === 'accepts' ? 0 : 1}.
cd ${quote(process.cwd())} || exit 2
{ ${command}
} < ${quote(resolve(dir, bytes))}
code=$?
echo "exit code $code"
exit $code
`
    await folder.write(bytes, input.bytes)
    await folder.write(`${names[i]}.sh`, encodeEscaped(script), 0o755)
  }
  const report = {
    type,
    protocol: target.protocol,
    profile: target.profile,
    command,
    seed,
    runs,
    seconds: Math.round(elapsed * 10) / 10,
    findings: findings.map(({ input, answer, stderr, firstLength }, i) => ({
      answer: showAnswer(answer),
      expected: input.expected.answer,
      why: input.expected.why,
      input: `${names[i]}.bin`,
      script: `${names[i]}.sh`,
      bytes: input.bytes.length,
      firstBytes: firstLength,
      hex: Buffer.from(input.bytes.subarray(0, 4096)).toString('hex'),
      stderr,
    })),
  }
  await folder.write('report.json', `${jsonText(report, 2)}\n`)
}
