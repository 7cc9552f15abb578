import { open, readdir } from 'node:fs/promises'
import { type Files, HostError, maxFileBytes, type UnreadableCode } from './host'

/** Files and folders where `locate` says they are; errors name the path that was asked for. */
export const filesAt = (locate: (path: string) => string): Files => ({
  readFile: (path) => readBounded(locate(path)).catch((error) => refuse(path, error)),
  readDir: async (path) => (await readdir(locate(path)).catch((error) => refuse(path, error))).sort(),
})

/** Files of /proc claim a size of 0: they are read until they end, or are too large. */
async function readBounded(file: string): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const chunks: Buffer[] = []
    for (let size = 0; size <= maxFileBytes; ) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, null)
      if (bytesRead === 0) return Buffer.concat(chunks).toString('utf8')
      chunks.push(buffer.subarray(0, bytesRead))
      size += bytesRead
    }
    throw new HostError('too-large', `more than ${maxFileBytes} bytes`)
  } finally {
    await handle.close()
  }
}
const chunkBytes = 16 * 1024

function refuse(path: string, error: unknown): never {
  if (error instanceof HostError) throw new HostError(error.code, `${path}: ${error.message}`)
  const { code } = error as NodeJS.ErrnoException
  throw new HostError(codes[code ?? ''] ?? 'failed', `${path}${code ? `: ${code}` : ''}`)
}

const codes: Record<string, UnreadableCode> = {
  ENOENT: 'not-present',
  ENOTDIR: 'not-present',
  ENODEV: 'not-present',
  ENXIO: 'not-present',
  ENODATA: 'not-present',
  EACCES: 'permission-denied',
  EPERM: 'permission-denied',
  EOPNOTSUPP: 'unsupported',
  ENOTSUP: 'unsupported',
  ENOSYS: 'unsupported',
  ETIMEDOUT: 'timed-out',
}
