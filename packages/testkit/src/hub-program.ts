import path from 'node:path'
import { openStore, type Store } from '@tradewind/store'
import { onTestFinished } from 'vitest'
import { freePort } from './free-port'
import { Program } from './program'

/** The built hub on a folder and ports that stay the same over its lives. */
export class HubProgram {
  #running: Program | null = null

  private constructor(
    readonly folder: string,
    readonly ports: { https: number; mqtts: number },
    private openFiles: number | undefined,
    private env: Record<string, string>,
  ) {}

  static async start(folder: string, openFiles?: number, env = {}): Promise<HubProgram> {
    const hub = new HubProgram(folder, { https: await freePort(), mqtts: await freePort() }, openFiles, env)
    await hub.start()
    return hub
  }

  async start() {
    const env = {
      TRADEWIND_DATA: this.folder,
      TRADEWIND_HTTPS_PORT: String(this.ports.https),
      TRADEWIND_MQTTS_PORT: String(this.ports.mqtts),
      TRADEWIND_BIND: '127.0.0.1',
      TRADEWIND_ADDRESSES: '127.0.0.1',
      ...this.env,
    }
    this.#running = Program.start('hub', env, this.openFiles)
    await this.#running.says('the hub is up')
  }

  says(words: string | RegExp) {
    return this.#running?.says(words)
  }

  async kill() {
    await this.#running?.signal('SIGKILL')
  }

  async stop() {
    await this.#running?.signal('SIGTERM')
  }

  /** The same database, opened beside the hub as the dashboard does. */
  async store(): Promise<Store> {
    const store = await openStore(path.join(this.folder, 'tradewind.db'))
    onTestFinished(() => store.close())
    return store
  }

  async token(): Promise<string> {
    const store = await openStore(path.join(this.folder, 'tradewind.db'))
    const { text } = await store.createEnrolToken({ note: 'test', lifeMs: 3_600_000, actor: 'test' })
    await store.close()
    return text
  }
}
