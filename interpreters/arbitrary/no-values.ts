/** No values of a grammar were found, or it has none. The caller can supply some. */
export class NoValues extends TypeError {
  /** What was found instead. */
  readonly why: string

  constructor(why: string, advice = 'supply values, as in { given: [supply(grammar, values)] }') {
    super(`${why}; ${advice}`)
    this.why = why
  }
}
