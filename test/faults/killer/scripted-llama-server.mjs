#!/usr/bin/env node
// Stands in for llama-server: tells in SCRIPTED_OPENED the sha256 of each file that it was given, and answers what
// SCRIPTED_ANSWERS has for the file of weights. SCRIPTED_KILL: {"at": "loading" | "answering", "file": "…", "nth": 1, "marker": "…"}
// ends the agent that started it.
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'

const argument = (name) => process.argv[process.argv.indexOf(name) + 1]
if (process.argv.includes('--version')) {
  console.log('version: 9999 (scripted)')
  process.exit(0)
}
const sha256Of = (file) => createHash('sha256').update(readFileSync(file)).digest('hex')
const weights = sha256Of(argument('--model'))
for (const name of ['--model', '--mmproj'])
  appendFileSync(process.env.SCRIPTED_OPENED, `${argument(name).split('/').at(-1)} ${sha256Of(argument(name))}\n`)

function at(point) {
  const kill = JSON.parse(process.env.SCRIPTED_KILL ?? 'null')
  if (kill?.at !== point || kill.file !== weights || existsSync(kill.marker)) return
  const opened = readFileSync(process.env.SCRIPTED_OPENED, 'utf8').split('\n')
  if (opened.filter((line) => line.endsWith(weights)).length < kill.nth) return
  writeFileSync(kill.marker, '')
  process.kill(process.ppid, 'SIGKILL')
}
at('loading')
const text =
  JSON.parse(process.env.SCRIPTED_ANSWERS ?? '{}')[weights] ?? 'the harbour lies open to the west and the boats come in'
const event = (body) => `data: ${JSON.stringify(body)}\n\n`
createServer((request, response) => {
  if (request.url !== '/v1/chat/completions') {
    const body = request.url === '/v1/models' ? { data: [{ id: 'scripted' }] } : { status: 'ok' }
    return response.writeHead(['/v1/models', '/health'].includes(request.url) ? 200 : 404).end(JSON.stringify(body))
  }
  at('answering')
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const word of text.split(/(?= )/))
    response.write(event({ choices: [{ index: 0, delta: { content: word }, finish_reason: null }] }))
  response.write(event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }))
  response.write(event({ choices: [], usage: { prompt_tokens: 20, completion_tokens: text.split(' ').length } }))
  response.end('data: [DONE]\n\n')
}).listen(Number(argument('--port')), '127.0.0.1')
