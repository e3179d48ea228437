import { encodeEscaped } from '../../bytes/escaped.js'

/** The possible values in a Lua table. */
export type LuaValue = string | number | boolean | ReadonlyArray<LuaValue> | LuaTable
export interface LuaTable {
  readonly [key: string]: LuaValue | undefined
}

const plain = /[ !#-[\]-~]/

/** A text in Lua syntax: bytes that are not printable ASCII are escaped, so that nothing ends it early. */
const luaText = (text: string): string =>
  `"${Array.from(encodeEscaped(text), (byte) => {
    const character = String.fromCharCode(byte)
    return plain.test(character) ? character : `\\${String(byte).padStart(3, '0')}`
  }).join('')}"`

const reserved: ReadonlySet<string> = new Set(
  'and break do else elseif end false for function goto if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
)

const luaKey = (key: string): string =>
  /^[a-z]+$/.test(key) && !reserved.has(key) ? key : `[${luaText(key)}]`

/** A value on one line. */
export const lua = (value: LuaValue): string => {
  if (typeof value === 'string') {
    return luaText(value)
  }
  if (typeof value !== 'object') {
    return String(value)
  }
  const parts = isList(value)
    ? value.map(lua)
    : Object.entries(value).flatMap(([key, each]) =>
        each === undefined ? [] : [`${luaKey(key)} = ${lua(each)}`],
      )
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`
}

const isList = (value: LuaValue): value is ReadonlyArray<LuaValue> => Array.isArray(value)
