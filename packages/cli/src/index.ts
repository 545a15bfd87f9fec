export type { Command } from './command/command.ts'
export type { CommandIo } from './command/command-io.ts'
export { type CommandName, commandNames, loadCommand } from './command/commands.ts'
export { runCommand } from './command/main.ts'
