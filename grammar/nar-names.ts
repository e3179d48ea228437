/** The most bytes of each part of a NAR, since Nix 2.35. */
export const narLimits = { tag: 32, name: 255, target: 4095 } as const

export const entryNameRule = 'an entry name: not empty, not "." or "..", without "/" and NUL'

export const linkTargetRule = 'the target of a symbolic link: not empty, without NUL'

// A value to write may have any type.
export const isEntryName = (name: unknown): boolean =>
  typeof name === 'string' &&
  name !== '' &&
  name !== '.' &&
  name !== '..' &&
  !name.includes('/') &&
  !name.includes('\0')

export const isLinkTarget = (target: unknown): boolean =>
  typeof target === 'string' && target !== '' && !target.includes('\0')
