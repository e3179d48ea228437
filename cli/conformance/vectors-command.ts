import { Command } from 'commander'

export const vectorsCommand = (): Command => new Command('vectors')
