import { spawn } from 'node:child_process'
import { type KafkaTool, kafkaClasspath, logFlag, toolClasses } from '@odradek/apache-kafka'
import { processUsage } from './process-usage.ts'

const jvmFlags = ['-Xms256m', '-Xmx512m', '-XX:+UseG1GC']
const samplingMs = 20

/** Runs a tool of Kafka's and asks the kernel again and again what it has used: when it is gone, nobody can tell. */
export async function watchedJava(tool: KafkaTool, args: readonly string[]) {
  const flags = [...jvmFlags, await logFlag(), '-cp', kafkaClasspath('tools'), toolClasses[tool]]
  const child = spawn('java', [...flags, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const output: string[] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => output.push(text))
  let usage = { cpuSeconds: 0, peakMib: 0 }
  const sampling = setInterval(() => {
    try {
      const now = processUsage(child.pid!)
      if (now.peakMib > 0) usage = now
    } catch {
      // It ended between two samples; the one before stands.
      clearInterval(sampling)
    }
  }, samplingMs)
  try {
    await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  } finally {
    clearInterval(sampling)
  }
  return { stdout: output.join(''), ...usage }
}
