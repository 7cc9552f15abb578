import { spawn, spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const binary = '/usr/sbin/mosquitto'

/** The peer: Debian's mosquitto, merely forwarding, with its limits out of the way and nothing kept on disk. */
export async function startMosquitto(folder: string, port: number): Promise<{ pid: number; stop: () => void }> {
  if (!existsSync(binary)) throw new Error('mosquitto is not installed: apt-get install mosquitto')
  const config = path.join(folder, 'mosquitto.conf')
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'persistence false',
    'max_queued_messages 0',
    'max_inflight_messages 0',
    'set_tcp_nodelay true',
    'log_type error',
  ]
  writeFileSync(config, `${lines.join('\n')}\n`)
  const child = spawn(binary, ['-c', config], { stdio: 'ignore' })
  await new Promise((resolve) => setTimeout(resolve, 500))
  if (!child.pid || child.exitCode !== null) throw new Error(`mosquitto did not start on port ${port}`)
  return { pid: child.pid, stop: () => void child.kill('SIGKILL') }
}

/** `mosquitto version 2.0.11`, or null. */
export const mosquittoVersion = (): string | null =>
  existsSync(binary)
    ? (/mosquitto version \S+/.exec(spawnSync(binary, ['-h'], { encoding: 'utf8' }).stdout)?.[0] ?? null)
    : null
