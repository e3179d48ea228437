/** A part of a run: the number of parts, and which of them this is, from 1. */
export interface Shard {
  readonly part: number
  readonly of: number
}

export const showShard = ({ part, of }: Shard): string => `${part}/${of}`

/** A part of a part: number `index` of `jobs`, from 0. */
export const subShard = ({ part, of }: Shard, job: number, jobs: number): Shard => ({
  part: part + of * job,
  of: of * jobs,
})
