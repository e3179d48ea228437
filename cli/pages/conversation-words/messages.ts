import { expressionValue } from '../example-scope.js'

/** The grammars that the examples share, as expressions. */
export const messageExpressions: { readonly [name: string]: string } = {
  Note: "tagged('is', u8, { Remark: [0, { text: utf8 }], Done: [1, {}], Burnt: [2, { why: utf8 }] })",
  Ask: "tagged('is', u8, { More: [0, { most: u32 }], Enough: [1, {}] })",
}

/** The grammars that the examples share. */
export const messages: { readonly [name: string]: unknown } = Object.fromEntries(
  Object.entries(messageExpressions).map(([name, expression]) => [name, expressionValue(expression)]),
)
