import { spawn, spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const binary = '/usr/sbin/mosquitto'

/**
 * The peer: Debian's mosquitto, merely forwarding, with its limits out of the way. It keeps nothing on the disk, or,
 * with `persistence`, what it holds whenever it is told to `save`; then a later start in the same folder knows it. With
 * `tls` it speaks nothing else.
 */
export async function startMosquitto(
  folder: string,
  port: number,
  { persistence = false, tls }: { persistence?: boolean; tls?: { cert: string; key: string } } = {},
) {
  if (!existsSync(binary)) throw new Error('mosquitto is not installed: apt-get install mosquitto')
  const write = (name: string, text: string) => {
    writeFileSync(path.join(folder, name), text, { mode: 0o600 })
    return path.join(folder, name)
  }
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    `persistence ${persistence}`,
    `persistence_location ${folder}/`,
    'user root', // where root runs this: mosquitto would become a user who may not write there
    'max_queued_messages 0',
    'max_inflight_messages 0',
    'set_tcp_nodelay true',
    'log_type error',
    ...(tls ? [`certfile ${write('mosquitto.crt', tls.cert)}`, `keyfile ${write('mosquitto.key', tls.key)}`] : []),
  ]
  const child = spawn(binary, ['-c', write('mosquitto.conf', `${lines.join('\n')}\n`)], { stdio: 'ignore' })
  process.once('exit', () => child.kill('SIGKILL'))
  await new Promise((resolve) => setTimeout(resolve, 500))
  if (!child.pid || child.exitCode !== null) throw new Error(`mosquitto did not start on port ${port}`)
  return {
    pid: child.pid,
    save: () => void child.kill('SIGUSR1'),
    stop: () => void child.kill('SIGKILL'),
    kill: () => {
      child.kill('SIGKILL')
      return new Promise<void>((resolve) => child.once('exit', () => resolve()))
    },
  }
}

/** `mosquitto version 2.0.11`, or null. */
export const mosquittoVersion = (): string | null =>
  existsSync(binary)
    ? (/mosquitto version \S+/.exec(spawnSync(binary, ['-h'], { encoding: 'utf8' }).stdout)?.[0] ?? null)
    : null
