import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export type Metrics = ReturnType<typeof openMetrics>

/** What the hub counts, for `/metrics`. */
export function openMetrics(fleet: () => { total: number; connected: number }) {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry, prefix: 'tradewind_hub_' })
  new Gauge({
    name: 'tradewind_devices',
    help: 'Devices on record, by whether they are connected.',
    labelNames: ['connected'],
    registers,
    collect() {
      const { total, connected } = fleet()
      this.set({ connected: 'yes' }, connected)
      this.set({ connected: 'no' }, total - connected)
    },
  })
  return {
    registry,
    samplesStored: new Counter({ name: 'tradewind_samples_stored_total', help: 'Samples committed.', registers }),
    samplesDuplicate: new Counter({
      name: 'tradewind_samples_duplicate_total',
      help: 'Samples that were sent again and left out.',
      registers,
    }),
    messagesRefused: new Counter({
      name: 'tradewind_messages_refused_total',
      help: 'Messages not taken, by code.',
      labelNames: ['code'],
      registers,
    }),
    connectionsRefused: new Counter({
      name: 'tradewind_connections_refused_total',
      help: 'MQTT connections not admitted, by code.',
      labelNames: ['code'],
      registers,
    }),
    enrolments: new Counter({
      name: 'tradewind_enrolments_total',
      help: 'Enrolment requests, by outcome.',
      labelNames: ['outcome'],
      registers,
    }),
    commitSeconds: new Histogram({
      name: 'tradewind_commit_seconds',
      help: 'How long a group commit took.',
      buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
      registers,
    }),
    commitFailures: new Counter({ name: 'tradewind_commit_failures_total', help: 'Groups not stored.', registers }),
  }
}
