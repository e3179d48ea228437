import { packets } from './packets.js'
import { reading } from './reading.js'
import { showing } from './showing.js'
import { walkers } from './walkers.js'

/**
 * The part of a dissector that is the same for all protocols. Before it come the tables `protocol`, `nodes`, `fields`,
 * `renamed`, `messages` and `header`. It runs in Lua 5.2 to 5.4, the versions in Wireshark, and keeps no state between
 * packets.
 */
export const engine = [showing, reading, walkers, packets].join('\n')
