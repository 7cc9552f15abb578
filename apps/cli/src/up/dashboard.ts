// Runs the packed dashboard as a child that does not outlive its parent.
import { pathToFileURL } from 'node:url'

const [server] = process.argv.slice(2)
if (!server) throw new Error('usage: dashboard.js server.js')
process.once('disconnect', () => process.exit(0))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0))
await import(pathToFileURL(server).href)
