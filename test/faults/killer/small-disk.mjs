// Preloaded into a real agent (`node --import`): the disk seems to hold nothing but one folder, and so many bytes.
// SMALL_DISK: {"folder": "…/models", "bytes": 1e9}
import fs, { readdirSync, statSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import path from 'node:path'

const { folder, bytes } = JSON.parse(process.env.SMALL_DISK)
const real = fs.promises.statfs

fs.promises.statfs = async (...given) => {
  const found = await real(...given)
  const files = readdirSync(folder, { recursive: true }).map((name) =>
    statSync(path.join(folder, name), { throwIfNoEntry: false }),
  )
  const used = files.reduce((sum, file) => sum + (file?.isFile() ? file.blocks * 512 : 0), 0)
  return Object.assign(found, { bavail: Math.floor(Math.max(0, bytes - used) / found.bsize) })
}
syncBuiltinESMExports()
