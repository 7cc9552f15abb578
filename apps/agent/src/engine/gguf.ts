import { type FileHandle, open } from 'node:fs/promises'

/**
 * Reads what stands before the weights of a GGUF file, so that no native code meets a file that would kill it. Sizes are
 * bounded before anything is held. Format: ggml's docs/gguf.md, versions 2 and 3, little endian.
 */
export type Gguf = {
  /** numbers, booleans and texts of the metadata; of an array only that it is there */
  metadata: Map<string, GgufValue>
  tensors: number
  /** where the last tensor ends, in bytes from the beginning of the file */
  endsAt: number
  fileBytes: number
}
export type GgufValue = string | number | boolean | 'array'

/** The file is not what it says it is. `message` says where. */
export class GgufError extends Error {}

const mostEntries = 100_000
const mostTensors = 100_000
const mostTextBytes = 16 * 1024 * 1024
const mostArrayItems = 16_777_216
const mostDimensions = 4
/** Beyond this much before the weights a file is refused: E2B's vocabulary takes about 16 MB. */
const mostHeaderBytes = 256 * 1024 * 1024
const chunkBytes = 1024 * 1024

/** Throws `GgufError`, or the system's error when the file cannot be read. */
export async function readGguf(path: string): Promise<Gguf> {
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    return await parse(new Bytes(handle, size), size)
  } finally {
    await handle.close()
  }
}

async function parse(bytes: Bytes, fileBytes: number): Promise<Gguf> {
  if ((await bytes.take(4, 'the magic')).toString('latin1') !== 'GGUF')
    throw new GgufError('it does not begin with GGUF')
  const version = await bytes.u32('the version')
  if (version !== 2 && version !== 3) throw new GgufError(`it has version ${version}, and 2 or 3 can be read`)
  const tensors = await bytes.count('tensors', mostTensors)
  const entries = await bytes.count('metadata', mostEntries)
  const metadata = new Map<string, GgufValue>()
  for (let i = 0; i < entries; i++) {
    const key = await bytes.text('a key')
    metadata.set(key, await value(bytes, await bytes.u32(key), key))
  }
  const alignment = metadata.get('general.alignment') ?? 32
  if (typeof alignment !== 'number' || !(alignment >= 1 && alignment <= 65_536))
    throw new GgufError(`its alignment is ${alignment}`)
  let needBytes = 0
  for (let i = 0; i < tensors; i++) needBytes = Math.max(needBytes, await tensorEnd(bytes))
  const endsAt = Math.ceil(bytes.at / alignment) * alignment + needBytes
  if (endsAt > fileBytes) throw new GgufError(`it ends at byte ${fileBytes}, its weights at ${endsAt}: it was cut off`)
  return { metadata, tensors, endsAt, fileBytes }
}

/** Type 8 is a text, 9 an array, 7 a boolean; the others are numbers of these sizes. */
const numberBytes: Record<number, number> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 }

async function value(bytes: Bytes, type: number, key: string): Promise<GgufValue> {
  if (type === 8) return bytes.text(key)
  if (type === 9) return skipArray(bytes, key)
  const size = numberBytes[type]
  if (size === undefined) throw new GgufError(`${key} has the unknown type ${type}`)
  const raw = await bytes.take(size, key)
  switch (type) {
    case 0:
      return raw.readUInt8()
    case 1:
      return raw.readInt8()
    case 2:
      return raw.readUInt16LE()
    case 3:
      return raw.readInt16LE()
    case 4:
      return raw.readUInt32LE()
    case 5:
      return raw.readInt32LE()
    case 6:
      return raw.readFloatLE()
    case 7:
      return raw.readUInt8() !== 0
    case 10:
      return Number(raw.readBigUInt64LE())
    case 11:
      return Number(raw.readBigInt64LE())
    default:
      return raw.readDoubleLE()
  }
}

async function skipArray(bytes: Bytes, key: string): Promise<'array'> {
  const type = await bytes.u32(key)
  const items = await bytes.count(key, mostArrayItems)
  const size = numberBytes[type]
  if (size !== undefined) await bytes.skip(items * size, key)
  else if (type === 8) for (let i = 0; i < items; i++) await bytes.skip(await bytes.count(key, mostTextBytes), key)
  else throw new GgufError(`${key} is an array of the type ${type}`)
  return 'array'
}

/** Elements and bytes of one block, by ggml's numbers of its types; types that are not here are not checked for their end. */
const blocks: Record<number, [elements: number, bytes: number]> = {
  0: [1, 4],
  1: [1, 2],
  2: [32, 18],
  3: [32, 20],
  6: [32, 22],
  7: [32, 24],
  8: [32, 34],
  10: [256, 84],
  11: [256, 110],
  12: [256, 144],
  13: [256, 176],
  14: [256, 210],
  20: [32, 18],
  23: [256, 136],
  30: [1, 2],
}

/** Where a tensor ends, in bytes from the beginning of the weights. */
async function tensorEnd(bytes: Bytes): Promise<number> {
  const name = await bytes.text('the name of a tensor')
  const dimensions = await bytes.u32(name)
  if (dimensions > mostDimensions) throw new GgufError(`${name} has ${dimensions} dimensions`)
  let elements = 1
  for (let i = 0; i < dimensions; i++) elements *= await bytes.u64(name)
  const type = await bytes.u32(name)
  const offset = await bytes.u64(name)
  const [perBlock, blockBytes] = blocks[type] ?? [1, 0]
  const end = offset + Math.ceil(elements / perBlock) * blockBytes
  if (!Number.isSafeInteger(end)) throw new GgufError(`${name} ends beyond all files`)
  return end
}

/** A file from its beginning, a chunk at a time. */
class Bytes {
  #chunk: Buffer = Buffer.alloc(0)
  #chunkAt = 0
  at = 0

  constructor(
    private handle: FileHandle,
    private size: number,
  ) {}

  async take(count: number, what: string): Promise<Buffer> {
    if (this.at + count > this.size) throw new GgufError(`it ends within ${what}, at byte ${this.size}`)
    if (this.at + count > mostHeaderBytes)
      throw new GgufError(`it has more than ${mostHeaderBytes} bytes before its weights`)
    if (this.at < this.#chunkAt || this.at + count > this.#chunkAt + this.#chunk.length) await this.#read(count)
    const from = this.at - this.#chunkAt
    this.at += count
    return this.#chunk.subarray(from, from + count)
  }

  async #read(count: number) {
    const buffer = Buffer.alloc(Math.max(count, chunkBytes))
    const { bytesRead } = await this.handle.read(buffer, 0, buffer.length, this.at)
    if (bytesRead < count) throw new GgufError(`it became shorter while it was read, at byte ${this.at + bytesRead}`)
    this.#chunk = buffer.subarray(0, bytesRead)
    this.#chunkAt = this.at
  }

  async skip(count: number, what: string) {
    if (this.at + count > this.size) throw new GgufError(`it ends within ${what}, at byte ${this.size}`)
    this.at += count
  }

  u32 = async (what: string) => (await this.take(4, what)).readUInt32LE()
  u64 = async (what: string) => Number((await this.take(8, what)).readBigUInt64LE())

  /** A count that will be believed. */
  async count(what: string, most: number): Promise<number> {
    const count = await this.u64(what)
    if (count > most) throw new GgufError(`${what} counts ${count}, and at most ${most} are believed`)
    return count
  }

  text = async (what: string) => (await this.take(await this.count(what, mostTextBytes), what)).toString('utf8')
}
