import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import path from 'node:path'
import { readIfThere, writeWhole } from '@tradewind/disk'
import { z } from 'zod'
import { EnrolError } from './enrol-error'

/** Where the hub is, and by what it is known. */
const KnownHub = z.object({
  urls: z.array(z.string()).min(1),
  caPem: z.string(),
  mqttPort: z.number().int(),
  signingKey: z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }),
})
export type KnownHub = z.infer<typeof KnownHub>

const Enrolled = z.object({ deviceId: z.string(), hub: KnownHub })
export type Enrolled = z.infer<typeof Enrolled>

const keyFile = 'device.key'
const enrolledFile = 'enrolled.json'
const startFile = 'start.json'

/** The device's private key. It is on the disk before anybody hears of its public half, and never leaves. */
export async function ownKey(folder: string): Promise<KeyObject> {
  const file = path.join(folder, keyFile)
  const pem = await readIfThere(file)
  if (pem !== null) return whole(file, () => createPrivateKey(pem))
  const { privateKey } = generateKeyPairSync('ed25519')
  await writeWhole(file, privateKey.export({ type: 'pkcs8', format: 'pem' }) as string)
  return privateKey
}

export function publicJwk(key: KeyObject): { kty: 'OKP'; crv: 'Ed25519'; x: string } {
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  return { kty: 'OKP', crv: 'Ed25519', x: x ?? '' }
}

/** What enrolment left, or null before it. */
export async function readEnrolled(folder: string): Promise<Enrolled | null> {
  const file = path.join(folder, enrolledFile)
  const text = await readIfThere(file)
  return text === null ? null : whole(file, () => Enrolled.parse(JSON.parse(text)))
}

/** A file of the identity that makes no sense is never silently replaced: the device would be another one. */
function whole<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new EnrolError(
      'identity-damaged',
      `${file} makes no sense: ${(error as Error).message.split('\n')[0]}`,
      'Restore it from a backup, or remove the folder and enrol with a token made for this device.',
    )
  }
}

export const saveEnrolled = (folder: string, enrolled: Enrolled) =>
  writeWhole(path.join(folder, enrolledFile), JSON.stringify(enrolled, null, 2))

/**
 * Counts this start. On a folder that cannot be written the number is only remembered; the hub then sees the same one
 * twice, says `start-behind`, and the agent counts on from there.
 */
export async function countStart(folder: string, onUnsaved: (error: Error) => void): Promise<number> {
  const start = (await lastStart(folder)) + 1
  await saveStart(folder, start).catch(onUnsaved)
  return start
}

export const saveStart = (folder: string, start: number) =>
  writeWhole(path.join(folder, startFile), JSON.stringify({ start }))

async function lastStart(folder: string): Promise<number> {
  const text = await readIfThere(path.join(folder, startFile))
  const parsed = z.object({ start: z.number().int().nonnegative() }).safeParse(safeJson(text))
  return parsed.success ? parsed.data.start : 0
}

function safeJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}
