import type { Target } from '../trial.js'
import { archives } from './archives.js'
import { client } from './client.js'
import { commandLine } from './command-line.js'
import { decoders } from './decoders.js'
import { encoders } from './encoders.js'
import { grammars } from './grammars.js'
import { server } from './server.js'

export const allTargets: ReadonlyArray<Target> = [
  decoders,
  encoders,
  grammars,
  archives,
  commandLine,
  server,
  client,
]
