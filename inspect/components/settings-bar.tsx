import { unquoted } from '../../combinators/show.js'
import type { ProtocolVersion } from '../../combinators/version.js'
import { newestVersion } from '../../types/nix-protocol.js'
import type { Settings } from '../engine/api.js'
import { knownFeatures } from '../features.js'
import type { Form } from '../input/forms.js'
import type { Source } from '../use-inspection.js'
import { TypeField } from './type-field.js'

interface Props {
  readonly source: Source
  readonly settings: Settings
  readonly types: ReadonlyArray<readonly [section: string, names: ReadonlyArray<string>]>
  readonly problem: string | null
  readonly onChange: (some: Partial<Settings>) => void
  readonly onForm: (form: Form) => void
  readonly onSwap: () => void
}

const oldestMinor = 10
const versions: ReadonlyArray<ProtocolVersion> = Array.from(
  { length: Number(newestVersion.slice(2)) - oldestMinor + 1 },
  (_, i): ProtocolVersion => `1.${oldestMinor + i}`,
).reverse()

const formNames: { readonly [F in Form]: string } = { bytes: 'bytes', hex: 'hex text', base64: 'base64 text' }

export const SettingsBar = ({ source, settings, types, problem, onChange, onForm, onSwap }: Props) => {
  const isMessage = source.kind === 'message'
  const shownVersions = versions.includes(settings.version) ? versions : [settings.version, ...versions]
  return (
    <form class="settings" aria-label="What the bytes are" onSubmit={(event) => event.preventDefault()}>
      {isMessage ? (
        <>
          <TypeField
            type={settings.type}
            types={types}
            isRefused={problem !== null}
            onChange={(type) => onChange({ type })}
          />
          <label>
            Version
            <select
              value={settings.version}
              onChange={({ currentTarget }) => onChange({ version: currentTarget.value as ProtocolVersion })}
            >
              {shownVersions.map((version) => (
                <option key={version}>{version}</option>
              ))}
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
          value={settings.storeDir}
          onChange={({ currentTarget }) => onChange({ storeDir: currentTarget.value.trim() })}
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
      ) : (
        <button type="button" onClick={onSwap}>
          Swap the sides
        </button>
      )}
    </form>
  )
}

interface FeaturesProps {
  readonly features: ReadonlyArray<string>
  readonly onChange: (features: ReadonlyArray<string>) => void
}

const Features = ({ features, onChange }: FeaturesProps) => {
  const names = [...knownFeatures, ...features.filter((name) => !knownFeatures.includes(name))]
  return (
    <details
      class="features"
      onFocusOut={({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) {
          currentTarget.open = false
        }
      }}
      onKeyDown={({ key, currentTarget }) => {
        if (key === 'Escape') {
          currentTarget.open = false
        }
      }}
    >
      <summary>Features: {features.length === 0 ? 'none' : features.length}</summary>
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
    </details>
  )
}
