import { spawnSync } from 'node:child_process'
import type { Skipped } from './process-benchmark.js'

export const hasNix = (): boolean => spawnSync('nix-store', ['--version']).status === 0

export const noNix: Skipped = { skipped: "nix-store is not installed (Debian's nix-bin)" }
