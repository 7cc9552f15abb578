import type { Generation } from './engine'

/** What the template and llama.cpp read as a mark: of turns, thoughts, sound, the beginning and the end. */
export const marksIn = /<(?=\|[a-z_"]+\|?>|[a-z_"]+\|>|(?:bos|eos|pad|unk|mask|__media__)>)/g

/**
 * What a person wrote, so that nothing in it ends a turn or stands for sound: a space takes each mark apart, since taking it
 * out could put another one together. Half a character becomes U+FFFD: as JSON it would not be read.
 */
export const plain = (text: string): string => Buffer.from(text).toString().replace(marksIn, '< ')

export const inPlainText = (request: Generation): Generation => ({
  ...request,
  turns: request.turns.map(({ role, parts }) => ({
    role,
    parts: parts.map((part) => (part.is === 'text' ? { is: 'text', text: plain(part.text) } : part)),
  })),
})
