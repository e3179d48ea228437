/** Whether a text can be printed as it is: a name may hold anything, the codes that steer a terminal too. */
const isPlain = (text: string): boolean => text.isWellFormed() && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}"\\]/u.test(text)

/** A name or a target as one word on one line; quoted as JSON has it where it needs that. */
export const showName = (name: string): string =>
  isPlain(name)
    ? name
    : JSON.stringify(name).replace(
        /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
        (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
      )

/** Entry names as a path; `.` is the archive itself. */
export const showPath = (names: ReadonlyArray<string>): string => showName(pathOf(names))

export const pathOf = (names: ReadonlyArray<string>): string =>
  names.length === 0 ? '.' : `./${names.join('/')}`
