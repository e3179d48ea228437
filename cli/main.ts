#!/usr/bin/env node
import * as module from 'node:module'
import { commandWords } from './arguments.js'
import { ended } from './fault.js'
import { run } from './program.js'

// Node 22 and newer keeps what it has compiled.
;(module as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.()

// What is thrown where no command waits for it.
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error: unknown) => process.exit(ended(error)))
}

process.exitCode = await run(commandWords())
