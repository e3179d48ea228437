import { toWireshark } from '../interpreters/wireshark/index.js'
import { dissectedMessages } from '../session/recording/dissected.js'
import { PacketHeader } from '../session/recording/header.js'
import type { Own } from './modules/own.js'

/** The dissector for all types that packets of recordings name, and for the types of modules. */
export const dissectorOf = ({ types, operations }: Own): string =>
  toWireshark(dissectedMessages(types, operations?.operations ?? null), {
    name: 'nix',
    title: 'Nix',
    header: PacketHeader,
  })
