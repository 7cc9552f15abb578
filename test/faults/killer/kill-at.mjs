// Preloaded into a real agent (`node --import`): ends it by SIGKILL at one of its own changes to the disk, once.
// KILL_AT: {"op": "rename", "file": "applied\\.json$", "nth": 1, "when": "before" | "after", "marker": "…"}
import fs, { existsSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import path from 'node:path'

const { op, file, nth, when, marker } = JSON.parse(process.env.KILL_AT)
const files = new RegExp(file)
let seen = 0

const isIt = (name, target) => name === op && files.test(target) && ++seen === nth && !existsSync(marker)
function kill() {
  writeFileSync(marker, '')
  process.kill(process.pid, 'SIGKILL')
  for (;;); // not a step further
}
const killing = (name, real, targetOf) =>
  async function (...given) {
    const hits = isIt(name, targetOf(this, given))
    if (hits && when === 'before') kill()
    const result = await real.apply(this, given)
    if (hits) kill()
    return result
  }

const { promises } = fs
const realOpen = promises.open
const paths = new WeakMap()
// `to` of a rename, else what is changed
for (const name of ['rename', 'link']) promises[name] = killing(name, promises[name], (_, [, to]) => String(to))
for (const name of ['rm', 'unlink']) promises[name] = killing(name, promises[name], (_, [target]) => String(target))
promises.open = async (target, ...rest) => {
  const handle = await realOpen(target, ...rest)
  paths.set(handle, path.resolve(String(target)))
  return handle
}
const handle = await realOpen(new URL(import.meta.url))
const prototype = Object.getPrototypeOf(handle)
await handle.close()
for (const name of ['write', 'writev', 'writeFile', 'truncate', 'sync', 'datasync', 'chmod'])
  prototype[name] = killing(name, prototype[name], (self) => paths.get(self) ?? '')
syncBuiltinESMExports()
