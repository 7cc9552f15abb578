import { createServer, type Socket, connect as tcpConnect } from 'node:net'

/** Bytes and TCP segments, as far as one read is one segment, that passed the relay. */
export type Passed = { upBytes: number; upReads: number; downBytes: number; downReads: number }

/** Listens on `from` and passes everything on to `to`, counting: what a device costs its uplink. */
export async function startRelay(from: { host: string; port: number }, to: { host: string; port: number }) {
  const passed: Passed = { upBytes: 0, upReads: 0, downBytes: 0, downReads: 0 }
  const sockets = new Set<Socket>()
  const server = createServer((device) => {
    const hub = tcpConnect(to.port, to.host)
    for (const socket of [device, hub]) {
      sockets.add(socket.setNoDelay())
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        device.destroy()
        hub.destroy()
      })
    }
    device.on('data', (bytes) => {
      passed.upBytes += bytes.length
      passed.upReads++
    })
    hub.on('data', (bytes) => {
      passed.downBytes += bytes.length
      passed.downReads++
    })
    device.pipe(hub).pipe(device)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(from.port, from.host, () => resolve())
  })
  return {
    passed: () => ({ ...passed }),
    stop: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
