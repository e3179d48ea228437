import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { markdownTable } from '../../../bytes/markdown-table.js'
import {
  privateDaemon,
  type Run,
  runOn,
  sectionNumbers,
  sectionTitles,
} from '../../../conformance/daemon/index.js'
import { projectPath } from '../../support/shared.js'

/**
 * Holds the four releases to the protocol, each as a program that is started for each connection, and writes
 * `docs/conformance.md`: `npx tsx spec/conformance/daemon/write-matrix.ts && npx biome check --write docs/conformance.md`.
 */
const releases: ReadonlyArray<readonly [title: string, program: string, conf: string]> = [
  [
    'Nix 2.3',
    projectPath('.nix-releases/bullseye/bin/nix-daemon'),
    `build-hook = ${projectPath('spec/support/decline-hook.sh')}\n`,
  ],
  ['Nix 2.8', 'nix-daemon', ''],
  ['Nix 2.26', projectPath('.nix-releases/trixie/bin/nix-daemon'), ''],
  ['Nix 2.34', projectPath('.nix-releases/sid/bin/nix-daemon'), ''],
]

const after =
  (milliseconds: number) =>
  (signal: AbortSignal): Promise<void> =>
    sleep(milliseconds, undefined, { signal }).catch(() => undefined)

const runs: Array<readonly [title: string, run: Run]> = []
for (const [title, program, conf] of releases) {
  const made = await privateDaemon(program, conf)
  const { target, storeDir } = made
  const run = await runOn({
    target,
    storeDir,
    level: 'build',
    mostCrashes: 1000,
    patience: after(60_000),
    pause: after(2000),
    onResult: ({ id, verdict, outcome, detail }) =>
      verdict === 'failed' && process.stderr.write(`${title} ${id}: ${outcome}, ${detail}\n`),
  })
  await made.close()
  runs.push([title, run])
}

const cell = ({ results }: Run, section: number): string => {
  const counts = (['passed', 'known', 'failed'] as const).map(
    (verdict) =>
      [
        verdict,
        results.filter((each) => each.section === section && each.verdict === verdict).length,
      ] as const,
  )
  return counts
    .filter(([verdict, count]) => count > 0 || verdict === 'passed')
    .map(([verdict, count]) => (verdict === 'passed' ? String(count) : `${count} ${verdict}`))
    .join(', ')
}

const reasonsOf = ({ results }: Run): ReadonlyArray<string> => [
  ...new Set(results.filter(({ verdict }) => verdict === 'known').map(({ detail }) => detail)),
]

const reasons = [...new Set(runs.flatMap(([, run]) => reasonsOf(run)))].sort()

writeFileSync(
  projectPath('docs/conformance.md'),
  `# Daemons and the protocol

What \`nix-wire conformance daemon --level build\` finds in four releases of Nix, each on a store of its own. A case is one
connection: what a client says, and what the daemon may do with it. Behind it there are questions whose answers are known, so that
a daemon that has lost its place is seen.

The command is for daemons of your own: some cases end the process that serves them.

The numbers are cases that passed; _known_ are outcomes that the protocol does not have and the release is known for. What a release
is known not to have, or must not be asked, is left out.

${markdownTable(
  ['section', ...runs.map(([title]) => title)],
  sectionNumbers.map((section) => [
    `${section} ${sectionTitles[section]}`,
    ...runs.map(([, run]) => cell(run, section)),
  ]),
)}

## Known differences

${markdownTable(
  ['difference', 'releases'],
  reasons.map((reason) => [
    reason,
    runs
      .filter(([, run]) => reasonsOf(run).includes(reason))
      .map(([title]) => title.replace('Nix ', ''))
      .join(', '),
  ]),
)}

Lengths for which a daemon would make room are not tried: they harm whoever runs it, and are no mistake in its protocol.

Written by \`npx tsx spec/conformance/daemon/write-matrix.ts\`.
`,
)
