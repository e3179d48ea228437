/** What a file costs to find, open and link: as much as this many bytes of source to parse. */
const costOfFile = 12_000

/**
 * Which modules share a file, by the name of it. At first those that the same doors need; then parts are made one for as
 * long as that costs less. A door is what somebody imports, or a command, by how much it counts.
 */
export const partsOf = (doors, importsOf, sizeOf) => {
  let parts = linked(bySignature(doors, importsOf, sizeOf), importsOf)
  for (let cost = costOf(parts, doors); ; ) {
    const cheaper = firstCheaper(parts, doors, cost)
    if (cheaper === null) {
      return namesOf(parts)
    }
    parts = cheaper.parts
    cost = cheaper.cost
  }
}

const firstCheaper = (parts, doors, than) => {
  for (const [a, b] of candidates(parts)) {
    const tried = withUnion(parts, a, b)
    const cost = tried === null ? than : costOf(tried, doors)
    if (cost < than) {
      return { parts: tried, cost }
    }
  }
  return null
}

const namesOf = (parts) => new Map(parts.flatMap(({ ids }, at) => ids.map((id) => [id, `part-${at + 1}`])))

const reachedFrom = (start, next) => {
  const reached = new Set([start])
  for (const each of reached) {
    for (const other of next(each)) {
      reached.add(other)
    }
  }
  return reached
}

const bySignature = (doors, importsOf, sizeOf) => {
  const doorsOf = new Map()
  for (const [door, weight] of doors) {
    for (const id of reachedFrom(door, importsOf)) {
      doorsOf.set(id, [...(doorsOf.get(id) ?? []), [door, weight]])
    }
  }
  const parts = new Map()
  for (const [id, its] of doorsOf) {
    const signature = its.map(([door]) => door).join()
    const part = parts.get(signature) ?? { doors: new Map(its), ids: [], size: 0 }
    part.ids.push(id)
    part.size += sizeOf(id)
    parts.set(signature, part)
  }
  return [...parts.values()]
}

/** The parts, and which others each imports. */
const linked = (parts, importsOf) => {
  const partOf = new Map(parts.flatMap((part) => part.ids.map((id) => [id, part])))
  for (const part of parts) {
    const imported = part.ids.flatMap((id) => importsOf(id).map((other) => partOf.get(other)))
    part.imports = new Set(imported.filter((other) => other !== undefined && other !== part))
  }
  return parts
}

const total = (weights) => [...weights.values()].reduce((sum, each) => sum + each, 0)

/** Pairs that are worth a look, the most promising first. */
const candidates = (parts) =>
  parts
    .flatMap((a, at) => parts.slice(at + 1).map((b) => [a, b, savedBy(a, b)]))
    .filter(([, , saved]) => saved > 0)
    .sort(([, , one], [, , other]) => other - one)

/** A file less for each door of both, and bytes in vain for those of one, if no other part came with it. */
const savedBy = (a, b) => {
  const both = total(new Map([...a.doors].filter(([door]) => b.doors.has(door))))
  return both * costOfFile - (total(a.doors) - both) * b.size - (total(b.doors) - both) * a.size
}

/** The parts where two of them are one; null where files would import each other. */
const withUnion = (parts, a, b) => {
  const one = {
    doors: new Map([...a.doors, ...b.doors]),
    ids: [...a.ids, ...b.ids],
    size: a.size + b.size,
    imports: new Set([...a.imports, ...b.imports].filter((part) => part !== a && part !== b)),
  }
  const others = parts.filter((part) => part !== a && part !== b).map((part) => ({ ...part, was: part }))
  const now = new Map([[a, one], [b, one], ...others.map((part) => [part.was, part])])
  for (const part of [one, ...others]) {
    part.imports = new Set([...part.imports].map((each) => now.get(each)))
  }
  const behind = [...one.imports].flatMap((part) => [...reachedFrom(part, ({ imports }) => imports)])
  return behind.includes(one) ? null : [one, ...others]
}

/** What all doors together load. */
const costOf = (parts, doors) => {
  const partOf = new Map(parts.flatMap((part) => part.ids.map((id) => [id, part])))
  let cost = 0
  for (const [door, weight] of doors) {
    for (const { size } of reachedFrom(partOf.get(door), ({ imports }) => imports)) {
      cost += weight * (costOfFile + size)
    }
  }
  return cost
}
