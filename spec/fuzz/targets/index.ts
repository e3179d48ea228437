import type { Target } from '../trial.js'
import { archives } from './archives.js'
import { client } from './client.js'
import { commandLine } from './command-line.js'
import { decoders } from './decoders.js'
import { encoders } from './encoders.js'
import { server } from './server.js'

export const allTargets: ReadonlyArray<Target> = [decoders, encoders, archives, commandLine, server, client]
