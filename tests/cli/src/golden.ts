import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Admin } from '@odradek/admin'
import { runTool } from '@odradek/apache-kafka'
import { startTarget, type Target, type TargetName } from '@odradek/interop/targets'
import { ToolRunner } from '@odradek/interop/tool-runner'
import type { Invocation } from './invocation.ts'
import { runOurs } from './run-command.ts'

/** Who runs a command: the other names what it changes differently, so that neither sees what the other did. */
type Side = 'kafka' | 'ours'

const suffixes: Readonly<Record<Side, string>> = { kafka: 'k', ours: 'o' }

/** What is compared of a command's end. */
export interface GoldenOutcome {
  readonly code: number | null
  readonly stdout: readonly string[]
  readonly stderr: string
}

/** What both said of one invocation. */
export interface Comparison {
  readonly ours: GoldenOutcome
  readonly kafka: GoldenOutcome
}

/**
 * A broker, Kafka's tools and our commands. `@orders` in an argument or a file is a name of which each side has its own: commands that
 * change something do so to twins, in the same state on either side.
 */
export class Golden implements AsyncDisposable {
  readonly target: Target
  readonly admin: Admin
  readonly dir: string
  readonly #tools: ToolRunner

  private constructor(target: Target, tools: ToolRunner, dir: string) {
    this.target = target
    this.#tools = tools
    this.dir = dir
    this.admin = new Admin({ bootstrapServers: [target.bootstrap] })
  }

  /** Starts the broker and the JVM of Kafka's tools. */
  static async start(name: TargetName): Promise<Golden> {
    const dir = await mkdtemp(join(tmpdir(), 'odradek-golden-'))
    const [target, tools] = await Promise.all([startTarget(name), ToolRunner.start()])
    return new Golden(target, tools, dir)
  }

  /** The names behind one with an `@`, Kafka's side first. */
  twins(name: string): readonly string[] {
    return (['kafka', 'ours'] as const).map((side) => named(name, side))
  }

  /** Writes a file for each side; `%name` in an argument is its path. */
  async file(name: string, text: string): Promise<void> {
    for (const side of ['kafka', 'ours'] as const) await writeFile(this.#path(name, side), named(text, side))
  }

  /** Runs Kafka's command and then ours. `BROKER` stands for the address, `%name` for a file. */
  async compare({ command, args, isProcess }: Invocation): Promise<Comparison> {
    const [theirs, own] = [this.#arguments(args, 'kafka'), this.#arguments(args, 'ours')]
    const kafka = isProcess ? await runTool(command, theirs) : await this.#tools.run(command, theirs)
    const ours = await runOurs(command, own)
    if (args.includes('--create') && ours.code === 0) await this.#untilListed(own[own.indexOf('--topic') + 1]!)
    const hasTwins = args.some((arg) => /[@%]/.test(arg))
    const masked = (text: string, side: Side) => this.#masked(this.#tools.readable(text), hasTwins ? side : undefined)
    return {
      kafka: {
        code: kafka.code,
        stdout: masked(kafka.stdout, 'kafka'),
        stderr: masked(kafka.stderr, 'kafka').join('\n'),
      },
      ours: { code: ours.code, stdout: masked(ours.stdout, 'ours'), stderr: masked(ours.stderr, 'ours').join('\n') },
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.admin.close()
    await this.#tools[Symbol.asyncDispose]()
    await this.target[Symbol.asyncDispose]()
    await rm(this.dir, { recursive: true, force: true })
  }

  #arguments(args: readonly string[], side: Side): readonly string[] {
    return args.map((arg) =>
      named(arg, side)
        .replaceAll('BROKER', this.target.bootstrap)
        .replace(/^%(\w+)$/, (_, name: string) => this.#path(name, side)),
    )
  }

  /** Waits until the broker has heard from the controller of a topic that was made. */
  async #untilListed(topic: string): Promise<void> {
    const deadlineMs = performance.now() + 5_000
    while (performance.now() < deadlineMs) {
      const topics = await this.admin.listTopics()
      if (topics.some((listed) => listed.topic === topic)) return
    }
  }

  #path(name: string, side: Side): string {
    return join(this.dir, `${name}-${suffixes[side]}`)
  }

  /** The lines of an output, without what differs from run to run. */
  #masked(text: string, side: Side | undefined): readonly string[] {
    const mine = side === undefined ? text : text.replaceAll(`-twin-${suffixes[side]}`, '-twin-x')
    return mine
      .replaceAll(this.target.bootstrap, 'BROKER')
      .replace(/\d{13}/g, 'TIME')
      .replace(/(?<![\w-])[\w-]{22}(?![\w-])/g, (id) => (/[A-Z].*[a-z]|[a-z].*[A-Z]/.test(id) ? 'ID'.padEnd(22) : id))
      .split('\n')
  }
}

function named(text: string, side: Side): string {
  return text.replaceAll(/@(\w+)/g, `$1-twin-${suffixes[side]}`)
}
