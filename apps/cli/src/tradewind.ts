#!/usr/bin/env node
import { devicesCommand } from './devices/command'
import { loginCommand } from './login'
import { estimateCommand, explainCommand, modelsCommand } from './models/command'
import { run } from './run'
import { processTerminal } from './terminal'
import { tokenCommand } from './token/command'
import { upCommand } from './up/up'

const terminal = processTerminal()
const commands = [
  upCommand(),
  loginCommand(terminal),
  tokenCommand(terminal),
  devicesCommand(terminal),
  modelsCommand(terminal),
  estimateCommand(terminal),
  explainCommand(terminal),
]
process.exitCode = await run(process.argv.slice(2), commands, terminal)
