/** The exports of `nix-wire/conversation` that make no flow. */
export const noFlows = [
  'ConversationError',
  'connectFlow',
  'namedParts',
  'observe',
  'serveFlow',
  'toDiagram',
  'toSvg',
  'toTable',
]
