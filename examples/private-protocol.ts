/**
 * A protocol that has nothing to do with Nix, in the same words: a tea kitchen takes orders.
 *
 * Run it with `node --import tsx examples/private-protocol.ts`.
 */
import { either as E, function as F, option as O } from 'fp-ts'
import {
  compile,
  enumOf,
  explain,
  feature,
  type Grammar,
  hexOf,
  intUpTo,
  lazy,
  listOf,
  literal,
  mapOf,
  optionalByTag,
  refine,
  setOf,
  showIssue,
  since,
  struct,
  type TypeOf,
  tagged,
  u8,
  u32,
  u64,
  utf8,
  versioned,
} from 'nix-wire'

const Celsius = refine(intUpTo(100), 'at least 60 °C', (degrees) => degrees >= 60)

const Tea = struct('Tea', {
  leaf: enumOf(u8, { Black: 1, Green: 2, Oolong: 3 }),
  water: Celsius,
  seconds: versioned(since('1.1'), optionalByTag(u8, u32), O.none),
  extras: setOf(utf8),
})

/** A tray may hold trays. */
type Tray =
  | { readonly kind: 'Cup'; readonly tea: TypeOf<typeof Tea> }
  | { readonly kind: 'Trays'; readonly trays: ReadonlyArray<Tray> }

const Tray: Grammar<Tray> = tagged('kind', u8, {
  Cup: [0, { tea: Tea }],
  Trays: [1, { trays: listOf(lazy(() => Tray)) }],
})

const Order = struct('Order', {
  magic: literal(u64, 0x61_65_54n),
  table: u32,
  tray: Tray,
  notes: versioned(feature('notes'), mapOf(utf8, utf8), new Map()),
})

const order: TypeOf<typeof Order> = {
  table: 7,
  tray: {
    kind: 'Trays',
    trays: [
      { kind: 'Cup', tea: { leaf: 'Green', water: 75, seconds: O.some(90), extras: [] } },
      { kind: 'Cup', tea: { leaf: 'Black', water: 100, seconds: O.none, extras: ['milk', 'sugar'] } },
    ],
  },
  notes: new Map([['allergy', 'nuts']]),
}

const kitchen = compile(Order, { version: '1.1', features: ['notes'] })

const bytes = F.pipe(
  kitchen.encode(order),
  E.getOrElse((issue): Uint8Array => {
    throw new Error(showIssue(issue))
  }),
)
console.log(`${bytes.length} bytes: ${hexOf(bytes.subarray(0, 24))}…`)

// Someone orders green tea with water of 20 °C.
const tepid = bytes.slice()
tepid[48] = 20
const refused = kitchen.decode(tepid)
if (E.isLeft(refused)) {
  console.log(explain(refused.left, { bytes: tepid, start: 0 }))
}
