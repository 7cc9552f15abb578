import { accept, invalid, type Result, refuse } from './refusal'
import { type Leaf, type LeafName, leaves, type Message, maxMessageBytes } from './topics'

const utf8 = new TextDecoder('utf-8', { fatal: true })
const toUtf8 = new TextEncoder()
const tooLarge = (bytes: number) => refuse('too-large', `${bytes} bytes, at most ${maxMessageBytes}`)

/** A message as bytes, `{"v":1,…}`; refuses what the other end would refuse. */
export function encode<L extends LeafName>(name: L, message: Message<L>): Result<Uint8Array> {
  return encodeAs(leaves[name] as Leaf, message)
}

/** Bytes as a message of today's version; unknown fields are dropped, older versions raised. Never throws. */
export function decode<L extends LeafName>(name: L, bytes: Uint8Array): Result<Message<L>> {
  return decodeAs(leaves[name] as Leaf, bytes) as Result<Message<L>>
}

export function encodeAs(leaf: Leaf, message: unknown): Result<Uint8Array> {
  const checked = leaf.schema.safeParse(message)
  if (!checked.success) return invalid(checked.error)
  const bytes = toUtf8.encode(JSON.stringify({ v: leaf.version, ...(checked.data as object) }))
  return bytes.byteLength > maxMessageBytes ? tooLarge(bytes.byteLength) : accept(bytes)
}

export function decodeAs(leaf: Leaf, bytes: Uint8Array): Result<unknown> {
  if (bytes.byteLength > maxMessageBytes) return tooLarge(bytes.byteLength)
  const parsed = parseObject(bytes)
  if (!parsed.ok) return parsed
  const { v, ...body } = parsed.value
  const raised = raise(leaf, v, body)
  if (!raised.ok) return raised
  const checked = leaf.schema.safeParse(raised.value)
  return checked.success ? accept(checked.data) : invalid(checked.error)
}

function parseObject(bytes: Uint8Array): Result<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes))
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? accept(value as Record<string, unknown>) : refuse('not-json', 'not an object')
  } catch (error) {
    return refuse('not-json', error instanceof Error ? error.message.slice(0, 120) : 'unparsable')
  }
}

function raise(leaf: Leaf, version: unknown, body: Record<string, unknown>): Result<Record<string, unknown>> {
  const known = typeof version === 'number' && Number.isInteger(version) && version >= 1 && version <= leaf.version
  if (!known) return refuse('unknown-version', `v=${JSON.stringify(version)?.slice(0, 40)}, at most ${leaf.version}`)
  let raised = body
  for (let v = version; v < leaf.version; v++) {
    const step = leaf.raise[v]
    if (!step) return refuse('unknown-version', `v=${version} is no longer read`)
    try {
      raised = step(raised)
    } catch {
      return refuse('invalid', `v=${v}`) // steps meet bodies that nothing has checked yet
    }
  }
  return accept(raised)
}
