/** The value with another one at a place in it. */
export const withValueAt = (
  value: unknown,
  [field, ...deeper]: ReadonlyArray<string>,
  at: unknown,
): unknown =>
  field === undefined
    ? at
    : {
        ...(value as object),
        [field]: withValueAt((value as { readonly [name: string]: unknown })[field], deeper, at),
      }
