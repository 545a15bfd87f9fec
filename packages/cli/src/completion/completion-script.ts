import { commandNames } from '../command/commands.ts'
import { commandSummaries, shortName } from '../odradek/command-list.ts'
import { commandOptions } from './command-options.ts'

const shells = ['bash', 'zsh', 'fish'] as const

/** A shell that there is a completion script for. */
export type Shell = (typeof shells)[number]

/** Whether that is one of them. */
export function isShell(name: string): name is Shell {
  return shells.some((shell) => shell === name)
}

interface Completed {
  readonly name: string
  readonly options: readonly string[]
}

/** A script that completes `odradek`, its commands and their options. */
export async function completionScript(shell: Shell): Promise<string> {
  const commands: Completed[] = []
  for (const name of commandNames) commands.push({ name, options: await commandOptions(name) })
  if (shell === 'fish') return fishScript(commands)
  // zsh has a layer for scripts of bash.
  return shell === 'zsh' ? `autoload -U +X bashcompinit && bashcompinit\n${bashScript(commands)}` : bashScript(commands)
}

function bashScript(commands: readonly Completed[]): string {
  const all = [...Object.keys(commandSummaries).map(shortName), 'completion'].join(' ')
  const spellings = commands.flatMap(({ name }) => [name, `${name}.sh`]).join(' ')
  return `_odradek_options() {
  case "$1" in
${commands.map(({ name, options }) => `    ${shortName(name)}) echo "${options.join(' ')}" ;;`).join('\n')}
    completion) echo "${shells.join(' ')}" ;;
  esac
}
_odradek() {
  local current="\${COMP_WORDS[COMP_CWORD]}"
  local name="\${COMP_WORDS[0]##*/}"
  name="\${name%.sh}"
  if [ "$name" = odradek ]; then
    if [ "$COMP_CWORD" -eq 1 ]; then
      COMPREPLY=($(compgen -W "${all}" -- "$current"))
      return
    fi
    name="\${COMP_WORDS[1]}"
  fi
  name="\${name#kafka-}"
  case "$name:$current" in
    completion:* | *:-*) COMPREPLY=($(compgen -W "$(_odradek_options "$name")" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -F _odradek odradek ${spellings}
`
}

function fishScript(commands: readonly Completed[]): string {
  const lines = Object.entries(commandSummaries).map(([name, summary]) => {
    return `complete -c odradek -n __fish_use_subcommand -f -a ${shortName(name)} -d ${quoted(summary)}`
  })
  lines.push('complete -c odradek -n __fish_use_subcommand -f -a completion')
  lines.push(`complete -c odradek -n '__fish_seen_subcommand_from completion' -f -a '${shells.join(' ')}'`)
  for (const { name, options } of commands) {
    for (const option of options) {
      const long = option.replace(/^--/, '')
      lines.push(`complete -c odradek -n '__fish_seen_subcommand_from ${shortName(name)}' -l ${long}`)
      lines.push(`complete -c ${name} -l ${long}`)
    }
  }
  return `${lines.join('\n')}\n`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "\\'")}'`
}
