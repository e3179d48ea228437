import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { projectPath } from './shared.js'

/** Code that makes a test depend on luck, as a pattern for a line. */
const rules: ReadonlyArray<readonly [name: string, finds: RegExp, instead: string]> = [
  [
    'a pause',
    /\bset(Timeout|Interval)\b|timers\/promises|\bwaitForTimeout\b|\bsleep[ (]/,
    'wait for the effect: until, becomes, settled',
  ],
  [
    'a limit in seconds',
    /\btimeout\(|[tT]imeout: \d/,
    'mocha has one limit for all tests, `longest` one for a single wait',
  ],
  ['the time of day', /\b(performance|Date)\.now\b|\bhrtime\b/, 'processorTime, or none'],
  [
    'a fixed port',
    /\blisten\([1-9]|(localhost|127\.0\.0\.1):\d/,
    'port 0, or a socket in a folder of its own',
  ],
  ['a fixed folder', /['"`]\/tmp\/|tmpdir\(\), *['"`](?![^'"`]*-['"`])/, 'mkdtemp'],
  [
    'a process that is not counted',
    /['"`/]cli\/main|\/command-words\.js/,
    'spawnNixWire or nixWireProcess; better, nixWire',
  ],
]

/** The allowed places, and why. */
const allowed: ReadonlyArray<readonly [file: string, rule: string, why: string]> = [
  ['spec/support/waiting.ts', 'a pause', 'looks again and again'],
  ['spec/support/waiting.ts', 'the time of day', 'gives up in the end'],
  ['spec/support/clock.ts', 'a pause', 'stands in for it'],
  ['spec/support/nix-daemon.ts', 'a pause', 'ends a daemon that takes no notice, and then waits'],
  ['spec/stream/nix-writer.spec.ts', 'a pause', 'lets the writer go on, as often as it takes'],
  ['spec/fuzz/campaign.ts', 'a pause', 'no pause, but a turn of the event loop'],
  ['spec/fuzz/campaign.ts', 'the time of day', 'goes on for as long as it is told'],
  ['spec/cli/fuzz.spec.ts', 'a pause', 'programs that hang'],
  ['spec/cli/fuzz-ended.spec.ts', 'a pause', 'programs that hang'],
  ['spec/cli/proxy-program.spec.ts', 'a pause', 'a program that hangs'],
  ['spec/fuzz/time.spec.ts', 'a pause', 'turns of the event loop; the clock stands still'],
  ['spec/fuzz/json-form.spec.ts', 'a limit in seconds', 'of programs that answer at once'],
  ['spec/fuzz/program.spec.ts', 'a pause', 'a program that leaves another behind'],
  ['laws/conversation/script.ts', 'a pause', 'turns of the event loop, and none of them moved anything'],
  ['spec/conformance/daemon/write-matrix.ts', 'a pause', 'no test: how long a daemon may be silent'],
  ['spec/daemon/pool.spec.ts', 'a limit in seconds', 'a connection that is waited for in vain'],
  ['spec/daemon/errors.spec.ts', 'a pause', 'a program that hangs'],
  ['spec/daemon/errors.spec.ts', 'a limit in seconds', 'silence that is waited for in vain'],
  ['spec/daemon/client.spec.ts', 'a limit in seconds', 'of a clock that the test moves'],
  ['spec/daemon/downloads.spec.ts', 'a limit in seconds', 'of a clock that the test moves'],
  ['spec/daemon/time-limits.spec.ts', 'a limit in seconds', 'of a clock that the test moves, or none'],
  ['spec/cli/store-timeout.spec.ts', 'a limit in seconds', 'none'],
  ['spec/support/cli.ts', 'a process that is not counted', 'counts it'],
  ['spec/support/command-words.ts', 'a process that is not counted', 'starts none'],
  [
    'spec/support/doc-workshop.ts',
    'a process that is not counted',
    'commands of the guides, as a shell runs them',
  ],
  ['spec/cli/fuzz.spec.ts', 'a process that is not counted', 'a script starts it'],
  ['spec/cli/mutate.spec.ts', 'a process that is not counted', 'AFL++ starts it'],
  ['spec/cli/complete.spec.ts', 'a process that is not counted', 'a shell starts it'],
  ['spec/package/engines.check.ts', 'a process that is not counted', 'other engines start it'],
  ['spec/package/started.check.ts', 'a process that is not counted', 'the built command, one after another'],
  [
    'spec/package/modules.check.ts',
    'a process that is not counted',
    'the installed command, one after another',
  ],
  [
    'spec/cli/names.spec.ts',
    'a process that is not counted',
    'a shell starts it, with bytes that Node cannot give it',
  ],
  [
    'spec/cli/output.spec.ts',
    'a process that is not counted',
    'has an output of its own kind; one in each test',
  ],
]

const files = ['spec', 'laws'].flatMap((folder) =>
  readdirSync(projectPath(folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
    .filter((name) => name !== 'spec/support/patience.spec.ts'),
)

/** Each line that matches a rule, without comments. */
const found = files.flatMap((file) =>
  readFileSync(projectPath(file), 'utf8')
    .split('\n')
    .flatMap((line, i) => {
      const isComment = /^\s*(\/\/|\*|\/\*)/.test(line)
      return rules
        .filter(([, finds]) => !isComment && finds.test(line))
        .map(([rule, , instead]) => ({ file, rule, text: `${file}:${i + 1}: ${rule} (${instead})` }))
    }),
)

describe('no test depends on luck', () => {
  it('none has a pause, a limit of its own, a fixed port or name, or starts the command without being counted', () => {
    const isAllowed = ({ file, rule }: { readonly file: string; readonly rule: string }): boolean =>
      allowed.some(([where, what]) => where === file && what === rule)
    expect(found.filter((each) => !isAllowed(each)).map(({ text }) => text)).to.deep.equal([])
  })

  it('no exception is out of date', () => {
    const isThere = ([where, what]: (typeof allowed)[number]): boolean =>
      found.some(({ file, rule }) => file === where && rule === what)
    expect(allowed.filter((each) => !isThere(each))).to.deep.equal([])
  })

  it('finds each kind of luck', () => {
    for (const [line, rule] of [
      ['    await sleep(50)', 'a pause'],
      ["import { setTimeout as later } from 'node:timers/promises'", 'a pause'],
      ['    await page.waitForTimeout(100)', 'a pause'],
      ['  }).timeout(30_000)', 'a limit in seconds'],
      ['    this.timeout(1000)', 'a limit in seconds'],
      ['    const signal = AbortSignal.timeout(10)', 'a limit in seconds'],
      ["run('nix', args, { timeout: 20_000 })", 'a limit in seconds'],
      ['    const start = performance.now()', 'the time of day'],
      ["server.listen(8080, '127.0.0.1')", 'a fixed port'],
      ["await fetch('http://localhost:8080/')", 'a fixed port'],
      ["const dir = '/tmp/out'", 'a fixed folder'],
      ["const dir = join(tmpdir(), 'out')", 'a fixed folder'],
      [
        "spawn(process.execPath, ['--import', 'tsx', projectPath('cli/main.ts')])",
        'a process that is not counted',
      ],
    ] as const) {
      const names = rules.filter(([, finds]) => finds.test(line)).map(([name]) => name)
      expect(names, line).to.include(rule)
    }
    expect(rules.some(([, finds]) => finds.test("mkdtempSync(join(tmpdir(), 'nix-wire-cli-'))"))).to.equal(
      false,
    )
  })
})
