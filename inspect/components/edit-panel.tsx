import { useLayoutEffect, useState } from 'preact/hooks'
import { useEditing } from '../use-editing.js'
import type { Inspection } from '../use-inspection.js'

interface Props {
  readonly it: Inspection
  /** Called before the first change. */
  readonly enter: () => void
}

/** Changes the byte at the cursor or the selected field, and breaks a rule in it. */
export const EditPanel = ({ it, enter }: Props) => {
  const [isOpen, setOpen] = useState(false)
  const editing = useEditing(it, isOpen, enter)
  const { base, problem, undo } = editing
  const editable = base?.editable ?? null
  return (
    <details class="edit" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Edit</summary>
      {isOpen ? (
        <form onSubmit={(event) => event.preventDefault()}>
          <ByteField it={it} onByte={editing.putByte} />
          {editable === null ? (
            <p>
              {base?.problem ??
                'Select a field of a message to edit it. In a session you can overwrite single bytes, above.'}
            </p>
          ) : (
            <>
              <JsonField
                key={`${base?.path.join('.')} ${editable.field}`}
                field={editable.field}
                json={editable.json}
                problem={problem}
                onJson={(text) => editing.change({ kind: 'json', text })}
              />
              <label>
                Break a rule
                <select
                  value=""
                  onChange={({ currentTarget }) => {
                    editing.change({ kind: 'rule', rule: currentTarget.value })
                    currentTarget.value = ''
                  }}
                >
                  <option value="" disabled>
                    {editable.rules.length === 0 ? 'none here' : 'choose…'}
                  </option>
                  {editable.rules.map((rule) => (
                    <option key={rule}>{rule}</option>
                  ))}
                </select>
              </label>
            </>
          )}
          <button type="button" disabled={undo === null} onClick={() => undo?.()}>
            Undo
          </button>
        </form>
      ) : null}
    </details>
  )
}

const ByteField = ({ it, onByte }: { readonly it: Inspection; readonly onByte: (value: number) => void }) => {
  const { cursor, input } = it
  const stream =
    cursor === null || input._tag !== 'Input'
      ? null
      : input.input.kind === 'message'
        ? input.input.bytes
        : cursor.stream === 0
          ? input.input.client
          : input.input.server
  const byte = cursor === null ? undefined : stream?.[cursor.offset]
  const shown = byte === undefined ? '' : byte.toString(16).padStart(2, '0')
  const [text, setText] = useState(shown)
  useLayoutEffect(() => setText(shown), [shown, cursor?.stream, cursor?.offset])
  return (
    <label>
      {cursor === null ? 'Byte' : `Byte ${cursor.offset}`}, in hex
      <input
        type="text"
        class="byte"
        spellcheck={false}
        autocomplete="off"
        maxLength={2}
        disabled={byte === undefined}
        value={text}
        onInput={({ currentTarget: { value } }) => {
          setText(value)
          if (/^[0-9a-f]{2}$/i.test(value)) {
            onByte(Number.parseInt(value, 16))
          }
        }}
      />
    </label>
  )
}

interface JsonProps {
  readonly field: string
  readonly json: string
  readonly problem: string | null
  readonly onJson: (text: string) => void
}

const JsonField = ({ field, json, problem, onJson }: JsonProps) => {
  const [text, setText] = useState(json)
  // The typed text stays until another value comes from outside.
  const [sent, setSent] = useState<string | null>(null)
  useLayoutEffect(() => {
    if (sent === null) {
      setText(json)
    }
  }, [json])
  return (
    <>
      <label class="json">
        <span>
          JSON of <code>{field}</code>
        </span>
        <textarea
          rows={4}
          spellcheck={false}
          value={text}
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : 'edit-problem'}
          onBlur={() => setSent(null)}
          onInput={({ currentTarget: { value } }) => {
            setText(value)
            setSent(value)
            onJson(value)
          }}
        />
      </label>
      {problem === null ? null : (
        <p id="edit-problem" class="problem" role="status">
          {problem}
        </p>
      )}
    </>
  )
}
