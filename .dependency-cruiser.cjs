// Who may import whom. Each layer lists the folders and packages it may import, besides its own files;
// everything else, node: modules included, is refused. Type-only imports count.

const npm = (...names) => names.map((name) => `^node_modules/(@types/)?${name}/`)
const node = '^(node:)?[a-z0-9_/]+$'

const mayImport = {
  bytes: [...npm('fp-ts')],
  combinators: ['^bytes/', ...npm('fp-ts')],
  types: [
    '^bytes/',
    '^combinators/(expect|family|gate|text-format|pattern-regex|protocol|version|char-class|show|map-entries)\\.ts$',
    ...npm('@standard-schema', 'io-ts', 'fp-ts', 'arcsecond'),
  ],
  // All that interprets grammars; what makes conversations up stands above it.
  'interpreters(?!/conversations)': [
    '^(bytes|combinators)/',
    ...npm('fp-ts', 'arcsecond', 'fast-check', 'lossless-json'),
  ],
  'interpreters/conversations': [
    '^(bytes|combinators|conversation)/',
    '^interpreters/(arbitrary|compile|malformed)/',
    ...npm('fp-ts', 'fast-check'),
  ],
  conversation: ['^(bytes|combinators)/', '^interpreters/compile/', ...npm('fp-ts')],
  grammar: ['^(bytes|combinators|conversation|types)/', ...npm('fp-ts')],
  store: [
    '^(bytes|combinators|grammar|types)/',
    // What an archive says, and what bytes can come from: none of it needs Node.
    '^stream/(source|issue-error|nar/(byte-source|events))\\.ts$',
    ...npm('fp-ts', 'io-ts'),
  ],
  stream: [
    '^(bytes|combinators|conversation|grammar|types)/',
    '^interpreters/compile/',
    ...npm('fp-ts'),
    node,
  ],
  serve: [
    '^(bytes|combinators|conversation|grammar|types|stream)/',
    '^interpreters/compile/',
    ...npm('fp-ts'),
  ],
  laws: ['^(bytes|combinators|conversation|interpreters|stream)/', ...npm('fp-ts', 'fast-check')],
  'nix-json': [
    '^(bytes|combinators|grammar|types|store)/',
    '^interpreters/(compile|json)/',
    ...npm('@noble/hashes', 'io-ts', 'fp-ts', 'lossless-json'),
  ],
  validation: [
    '^(bytes|combinators|types)/',
    '^interpreters/(compile|dissect|json)/',
    ...npm('@standard-schema', 'io-ts', 'fp-ts'),
  ],
  session: [
    '^(bytes|combinators|conversation|interpreters|grammar|types|stream)/',
    ...npm('@noble/hashes', 'fp-ts'),
  ],
  fuzz: ['^(bytes|combinators|interpreters)/', ...npm('fp-ts', 'fast-check', 'lossless-json'), node],
  vectors: ['^(bytes|combinators|interpreters)/', ...npm('@noble/hashes', 'fp-ts')],
  'conformance/report': ['^combinators/show\\.ts$', ...npm('fp-ts')],
  'conformance/codecs': [
    '^(bytes|combinators|interpreters|vectors|fuzz)/',
    '^conformance/report/',
    ...npm('fp-ts'),
    node,
  ],
  'conformance/daemon': [
    '^(bytes|combinators|conversation|grammar|store|types|stream|session|daemon)/',
    '^interpreters/(compile|malformed)/',
    '^conformance/report/',
    ...npm('fp-ts'),
    node,
  ],
  'conformance/client': [
    '^(bytes|combinators|conversation|grammar|store|types|stream|session|daemon)/',
    '^interpreters/(compile|malformed)/',
    '^conformance/(daemon|report)/',
    ...npm('fp-ts'),
    node,
  ],
  daemon: [
    '^(bytes|combinators|conversation|interpreters|grammar|store|types|stream|session)/',
    ...npm('fp-ts'),
    node,
  ],
}

