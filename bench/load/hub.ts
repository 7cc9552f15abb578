import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'

const script = path.resolve('apps/hub/dist/main.js')

/**
 * The built hub as its own process, with MQTT on loopback beside its TLS port. `addresses` are those that enrolment
 * tokens name. BENCH_PROFILE names a folder for CPU profiles.
 */
export async function startHub(
  folder: string,
  ports: { plain: number; https: number; mqtts: number },
  addresses?: string,
) {
  const env = {
    ...process.env,
    ...(addresses ? { TRADEWIND_ADDRESSES: addresses } : {}),
    TRADEWIND_DATA: folder,
    TRADEWIND_MQTT_PLAIN_PORT: String(ports.plain),
    TRADEWIND_HTTPS_PORT: String(ports.https),
    TRADEWIND_MQTTS_PORT: String(ports.mqtts),
    TRADEWIND_BIND: '127.0.0.1',
    TRADEWIND_LOG: 'info',
  }
  const profile = process.env.BENCH_PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILE}`] : []
  const child = spawn(process.execPath, [...profile, script], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  process.once('exit', () => child.kill('SIGKILL')) // where a benchmark fails it leaves no hub behind
  await isUp(child)
  return {
    pid: child.pid ?? 0,
    stop: () => {
      child.kill('SIGTERM')
      return new Promise<void>((resolve) => child.once('exit', () => resolve()))
    },
    kill: () => {
      child.kill('SIGKILL')
      return new Promise<void>((resolve) => child.once('exit', () => resolve()))
    },
  }
}

function isUp(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (text: Buffer) => text.includes('the hub is up') && resolve())
    child.once('exit', (code) => reject(new Error(`the hub ended with code ${code}`)))
  })
}
