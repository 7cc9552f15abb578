import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import {
  eventually,
  HubProgram,
  mirrorOf,
  modelSource,
  nearlyKnown,
  testFolder,
  VirtualDevice,
} from '@tradewind/testkit'
import { describe, expect, test } from 'vitest'

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

const kills = 4
const size = 24_000_000

/** The built hub, with a source that has one model. */
async function world(bytes: number) {
  const { server, model } = await modelSource({ 'tiny.gguf': bytes })
  const folder = testFolder('mirror')
  const hub = await HubProgram.start(folder, undefined, { TRADEWIND_MODEL_SOURCE: server.url })
  const { file } = model('tiny.gguf')
  await (await hub.store()).addCatalogue({ builds: [nearlyKnown('tiny', file)] }, 'test')
  return { server, hub, file, folder, mirror: mirrorOf({ folder }) }
}

test(`kill -9 of the hub, ${kills} times while it fetches: it goes on by itself, and fetches hardly a byte twice`, async () => {
  const { server, hub, file, folder, mirror } = await world(size)
  server.bytesPerSecond = 8_000_000
  await mirror.add('tiny')
  for (let kill = 1; kill <= kills; kill++) {
    await eventually('it goes on', () => server.sentBytes > (kill * size) / (kills + 2))
    await hub.kill()
    await hub.start()
  }
  await mirror.until('tiny', 'whole', 30_000)
  expect(sha256(readFileSync(path.join(folder, 'mirror', file.sha256)))).toBe(file.sha256)
  const twice = server.sentBytes - size
  console.log(`${kills} kills of ${size} B: ${twice} B were sent twice`)
  // what was on its way in four connections, and in the sockets between
  expect(twice).toBeLessThan(kills * 4 * 1_500_000)
}, 90_000)

describe('curl', () => {
  const curl = (args: string[]) =>
    new Promise<string>((resolve, reject) =>
      execFile('curl', args, (error, stdout) => (error ? reject(error) : resolve(stdout))),
    )

  /** One request as curl makes it: status, headers in small letters, and the bytes. */
  async function asking() {
    const { hub, file, folder, mirror } = await world(100_000)
    await mirror.add('tiny')
    await mirror.until('tiny', 'whole')
    const device = await VirtualDevice.enrol(await hub.token())
    const ca = path.join(folder, 'authority/ca.pem')
    const url = `https://localhost:${hub.ports.https}/files/${file.sha256}`
    const content = readFileSync(path.join(folder, 'mirror', file.sha256))
    const ask = async (...more: string[]) => {
      const out = path.join(folder, 'got')
      rmSync(out, { force: true })
      writeFileSync(out, '')
      const bearer = ['-H', `Authorization: Bearer ${await device.password()}`]
      const head = await curl(['-sS', '--cacert', ca, '-D', '-', '-o', out, ...bearer, ...more, url])
      return { status: Number(head.split(' ')[1]), head: head.toLowerCase(), body: readFileSync(out) }
    }
    return { ask, content, etag: `"${file.sha256}"`, ca, url, folder, device }
  }

  test('gets whole files, heads, ranges, and the rest of what it has', async () => {
    const { ask, content, etag, ca, url, folder, device } = await asking()
    const whole = await ask()
    expect([whole.status, whole.body.equals(content)]).toEqual([200, true])
    expect(whole.head).toContain(`etag: ${etag}`)
    expect(whole.head).toContain('accept-ranges: bytes')

    const head = await ask('-I')
    expect(head.status).toBe(200)
    expect(head.head).toContain('content-length: 100000')

    const part = await ask('-r', '10-19')
    expect([part.status, part.body.equals(content.subarray(10, 20))]).toEqual([206, true])
    expect(part.head).toContain('content-range: bytes 10-19/100000')
    const same = await ask('-r', '10-19', '-H', `If-Range: ${etag}`)
    expect(same.status).toBe(206)
    const other = await ask('-r', '10-19', '-H', 'If-Range: "another"')
    expect([other.status, other.body.length]).toEqual([200, 100_000])
    const last = await ask('-r', '-5')
    expect(last.body.equals(content.subarray(-5))).toBe(true)
    const beyond = await ask('-r', '100000-')
    expect(beyond.status).toBe(416)
    expect(beyond.head).toContain('content-range: bytes */100000')

    const begun = path.join(folder, 'begun')
    writeFileSync(begun, content.subarray(0, 40_000))
    const bearer = `Authorization: Bearer ${await device.password()}`
    await curl(['-sS', '--cacert', ca, '-H', bearer, '-C', '-', '-o', begun, url])
    expect(readFileSync(begun).equals(content)).toBe(true)
  })
})
