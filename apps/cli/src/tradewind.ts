#!/usr/bin/env node
import { commandsOf } from './commands'
import { run } from './run'
import { processTerminal } from './terminal'
import { upCommand } from './up/up'

const terminal = processTerminal()
process.exitCode = await run(process.argv.slice(2), [upCommand(), ...commandsOf(terminal)], terminal)
