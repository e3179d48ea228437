#!/usr/bin/env node
import * as module from 'node:module'
import { run } from './program.js'

// Node 22 and newer keeps what it has compiled.
;(module as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.()

process.exitCode = await run(process.argv.slice(2))