const library = `^((${Object.keys(mayImport).join('|')})/|[^/]+\\.ts$)`

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...Object.entries(mayImport).map(([layer, allowed]) => ({
      name: `${layer}-imports`,
      comment: `${layer}/ may import only its own files and what .dependency-cruiser.cjs lists for it`,
      severity: 'error',
      from: { path: `^${layer}/` },
      to: { pathNot: [`^${layer}/`, ...allowed] },
    })),
    {
      name: 'interpreters-stand-alone',
      comment: 'an interpreter (a file, or a folder) never imports another; index.ts gathers them',
      severity: 'error',
      from: { path: '^interpreters/([^/.]+)', pathNot: '^interpreters/(index\\.ts$|conversations/)' },
      to: { path: '^interpreters/', pathNot: '^interpreters/$1(\\.ts$|/)' },
    },
    {
      name: 'fast-check-by-request',
      comment:
        'nix-wire itself works without fast-check: only laws/ gathers what needs it, and cli/ loads it late',
      severity: 'error',
      from: { pathNot: '^(interpreters/(arbitrary|conversations)|laws|fuzz|cli|spec|bench|examples)/' },
      to: { path: ['^interpreters/(arbitrary|conversations)/', '^laws/'] },
    },
    {
      name: 'nix-json-by-request',
      comment: 'commands load the JSON of Nix only when it is asked for',
      severity: 'error',
      from: { path: '^cli/', pathNot: '^cli/nix-json-form\\.ts$' },
      to: { path: ['^nix-json/', '^cli/nix-json-form\\.ts$'], dynamic: false },
    },
    {
      name: 'cli-is-a-leaf',
      comment: 'only cli/ itself, its tests and the site, which shows its pages, import cli/',
      severity: 'error',
      from: { pathNot: '^(cli|spec|docs/site)/' },
      to: { path: '^cli/' },
    },
    {
      name: 'inspect-imports',
      comment: 'the page is built from the library and its samples, and runs where there is no Node',
      severity: 'error',
      from: { path: '^inspect/', pathNot: '^inspect/vite\\.config\\.ts$' },
      to: {
        pathNot: [
          '^inspect/',
          '\\?worker',
          '^(bytes|combinators|conversation|interpreters|grammar|types|store|session)/',
          // All that a module in the page may import.
          '^index\\.ts$',
          '^examples/(messages|sessions)/',
          ...npm('preact', 'fp-ts', 'lossless-json', '@noble/hashes', 'es-module-lexer'),
        ],
      },
    },
    {
      name: 'session-without-node',
      comment: 'sessions are read in browsers too: nothing that they need imports Node',
      severity: 'error',
      from: { path: '^session/' },
      to: { path: node, reachable: true },
    },
    {
      name: 'streams-without-node',
      comment: 'what browsers get of nix-wire/stream imports no Node',
      severity: 'error',
      from: { path: '^stream/browser\\.ts$' },
      to: { path: node, reachable: true },
    },
    {
      name: 'inspect-is-a-leaf',
      comment: 'only the tests import the page; the command serves it built',
      severity: 'error',
      from: { pathNot: '^(inspect|spec)/' },
      to: { path: '^inspect/' },
    },
    {
      name: 'spec-is-a-leaf',
      severity: 'error',
      from: { pathNot: '^spec/' },
      to: { path: '^spec/' },
    },
    {
      name: 'bench-is-a-leaf',
      severity: 'error',
      from: { pathNot: '^bench/' },
      to: { path: '^bench/' },
    },
    {
      name: 'examples-are-leaves',
      comment: 'only the tests run the examples; the page shows what was recorded',
      severity: 'error',
      from: { pathNot: '^(examples|spec)/' },
      to: { path: '^examples/.*\\.ts$' },
    },
    {
      name: 'no-dev-dependency-in-the-package',
      comment:
        'what is published may import dependencies and (optional) peers only: others are not installed',
      severity: 'error',
      from: { path: [library, '^cli/'] },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['npm', 'npm-peer'],
      },
    },
    {
      name: 'no-self-import',
      comment: "the sources import one another by path: 'nix-wire' would be the last build",
      severity: 'error',
      from: { path: [library, '^cli/'] },
      to: { path: '^(nix-wire(/|$)|dist/)' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['^nix-wire(/|$)', '\\?worker'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    doNotFollow: { path: '^(node_modules|dist)/' },
    exclude: { path: '^(coverage|site|\\.doc-examples)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  },
}
