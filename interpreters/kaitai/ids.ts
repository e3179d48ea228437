/**
 * Keywords of the expressions of Kaitai Struct, and of Python, Java, C++, Rust, Ruby and Lua, which have no escape for
 * them.
 */
const reserved: ReadonlySet<string> = new Set(
  (
    'abstract alignas alignof and as assert async await begin bool boolean break byte case catch char class const ' +
    'constexpr continue crate def default defined del delete do double dyn elif else elseif elsif end ensure enum ' +
    'except explicit export extends extern false final finally float fn for friend from function global goto if impl ' +
    'implements import in inline instanceof int interface is lambda let local long loop match mod module move mut ' +
    'mutable namespace native new next nil nonlocal not null nullptr operator or package pass private protected pub ' +
    'public raise redo ref register repeat rescue retry return self short signed sizeof static strictfp struct super ' +
    'switch synchronized template then this throw throws trait transient true try typedef typeid typename undef union ' +
    'unless unsafe unsigned until use using virtual void volatile when where while with xor yield'
  ).split(' '),
)

/**
 * A name in the style of Kaitai Struct: `narHash` is `nar_hash`, `NARHash` too.
 *
 * Letters and digits of ASCII are kept, and a name begins with a letter.
 */
export const snake = (name: string): string => {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
  return /^[a-z]/.test(words) ? words : `n_${words}`.replace(/_$/, '')
}

/** Names in one scope. In some languages, names that differ only in underscores are equal. */
export class Ids {
  /** The suffix of a name that is not available. */
  readonly #suffix: string
  readonly #taken = new Set<string>()

  constructor(suffix: string, taken: Iterable<string> = []) {
    this.#suffix = suffix
    for (const each of taken) {
      this.#taken.add(bare(each))
    }
  }

  /** The Kaitai Struct name for a name. */
  take(name: string): string {
    const wanted = snake(name)
    for (let turn = 0; ; turn++) {
      const id =
        turn === 0 ? wanted : turn === 1 ? `${wanted}_${this.#suffix}` : `${wanted}_${this.#suffix}_${turn}`
      if (!reserved.has(id) && !this.#taken.has(bare(id))) {
        this.#taken.add(bare(id))
        return id
      }
    }
  }
}

const bare = (id: string): string => id.replaceAll('_', '')
