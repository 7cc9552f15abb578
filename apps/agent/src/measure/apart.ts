import { execFile } from 'node:child_process'
import { HostError } from '../host/host'

/**
 * What the function answers in a process of its own, at the lowest priority: its memory and threads are gone afterwards,
 * and whatever serves goes first. It travels as text, so it may use nothing but its argument and Node.
 * Throws a `HostError`: `timed-out`, or `failed`.
 */
export function apart<A, R>(work: (argument: A) => R | Promise<R>, argument: A, timeoutMs: number): Promise<R> {
  const script = `
    try { process.getBuiltinModule('node:os').setPriority(19) } catch {}
    Promise.resolve((${work})(${JSON.stringify(argument)})).then((answer) => process.stdout.write(JSON.stringify(answer)))`
  const { NODE_OPTIONS: _, ...env } = process.env
  return new Promise((resolve, reject) => {
    const options = { timeout: timeoutMs, killSignal: 'SIGKILL', env, windowsHide: true } as const
    execFile(process.execPath, ['-e', script], options, (error, stdout) => {
      if (!error) return resolve(JSON.parse(stdout) as R)
      const why = error.message.split('\n').at(-1) ?? ''
      if (error.killed) reject(new HostError('timed-out', `${work.name}: killed after ${timeoutMs} ms`))
      else reject(new HostError('failed', `${work.name}: ${error.signal ?? `exit ${error.code}`} ${why}`.trim()))
    })
  })
}
