import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const binary = '/usr/bin/prometheus-node-exporter'

/** The peer: Debian's node_exporter with the collectors that it has by default. `scrape` gives the bytes it answered. */
export async function startNodeExporter(port: number) {
  if (!existsSync(binary)) throw new Error(`${binary} is not there: apt-get install prometheus-node-exporter`)
  const child = spawn(binary, [`--web.listen-address=127.0.0.1:${port}`, '--log.level=error'], { stdio: 'ignore' })
  await new Promise((resolve) => setTimeout(resolve, 500))
  if (!child.pid || child.exitCode !== null) throw new Error(`node_exporter did not start on port ${port}`)
  const scrape = async () => (await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).length
  return { pid: child.pid, scrape, stop: () => void child.kill('SIGKILL') }
}

/** `node_exporter, version 1.5.0 …`, or null. */
export function nodeExporterVersion(): string | null {
  if (!existsSync(binary)) return null
  const { stdout, stderr } = spawnSync(binary, ['--version'], { encoding: 'utf8' })
  return /^node_exporter, version \S+/m.exec(`${stdout}${stderr}`)?.[0] ?? null
}
