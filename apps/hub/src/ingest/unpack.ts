import { inflateRawSync } from 'node:zlib'
import { accept, maxMessageBytes, packDictionary, packMark, type Result, refuse } from '@tradewind/protocol'

const dictionary = Buffer.from(packDictionary)

/** The message as it was before the device packed it; one that was not stays as it is. Refuses what swells beyond any message. */
export function unpack(bytes: Uint8Array): Result<Uint8Array> {
  if (bytes[0] !== packMark) return accept(bytes)
  try {
    return accept(inflateRawSync(bytes.subarray(1), { dictionary, maxOutputLength: maxMessageBytes }))
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    return isTooLarge
      ? refuse('too-large', `packed, more than ${maxMessageBytes} bytes`)
      : refuse('not-json', 'packed, but damaged')
  }
}
