import { mkdir, open, rename } from 'node:fs/promises'
import path from 'node:path'

/** Writes a file readable by its owner alone, whole or not at all, even when the power goes. */
export async function writeWhole(file: string, content: string | Uint8Array) {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const handle = await open(`${file}.new`, 'w', 0o600)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${file}.new`, file)
  const folder = await open(path.dirname(file), 'r')
  await folder.sync().finally(() => folder.close())
}
