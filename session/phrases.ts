import { isSome } from 'fp-ts/lib/Option.js'
import type { LogResult } from '../grammar/logging.js'
import type { Dialect } from './dialect.js'
import type { HandshakeEvent, NarSummary, OperationEvent, SessionMessage, StreamSummary } from './events.js'

const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`

const names: { readonly [D in Dialect]: string } = {
  Nix: 'Nix',
  Determinate: 'Determinate Nix',
  Lix: 'Lix',
  Guix: 'GNU Guix',
}

/** The implementation of the daemon, and its release. */
const daemonPhrases = ({ dialect, daemonNixVersion }: HandshakeEvent): ReadonlyArray<string> =>
  isSome(daemonNixVersion)
    ? [`${names[dialect]} ${daemonNixVersion.value}`]
    : dialect === 'Nix'
      ? []
      : [names[dialect]]

const trustPhrases: { readonly [trust: string]: string } = { Trusted: 'trusted', NotTrusted: 'not trusted' }

/** A number without a meaning is shown unchanged. */
const trustPhrase = (trust: string): string => trustPhrases[trust] ?? `trust ${trust}`

/** Why something has no end. */
export const endless = 'the rest never came, or cannot be read'

export const noEnd = `no end: ${endless}`

/** The result of the handshake, a phrase each. Texts of the peers are not escaped. */
export const handshakePhrases = (event: HandshakeEvent): ReadonlyArray<string> => {
  const { clientVersion, serverVersion, version, features, trust } = event
  return [
    `protocol ${version} (client ${clientVersion}, daemon ${serverVersion})`,
    ...(features.length > 0 ? [`features ${features.join(', ')}`] : []),
    ...daemonPhrases(event),
    ...(isSome(trust) ? [trustPhrase(trust.value)] : []),
    ...(event.versionTwice ? ['version sent twice, as by Nix 2.23'] : []),
    ...(event.unfinished ? [noEnd] : []),
  ]
}

/** The first `most` characters of a text, which does not end with a line break. */
export const withoutLastBreaks = (text: string, most: number): string => {
  let end = text.length
  while (end > 0 && text[end - 1] === '\n') {
    end--
  }
  return text.slice(0, Math.min(end, most))
}

/** A message of the daemon on one line. Texts of the peers are not escaped, but cut to `most` characters. */
export const messagePhrase = (message: SessionMessage, most: number = Number.POSITIVE_INFINITY): string => {
  switch (message._tag) {
    case 'Next':
      return withoutLastBreaks(message.text, most).replaceAll('\n', ' ')
    case 'Read':
      return `wants ${message.wanted} bytes`
    case 'Write':
      return `sends ${message.size} bytes`
    case 'StartActivity': {
      const said = message.text === '' ? fieldsPhrase(message, most) : message.text.slice(0, most)
      return `[${message.id}] ${message.type} begins: ${said}`
    }
    case 'StopActivity':
      return `[${message.id}] ends`
    case 'Result':
      return `[${message.id}] ${message.type}: ${fieldsPhrase(message, most)}`
  }
}

const fieldsPhrase = ({ fields }: Pick<LogResult, 'fields'>, most: number): string =>
  fields
    .slice(0, most)
    .map(({ value }) => String(value).slice(0, most))
    .join(' ')

/** The contents of an archive, in counts. */
export const narPhrase = ({ size, sha256, files, executables, symlinks, directories }: NarSummary): string =>
  [
    `NAR of ${size} bytes`,
    plural(files, 'file') + (executables > 0 ? ` (${executables} executable)` : ''),
    plural(directories, 'directory', 'directories'),
    plural(symlinks, 'link'),
    `sha256 ${sha256}`,
  ].join(', ')

/** Whether the daemon did not read an upload: it has the path already, or has failed. */
const isNotAskedFor = ({ way, pieces }: StreamSummary): boolean => way === 'pulled' && pieces === 0

/** The size of a stream, and its pieces. */
export const piecesPhrase = (stream: StreamSummary): string => {
  const { way, pieces: count, size } = stream
  if (isNotAskedFor(stream)) {
    return 'not asked for'
  }
  switch (way) {
    case 'framed':
      return `${size} bytes in ${plural(count, 'frame')}`
    case 'pulled':
      return `${size} bytes in ${plural(count, 'answer')} to Read`
    case 'pushed':
      return `${size} bytes in ${plural(count, 'Write message')}`
    case 'raw':
      return `${size} bytes as they are`
  }
}

/** The phrase for a stream whose content is not known. */
export const withoutContent = (stream: StreamSummary): ReadonlyArray<string> =>
  isNotAskedFor(stream) ? [] : ['no whole content']

/** The name of an operation, and whether the protocol has it. */
export const lackingPhrase = ({ lacking, protocol }: Pick<OperationEvent, 'lacking' | 'protocol'>): string =>
  lacking ? `, which protocol ${protocol.version} lacks` : ''
