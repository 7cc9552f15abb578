import type { Heard, HeardAnswer } from '@tradewind/protocol'

/** Bytes of JSON that each part of an answer may take: together less than one message. */
const room = { text: 24 * 1024, translation: 16 * 1024, segments: 18 * 1024 }
const marker = ' […]'

/** What was heard, as far as it fits into one message; where it does not, the texts end with a marker. */
export function cutToFit(heard: Heard): HeardAnswer {
  const text = cutText(heard.text, room.text)
  const translation = heard.translation === undefined ? undefined : cutText(heard.translation, room.translation)
  const segments = cutList(heard.segments, room.segments)
  const cut = text !== heard.text || translation !== heard.translation || segments.length < heard.segments.length
  return { ...heard, text, ...(translation === undefined ? {} : { translation }), segments, cut }
}

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value))

function cutText(text: string, most: number): string {
  if (bytesOf(text) <= most) return text
  let bytes = bytesOf(marker)
  let kept = 0
  for (const sign of text) {
    bytes += bytesOf(sign) - 2
    if (bytes > most) break
    kept += sign.length
  }
  return text.slice(0, kept) + marker
}

function cutList<T>(list: T[], most: number): T[] {
  let bytes = 2
  const end = list.findIndex((one) => {
    bytes += bytesOf(one) + 1
    return bytes > most
  })
  return end < 0 ? list : list.slice(0, end)
}
