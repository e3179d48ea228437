import type { Form } from '../../bytes/forms.js'
import { unquoted } from '../../combinators/show.js'
import type { ProtocolVersion } from '../../combinators/version.js'
import { knownFeatures } from '../../grammar/known-features.js'
import { newestServeVersion } from '../../grammar/serve/protocol.js'
import { newestVersion } from '../../types/nix-protocol.js'
import type { Settings } from '../engine/api.js'
import { grouped } from '../engine/value-text.js'
import type { SessionSource, Source } from '../input/source.js'
import { Menu } from './menu.js'
import { TypeField } from './type-field.js'
import { useTyped } from './use-typed.js'

interface Props {
  readonly source: Source
  readonly settings: Settings
  readonly types: ReadonlyArray<readonly [section: string, names: ReadonlyArray<string>]>
  readonly problem: string | null
  readonly onChange: (some: Partial<Settings>) => void
  readonly onForm: (form: Form) => void
  readonly onConnection: (chosen: number) => void
  readonly onSwap: () => void
}

/** The versions, newest first. */
const versionsTo = (newest: ProtocolVersion, oldestMinor: number): ReadonlyArray<ProtocolVersion> => {
  const [major, minor] = newest.split('.').map(Number) as [number, number]
  return Array.from({ length: minor - oldestMinor + 1 }, (_, i): ProtocolVersion => `${major}.${minor - i}`)
}

const workerVersions = versionsTo(newestVersion, 10)
const serveVersions = versionsTo(newestServeVersion, 1)

/** The settings after a change of the type: a type of the other protocol also changes the version. */
const withType = (type: string, types: Props['types'], version: ProtocolVersion): Partial<Settings> => {
  const section = types.find(([, names]) => names.includes(type))?.[0]
  if (section === undefined) {
    return { type }
  }
  const isServe = section.startsWith('Serve protocol')
  const isServeVersion = serveVersions.includes(version)
  return isServe === isServeVersion
    ? { type }
    : { type, version: isServe ? newestServeVersion : newestVersion }
}

const formNames: { readonly [F in Form]: string } = { bytes: 'bytes', hex: 'hex text', base64: 'base64 text' }

export const SettingsBar = ({ source, settings, types, problem, onChange, onForm, ...on }: Props) => {
  // An input that is still to come counts as a message.
  const isMessage = source.kind !== 'session'
  const { version } = settings
  const storeDir = useTyped(settings.storeDir, (text) => onChange({ storeDir: text.trim() }))
  const isListed = workerVersions.includes(version) || serveVersions.includes(version)
  return (
    <form class="settings" aria-label="What the bytes are" onSubmit={(event) => event.preventDefault()}>
      {isMessage ? (
        <>
          <TypeField
            type={settings.type}
            types={types}
            isRefused={problem !== null}
            onChange={(type) => onChange(withType(type, types, version))}
          />
          <label>
            Version
            <select
              value={version}
              onChange={({ currentTarget }) => onChange({ version: currentTarget.value as ProtocolVersion })}
            >
              {isListed ? null : <option>{version}</option>}
              <Versions label="Daemon protocol" versions={workerVersions} />
              <Versions label="Serve protocol" versions={serveVersions} />
            </select>
          </label>
          <Features features={settings.features} onChange={(features) => onChange({ features })} />
          <label>
            Profile
            <select
              value={settings.canonical ? 'canonical' : 'compatible'}
              onChange={({ currentTarget }) => onChange({ canonical: currentTarget.value === 'canonical' })}
            >
              <option>compatible</option>
              <option>canonical</option>
            </select>
          </label>
        </>
      ) : null}
      <label>
        Store directory
        <input
          type="text"
          spellcheck={false}
          placeholder={isMessage ? '/nix/store' : 'what the traffic shows'}
          {...storeDir}
        />
      </label>
      {source.kind === 'message' ? (
        <label>
          Input is
          <select value={source.form} onChange={({ currentTarget }) => onForm(currentTarget.value as Form)}>
            {(Object.keys(formNames) as Array<Form>).map((form) => (
              <option key={form} value={form}>
                {formNames[form]}
              </option>
            ))}
          </select>
        </label>
      ) : source.kind === 'session' ? (
        <Sides source={source} {...on} />
      ) : null}
    </form>
  )
}

const Versions = ({
  label,
  versions,
}: {
  readonly label: string
  readonly versions: ReadonlyArray<ProtocolVersion>
}) => (
  <optgroup label={label}>
    {versions.map((version) => (
      <option key={version}>{version}</option>
    ))}
  </optgroup>
)

/** Chooses the connection of a recording, or which of two files is which side. */
const Sides = ({
  source: { capture },
  onConnection,
  onSwap,
}: Pick<Props, 'onConnection' | 'onSwap'> & { readonly source: SessionSource }) => {
  if (capture === null) {
    return (
      <button type="button" onClick={onSwap}>
        Swap the sides
      </button>
    )
  }
  return capture.connections.length === 1 ? null : (
    <label>
      Connection
      <select
        value={capture.chosen}
        onChange={({ currentTarget }) => onConnection(Number(currentTarget.value))}
      >
        {capture.connections.map(({ client, server }, index) => (
          <option key={index} value={index}>
            {`${index + 1}: ${grouped(client.length + server.length)} bytes`}
          </option>
        ))}
      </select>
    </label>
  )
}

interface FeaturesProps {
  readonly features: ReadonlyArray<string>
  readonly onChange: (features: ReadonlyArray<string>) => void
}

const Features = ({ features, onChange }: FeaturesProps) => {
  const names = [...knownFeatures, ...features.filter((name) => !knownFeatures.includes(name))]
  return (
    <Menu label={`Features: ${features.length === 0 ? 'none' : features.length}`} name="features">
      {() => (
        <fieldset>
          <legend class="hidden">Features that both peers named</legend>
          {names.map((name) => (
            <label key={name}>
              <input
                type="checkbox"
                checked={features.includes(name)}
                onChange={({ currentTarget }) =>
                  onChange(
                    currentTarget.checked ? [...features, name] : features.filter((each) => each !== name),
                  )
                }
              />
              {unquoted(name)}
            </label>
          ))}
        </fieldset>
      )}
    </Menu>
  )
}
