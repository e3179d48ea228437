import { useTyped } from './use-typed.js'

interface Props {
  readonly type: string
  readonly types: ReadonlyArray<readonly [section: string, names: ReadonlyArray<string>]>
  readonly isRefused: boolean
  readonly onChange: (type: string) => void
}

const words: ReadonlyArray<string> = [
  'List<String>',
  'Set<StorePath>',
  'Map<String,String>',
  'Tuple<Bool64,UnkeyedValidPathInfo>',
]

/** A grammar's name or an expression over names; known names are offered. */
export const TypeField = ({ type, types, isRefused, onChange }: Props) => (
  <label class="type">
    Grammar
    <input
      type="text"
      list="types"
      spellcheck={false}
      autocomplete="off"
      aria-invalid={isRefused}
      {...useTyped(type, (text) => onChange(text.trim()))}
    />
    <datalist id="types">
      {types.flatMap(([section, names]) =>
        names.map((name) => (
          <option key={name} value={name}>
            {section}
          </option>
        )),
      )}
      {words.map((word) => (
        <option key={word} value={word}>
          Type expressions
        </option>
      ))}
    </datalist>
  </label>
)
