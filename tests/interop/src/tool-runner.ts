import { type KafkaTool, runTool, toolClasses } from '@odradek/apache-kafka'
import { startToolDriver } from './clients/java.ts'
import type { LineDriver } from './line-driver.ts'
import { fullSuite } from './targets.ts'

/** How a tool ended. */
export interface ToolOutcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs Kafka's command line tools. In the whole suite the first run of each tool is a process as a user starts it; all others share one
 * JVM, which answers in a tenth of the time.
 */
export class ToolRunner implements AsyncDisposable {
  readonly #driver: LineDriver
  readonly #replacements = new Map<string, string>()
  readonly #started = new Set<KafkaTool>()

  private constructor(driver: LineDriver) {
    this.#driver = driver
  }

  /** Starts the JVM. */
  static async start(): Promise<ToolRunner> {
    return new ToolRunner(await startToolDriver())
  }

  /** From now on `text` reads `name` in every output. */
  replace(text: string, name: string): void {
    this.#replacements.set(text, name)
  }

  /** Runs a tool and resolves with its output, the agreed texts replaced, topic ids hidden and log lines left out. */
  async run(tool: KafkaTool, args: readonly string[], stdin = ''): Promise<ToolOutcome> {
    const asProcess = fullSuite && !this.#started.has(tool)
    this.#started.add(tool)
    const { code, stdout, stderr } = asProcess
      ? await runTool(tool, args, { stdin })
      : await this.#driver.request<ToolOutcome>('tool', { class: toolClasses[tool], args, stdin })
    return { code, stdout: this.readable(stdout), stderr: this.readable(stderr) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#driver.close()
  }

  /** A text with the agreed texts replaced, topic ids hidden and log lines left out. */
  readable(output: string): string {
    let text = output.replace(/^\[\d{4}-.*\n/gm, '').replace(/TopicId: [\w-]{22}/g, 'TopicId: ID')
    for (const [from, to] of this.#replacements) text = text.replaceAll(from, to)
    return text
  }
}
