import { spawn } from 'node:child_process'
import { type JarSet, kafkaClasspath, logFlag } from './jars.ts'
import { type KafkaTool, toolClasses } from './tool-classes.ts'

/** How a command line tool ended and all it wrote. */
export interface ToolResult {
  readonly stdout: string
  readonly stderr: string
  /** The exit code; null when a signal or the time limit ended the tool. */
  readonly code: number | null
}

/** What a tool can be given beside its arguments. */
export interface ToolOptions {
  /** Written to standard input, which is then closed. */
  readonly stdin?: string | Uint8Array
  /** Ends the tool with SIGTERM, then SIGKILL; one minute if not given. */
  readonly timeoutMs?: number
  /** Flags of the JVM; by default those that make a short-lived tool start fast. */
  readonly jvmFlags?: readonly string[]
  /** Which release runs the tool: the jars of the tools (default), or of the broker (kafka-storage). */
  readonly jars?: JarSet
  /** Told of standard output as it comes. */
  readonly onStdout?: (text: string) => void
}

/** Flags for a JVM that lives for seconds: no optimising compiler, no parallel collector, little memory. */
export const shortLivedJvm: readonly string[] = [
  '-Xmx256m',
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-Xshare:auto',
]

/** Runs one of Kafka's command line tools in a process of its own, against any broker, and resolves with what it wrote. */
export async function runTool(
  tool: KafkaTool,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<ToolResult> {
  return await runJava(toolClasses[tool], args, { jars: tool === 'kafka-storage' ? 'broker' : 'tools', ...options })
}

/** Runs the main class of a jar on the classpath; rejects only when there is no `java`. */
export async function runJava(
  mainClass: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<ToolResult> {
  const flags = [
    ...(options.jvmFlags ?? shortLivedJvm),
    await logFlag(),
    '-cp',
    kafkaClasspath(options.jars ?? 'tools'),
  ]
  return await new Promise((resolve, reject) => {
    const child = spawn('java', [...flags, mainClass, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
    const out: string[] = []
    const err: string[] = []
    const endChild = () => child.kill('SIGKILL')
    process.once('exit', endChild)
    const timer = setTimeout(() => {
      child.kill('SIGTERM')
      setTimeout(endChild, 5_000).unref()
    }, options.timeoutMs ?? 60_000)
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out.push(text)
      options.onStdout?.(text)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text))
    // A tool that fails early closes its input before we have written it all; its exit code tells the story.
    child.stdin.on('error', () => undefined)
    child.stdin.end(options.stdin ?? '')
    child.on('error', (cause) => reject(new Error('java did not start', { cause })))
    child.on('close', (code) => {
      clearTimeout(timer)
      process.off('exit', endChild)
      resolve({ stdout: out.join(''), stderr: err.join(''), code })
    })
  })
}
