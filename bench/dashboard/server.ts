import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

const script = path.resolve('apps/dashboard/.next/standalone/apps/dashboard/server.js')
const rooms = [
  ...['/', '/devices', '/models', '/assign', '/workloads', '/rollouts', '/proposals', '/problems', '/add', '/audit'],
  ...['/settings'],
]

/** The built dashboard as its own process, and a person who is signed in. */
export class Dashboard {
  #cookie = ''

  private constructor(
    private child: ChildProcess,
    readonly origin: string,
  ) {}

  static async start(data: string, port: number): Promise<Dashboard> {
    if (!existsSync(script)) throw new Error('the dashboard is not built: npm run build')
    const env = {
      ...process.env,
      TRADEWIND_DATA: data,
      PORT: String(port),
      HOSTNAME: '127.0.0.1',
      NODE_ENV: 'production',
    }
    const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'ignore', 'inherit'] })
    process.once('exit', () => child.kill('SIGKILL'))
    const dashboard = new Dashboard(child, `http://127.0.0.1:${port}`)
    for (let tries = 0; tries < 200; tries++) {
      if (
        await fetch(`${dashboard.origin}/api/health`).then(
          ({ ok }) => ok,
          () => false,
        )
      )
        return dashboard
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error('the dashboard did not start within 20 s')
  }

  async signIn(email: string, password: string) {
    const reply = await fetch(`${this.origin}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: this.origin },
      body: JSON.stringify({ email, password }),
    })
    if (!reply.ok) throw new Error(`nobody could sign in: ${reply.status} ${await reply.text()}`)
    this.#cookie = reply.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ')
  }

  /** For a browser. */
  get cookies() {
    return this.#cookie.split('; ').map((one) => {
      const [name = '', ...value] = one.split('=')
      return { name, value: value.join('='), url: this.origin }
    })
  }

  /** The whole body. Throws on anything but 200. */
  async get(address: string): Promise<Buffer> {
    const reply = await fetch(`${this.origin}${address}`, { headers: { cookie: this.#cookie }, redirect: 'manual' })
    const body = Buffer.from(await reply.arrayBuffer())
    if (reply.status !== 200) throw new Error(`${address}: ${reply.status}`)
    return body
  }

  /** Every room that there is, the pages of one device and of one rollout among them. */
  async pages(): Promise<string[]> {
    const [device] = (await this.#json<{ devices: { id: string }[] }>('/api/v1/devices?limit=1')).devices
    const [rollout] = (await this.#json<{ rollouts: { id: string }[] }>('/api/v1/rollouts?limit=1')).rollouts
    const more = ['/devices?q=lyon', ...(device ? [`/devices/${device.id}`, `/devices/${device.id}?range=30d`] : [])]
    const all = [...rooms, ...more, ...(rollout ? [`/rollouts/${rollout.id}`] : [])]
    const found: string[] = []
    for (const address of all)
      if (
        await this.get(address).then(
          () => true,
          () => false,
        )
      )
        found.push(address)
    return found
  }

  /** What the API can be asked without naming a thing, the stream of news apart, and what it says of one device. */
  async lists(): Promise<string[]> {
    const { paths } = await this.#json<{ paths: Record<string, { get?: object }> }>('/api/v1/openapi.json')
    const plain = Object.entries(paths).flatMap(([address, { get }]) =>
      get && !address.includes('{') && !address.endsWith('/events') ? [address] : [],
    )
    const [device] = (await this.#json<{ devices: { id: string }[] }>('/api/v1/devices?limit=1')).devices
    const ofDevice = ['', '/chart?range=24h', '/chart?range=30d', '/events', '/assignments', '/decision']
    const asked = [...plain, ...ofDevice.map((rest) => `/devices/${device?.id}${rest}`)].map((address) =>
      address.startsWith('/api/v1') ? address : `/api/v1${address}`,
    )
    const found: string[] = []
    for (const address of asked)
      if (
        await this.get(address).then(
          () => true,
          () => false,
        )
      )
        found.push(address)
    return found
  }

  async #json<T>(address: string): Promise<T> {
    return JSON.parse((await this.get(address)).toString()) as T
  }

  async stop() {
    const ended = new Promise((resolve) => this.child.once('exit', resolve))
    this.child.kill('SIGTERM')
    await ended
  }
}
