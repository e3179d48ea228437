/** Where a part of a run is: the parts that there are, and which of them, from 1. */
export interface Shard {
  readonly part: number
  readonly of: number
}

export const showShard = ({ part, of }: Shard): string => `${part}/${of}`

/** A part of a part: one of `jobs`, from 0. */
export const subShard = ({ part, of }: Shard, job: number, jobs: number): Shard => ({
  part: part + of * job,
  of: of * jobs,
})
