import { deflateRawSync } from 'node:zlib'
import { packDictionary, packFromBytes, packMark } from '@tradewind/protocol'

const dictionary = Buffer.from(packDictionary)

/** The message, deflated behind its mark when it is large enough to gain by it. */
export function pack(bytes: Uint8Array): Uint8Array {
  if (bytes.byteLength < packFromBytes) return bytes
  // small windows: zlib would take 256 KiB for a message of two
  return Buffer.concat([
    Buffer.of(packMark),
    deflateRawSync(bytes, { dictionary, level: 9, memLevel: 4, windowBits: 13 }),
  ])
}
