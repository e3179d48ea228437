import { showGate } from '../../combinators/gate.js'
import type { AnyGrammar } from '../../combinators/node.js'
import { ClientHandshakeInfo } from '../../grammar/client-handshake-info.js'
import * as handshake from '../../grammar/handshake.js'
import { activityShapes, resultShapes } from '../../grammar/log-fields.js'
import { LogMessage } from '../../grammar/logging.js'
import { linkTo, pageOfParts, sectionsOn, table } from './sections.js'

const introduction = `Printed from the grammars of this package by \`npm run docs:protocol\`; not edited by hand.`

interface Step {
  readonly from: 'client' | 'daemon'
  readonly name: string
  readonly grammar: AnyGrammar
  /** Where that is not what the grammar's gate says. */
  readonly where?: string
  readonly note?: string
}

const steps: ReadonlyArray<Step> = [
  {
    from: 'client',
    name: 'ClientHello',
    grammar: handshake.ClientHello,
    note: 'clients up to Nix 2.22 send the version only after the answer to the magic',
  },
  { from: 'daemon', name: 'ServerHello', grammar: handshake.ServerHello },
  { from: 'client', name: 'FeatureList', grammar: handshake.FeatureList },
  { from: 'daemon', name: 'FeatureList', grammar: handshake.FeatureList },
  { from: 'client', name: 'CpuAffinityFlag', grammar: handshake.CpuAffinityFlag },
  {
    from: 'client',
    name: 'CpuAffinity',
    grammar: handshake.CpuAffinity,
    where: 'behind a flag that is not 0',
  },
  { from: 'client', name: 'ReserveSpace', grammar: handshake.ReserveSpace },
  { from: 'daemon', name: 'ClientHandshakeInfo', grammar: ClientHandshakeInfo },
  { from: 'daemon', name: 'LogMessage', grammar: LogMessage, note: 'any number, up to Last or Error' },
]

/** Where a step takes bytes; that of a record which is all gated fields is its first field's. */
const whereOf = ({ node }: AnyGrammar): string => {
  const [field] = node._tag === 'struct' ? node.fields : []
  const gated = field?.node._tag === 'gated' ? field.node : node
  const [arm] = gated._tag === 'gated' ? gated.arms : []
  return arm === undefined ? 'always' : showGate(arm.gate)
}

/** How a connection begins; checked in as docs/handshake.md. */
export const handshakePage = (): string =>
  pageOfParts(
    '# Handshake',
    introduction,
    'A connection begins with these steps. The first two are the same in every version. All others are read under\n' +
      'the lower of the two versions, those from the fifth on also under the features that both sides named. A step\n' +
      'whose gate does not hold takes no bytes.',
    table(
      ['step', 'from', 'what', 'where', ''],
      steps.map(({ from, name, grammar, where = whereOf(grammar), note = '' }, i) => [
        String(i + 1),
        from,
        linkTo(name),
        where,
        note,
      ]),
    ),
    'Then the client asks its first [operation](operations.md), as a habit [SetOptions](operations.md#setoptions).',
    ...sectionsOn('handshake.md'),
  )

const fieldsTable = (what: string, shapes: typeof activityShapes | typeof resultShapes): string =>
  table(
    [what, 'fields'],
    Object.entries(shapes).map(([type, shape]) => [
      type,
      Object.entries(shape)
        .map(([name, kind]) => `${name} (${kind})`)
        .join(', '),
    ]),
  )

/** What a daemon says between request and reply; checked in as docs/logging.md. */
export const loggingPage = (): string =>
  pageOfParts(
    '# Logging',
    introduction,
    'Between a request and its reply the daemon sends messages of the log: any number, and at last `Last`, behind\n' +
      'which the reply stands, or `Error`, behind which nothing stands. While a client uploads, messages come too.',
    ...sectionsOn('logging.md'),
    '## Fields of activities',
    `The fields of a \`StartActivity\` message by its [ActivityType](protocol.md#activitytype), in their order. A text is\n` +
      'a field of type String; a number, a flag and an activity are fields of type Int. BuildWaiting has no fields, or\n' +
      'the paths of two derivations.',
    fieldsTable('activity', activityShapes),
    '## Fields of results',
    'The fields of a `Result` message by its [ResultType](protocol.md#resulttype).',
    fieldsTable('result', resultShapes),
  )
