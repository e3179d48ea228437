import { expect } from 'chai'
import { nixWire } from '../support/cli.js'

const usage = (command: string): string => `\`nix-wire ${command} --help\` shows the usage`

describe('a wrong command line', () => {
  const table: ReadonlyArray<readonly [words: ReadonlyArray<string>, said: string]> = [
    [['nonsense'], "unknown command 'nonsense'; `nix-wire --help` lists the commands"],
    [['decod'], "unknown command 'decod' (did you mean decode?); `nix-wire --help` lists the commands"],
    [['nar', 'pak'], "unknown command 'pak' (did you mean pack?); `nix-wire nar --help` lists the commands"],
    [
      ['nar', 'hash', '--typ', 'sha256'],
      "unknown option '--typ' (did you mean --type?); `nix-wire nar hash --help` lists the options",
    ],
    ...[
      ['decode', 'Bool64', '--version', '1.2'],
      ['decode', '--version', 'Bool64'],
      ['fuzz', 'Bool64', '--exec', 'true', '--version', '1.2'],
    ].map(
      (words) =>
        [
          words,
          "unknown option '--version'; --protocol is the version of the protocol, `nix-wire --version` prints that of the program",
        ] as const,
    ),
    ...[['serve'], ['nar', 'pack']].map(
      (words) =>
        [
          [...words, '-V'],
          "unknown option '-V'; `nix-wire --version` prints the version of the program",
        ] as const,
    ),
    [['decode'], `missing argument <type>; ${usage('decode')}`],
    [['decode', 'Bool64', 'a', 'b'], `too many arguments: expected 2, got 3; ${usage('decode')}`],
    [
      ['decode', 'Bool64', '--protocol'],
      `missing argument of the option -p, --protocol <version>; ${usage('decode')}`,
    ],
    [
      ['decode', 'Bool64', '-p', '9\n\x1b[2J'],
      `invalid argument '9\\u{a}\\u{1b}[2J' of --protocol: expected a version such as 1.37; ${usage('decode')}`,
    ],
    [
      ['hash', 'convert', '--to', 'x', 'y'],
      `invalid argument 'x' of --to: expected base16, nix32, base64 or sri; ${usage('hash convert')}`,
    ],
    [
      ['complete', 'tcsh'],
      `invalid argument 'tcsh' for <shell>: expected bash, zsh or fish; ${usage('complete')}`,
    ],
    [['convert', 'a.pcapng'], `missing option -o, --out <name>; ${usage('convert')}`],
    [['corpus'], `expected TYPE and DIR, or --all and DIR; ${usage('corpus')}`],
    [
      ['decode', 'Bool6'],
      'there is no type "Bool6" (did you mean Bool or Bool64?); `nix-wire grammar` lists all types',
    ],
    [['decode', 'Bool64', '-f', 'tea'], 'there is no feature tea; `nix-wire grammar --features` lists all'],
  ]

  for (const [words, said] of table) {
    it(`gets the reason and the next step: ${words.map((word) => JSON.stringify(word)).join(' ')}`, async () => {
      const { exitCode, stdout, stderr } = await nixWire(words)
      expect([exitCode, stdout.toString(), stderr]).to.deep.equal([2, '', `nix-wire: ${said}\n`])
    })
  }

  it('gets the help of a group of commands, as --help prints it', async () => {
    const asked = await nixWire(['nar', '--help'])
    const { exitCode, stdout, stderr } = await nixWire(['nar'])
    expect([exitCode, stdout.toString(), stderr]).to.deep.equal([2, '', asked.stdout.toString()])
  })
})
