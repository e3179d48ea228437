#!/usr/bin/env node
import * as module from 'node:module'
import { commandWords } from './arguments.js'
import { run } from './program.js'

// Node 22 and newer keeps what it has compiled.
;(module as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.()

process.exitCode = await run(commandWords())
