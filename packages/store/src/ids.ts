import { createHash, randomBytes } from 'node:crypto'

const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789' // 32 signs, none mistaken for another

/** A random name of 12 signs (60 bits), fit for topics, URLs and reading aloud. */
export const newId = () => Array.from(randomBytes(12), (byte) => alphabet[byte % 32]).join('')

/** 192 random bits as 32 URL-safe signs. */
export const newSecret = () => randomBytes(24).toString('base64url')

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
