import { isLeft } from 'fp-ts/lib/Either.js'
import type { FieldPath, Issue } from '../combinators/issue.js'
import type { ProtocolVersion } from '../combinators/version.js'
import { acceptClient, acceptServer, oldestVersion } from '../grammar/negotiation.js'
import type { Greeting } from './greeting.js'
import type { Received } from './received.js'

const handshakeKeys: { readonly [key: string]: FieldPath } = {
  magic: ['client'],
  version: ['client', 'version'],
  hello: ['server'],
  daemonFeatures: ['features'],
  cpuFlag: ['cpuAffinityFlag'],
  cpu: ['cpuAffinity'],
  reserve: ['reserveSpace'],
  info: [],
}

/** An issue of the handshake in the form of events; `index`: the number of the log message being read. */
export const inHandshake = (issue: Issue, greeting: Greeting, index: number): Issue => {
  const [first = '', ...rest] = issue.path
  const key = String(first)
  const refused = isRefusal(issue) ? refusalOf(key, greeting) : null
  if (refused !== null) {
    const { side, expected } = refused
    const path = ['handshake', side, 'version']
    return { ...issue, offset: 8, path, expected, actual: issue.expected, grammar: 'ProtocolVersion' }
  }
  const place = key === 'log' ? ['log', index] : (handshakeKeys[key] ?? [key])
  const path = ['handshake', ...place, ...rest]
  return key === 'magic' ? { ...issue, path, grammar: helloOf(issue.grammar) } : { ...issue, path }
}

/** The magic and the version are one message, which both sides send at once. */
const helloOf = (grammar: string): string => (grammar === 'ClientMagic' ? 'ClientHello' : grammar)

const isRefusal = ({ _tag, grammar }: Issue): boolean =>
  _tag === 'InvalidValue' && (grammar === 'client version' || grammar === 'version')

const refusalOf = (
  key: string,
  { versions }: Greeting,
): { readonly side: 'client' | 'server'; readonly expected: string } | null => {
  if (versions === null) {
    return null
  }
  const { client, server } = versions
  return key === 'version'
    ? { side: 'client', expected: wanted(acceptClient(client, { newest: server })) }
    : { side: 'server', expected: wanted(acceptServer(server, { newest: client })) }
}

const wanted = (accepted: ReturnType<typeof acceptClient>): string =>
  isLeft(accepted) && accepted.left._tag === 'WithoutFeatures'
    ? 'a version whose features the other side can be told'
    : `a protocol version from ${oldestVersion} on, below 2.0`

/** The state of an operation in which an issue is found. */
export interface InOperation {
  readonly version: ProtocolVersion
  /** The requested operation, with its name if that is known. */
  readonly asked: string
  /** The number of the log message being read. */
  readonly index: number
  readonly received: Received | null
  /** How many bytes the daemon requested last. */
  readonly wanted: number
}

/** An issue of an operation in the form of events. */
export const inOperation = (issue: Issue, at: InOperation): Issue => {
  const [key = '', ...rest] = issue.path
  switch (key) {
    case 'operation':
      return issue._tag === 'UnknownTag'
        ? { ...issue, expected: `an operation of protocol ${at.version}`, actual: at.asked }
        : issue
    case 'log':
      return { ...issue, path: ['log', at.index, ...rest] }
    case 'answer':
      return { ...answered(issue, at), path: ['upload', ...rest] }
    case 'upload':
    case 'download':
      return inContent(issue, key, rest, at)
    default:
      return issue
  }
}

const answered = (issue: Issue, { wanted: most }: InOperation): Issue =>
  issue._tag === 'LimitExceeded' && issue.grammar === 'answer'
    ? {
        ...issue,
        expected: `at most ${most} bytes, as the daemon wanted`,
        actual: issue.actual.replace(/^a length of (.*)$/, '$1 bytes'),
        grammar: 'ReadReply',
      }
    : issue

const inContent = (issue: Issue, key: string, rest: FieldPath, { received }: InOperation): Issue => {
  const inside = received === null ? rest : received.pathOf(rest)
  const path = [key, ...inside]
  if (issue._tag === 'FramesEnd') {
    return { ...issue, path, expected: `${issue.expected} of the upload` }
  }
  if (issue._tag === 'InvalidValue' && issue.grammar === 'narSize') {
    const index = received?.index ?? 0
    return { ...issue, path: [key, index, 'info', 'narSize'], grammar: 'AddMultipleToStore' }
  }
  if (issue._tag === 'UnknownTag' && issue.grammar === 'mark') {
    const expected = '1 (one more path) or 0 (the end)'
    return { ...issue, path: [key, received?.index ?? 0], expected, grammar: 'ImportPaths' }
  }
  return { ...issue, path }
}
