import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open, readdir, stat, unlink } from 'node:fs/promises'
import path from 'node:path'
import { HostError } from '../host/host'

const mebibyte = 1024 * 1024
const blockBytes = 2 * mebibyte
/** A reading ends with whatever comes first. */
const most = { bytes: 256 * mebibyte, ms: 400 }
/** From this size on a file is worth reading: it is a model. */
const largeBytes = 64 * mebibyte
/** Written once where there is no model yet: cards are spared. */
const ownBytes = 8 * mebibyte

/** Where model files lie in the data folder. Nothing else is looked through: it may be somebody's home. */
const modelFolder = 'models'

/** The largest model file below the data folder, when it is large enough to tell how fast models load. */
export async function largeModelIn(dataDir: string): Promise<string | undefined> {
  const folder = path.join(dataDir, modelFolder)
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
  const sizes = await Promise.all(files.map(async (file) => ({ file, ...(await sizeOf(file)) })))
  return sizes.filter(({ size }) => size >= largeBytes).sort((a, b) => b.size - a.size)[0]?.file
}

const sizeOf = (file: string) => stat(file).catch(() => ({ size: 0 }))

/** As `measureReadSpeed`, on random bytes that are written first, and removed. */
export async function measureOwnReadSpeed(folder: string): Promise<number> {
  const file = path.join(folder, 'read-speed.tmp')
  try {
    const handle = await open(file, 'w', 0o600)
    try {
      await (await openPastCache(file)).close() // a filesystem that refuses is written nothing, start after start
      for (let written = 0; written < ownBytes; written += mebibyte) await handle.write(randomBytes(mebibyte))
      await handle.sync()
    } finally {
      await handle.close()
    }
    return await measureReadSpeed(file)
  } finally {
    await unlink(file).catch(() => {})
  }
}

/**
 * Bytes per second of reading the file from its start, past the page cache (O_DIRECT), at most 256 MiB and 400 ms.
 * Throws a `HostError`: `unsupported` where the system or the filesystem knows no way past its cache.
 */
export async function measureReadSpeed(file: string): Promise<number> {
  const handle = await openPastCache(file)
  try {
    const block = await alignedBlock(handle)
    const began = performance.now()
    let bytes = 0
    let tookMs = 0
    while (bytes < most.bytes && tookMs < most.ms) {
      const { bytesRead } = await handle.read(block, 0, blockBytes, bytes)
      if (bytesRead < blockBytes) break
      bytes += bytesRead
      tookMs = performance.now() - began
    }
    if (bytes === 0) throw new HostError('failed', `${file}: shorter than ${blockBytes} bytes`)
    return Math.round((bytes * 1000) / tookMs)
  } finally {
    await handle.close()
  }
}

async function openPastCache(file: string): Promise<FileHandle> {
  if (!constants.O_DIRECT) throw new HostError('unsupported', `no way past the page cache on ${process.platform}`)
  return open(file, constants.O_RDONLY | constants.O_DIRECT).catch((error: NodeJS.ErrnoException) => {
    throw new HostError(error.code === 'EINVAL' ? 'unsupported' : 'failed', `${file}: ${error.code} with O_DIRECT`)
  })
}

const pageBytes = 4096
/** What memory allocators align to, at least. */
const grain = 16

/** Reading past the cache needs aligned memory. Node does not say where a buffer lies, but the kernel refuses what is not. */
async function alignedBlock(handle: FileHandle): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(blockBytes + pageBytes)
  for (let offset = 0; offset < pageBytes; offset += grain) {
    const block = buffer.subarray(offset, offset + blockBytes)
    const refusal = await handle.read(block, 0, pageBytes, 0).then(
      () => null,
      (error: NodeJS.ErrnoException) => error.code,
    )
    if (refusal === null) return block
    if (refusal !== 'EINVAL') throw new HostError('failed', `reading past the page cache: ${refusal}`)
  }
  throw new HostError('unsupported', 'this filesystem does not read past the page cache')
}
