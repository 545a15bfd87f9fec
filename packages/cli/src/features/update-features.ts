import type { Admin, FeatureUpdate } from '@odradek/admin'
import type { ParsedArguments } from '../argparse/argument-parser.ts'
import type { CommandIo } from '../command/command-io.ts'
import { failureMessage } from '../command/kafka-failure.ts'
import { featureLevels, releaseVersion } from './feature-versions.ts'

type UpgradeType = NonNullable<FeatureUpdate['upgradeType']>

/** `upgrade`, `downgrade` and `disable` @throws Error in Kafka's words */
export async function updateFeatures(admin: Admin, given: ParsedArguments, io: CommandIo): Promise<void> {
  const operation = given.command!
  const upgradeType = operation === 'upgrade' ? 'UPGRADE' : given.has('unsafe') ? 'UNSAFE_DOWNGRADE' : 'SAFE_DOWNGRADE'
  const updates = new Map<string, FeatureUpdate>()
  for (const [feature, maxVersionLevel] of await wantedLevels(given, io)) {
    if (updates.has(feature)) throw new Error(`Feature ${feature} was specified more than once.`)
    updates.set(feature, { feature, maxVersionLevel, upgradeType: upgradeType satisfies UpgradeType })
  }
  if (updates.size === 0) throw new Error(`You must specify at least one feature to ${operation}`)
  const isDry = given.has('dry-run')
  const results = await admin.updateFeatures(updates.values(), { validateOnly: isDry })
  let failures = 0
  for (const [feature, { error }] of [...results].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const level = updates.get(feature)!.maxVersionLevel
    const disables = operation === 'disable'
    if (error === undefined) {
      const done = disables ? 'disabled.' : `${operation}d to ${level}.`
      await io.out(`${feature}${isDry ? ' can be ' : ' was '}${done}\n`)
    } else {
      failures++
      const what = disables ? `disable ${feature}` : `${operation} ${feature} to ${level}`
      await io.out(`${isDry ? 'Can not ' : 'Could not '}${what}. ${failureMessage(error)}\n`)
    }
  }
  if (failures > 0) throw new Error(`${failures} out of ${results.size} operation(s) failed.`)
}

async function wantedLevels(given: ParsedArguments, io: CommandIo): Promise<readonly (readonly [string, number])[]> {
  const features = given.values('feature')
  if (given.command === 'disable') return features.map((feature) => [feature, 0])
  const [metadata, release] = [given.value('metadata'), given.value('release-version')]
  if (release !== undefined) {
    if (metadata !== undefined || features.length > 0) {
      throw new Error('Can not specify `release-version` with other feature flags.')
    }
    const version = releaseVersion(release)
    // No feature is upgraded to 0.
    const levels = featureLevels(version).filter(([, level]) => level > 0 || given.command !== 'upgrade')
    return [['metadata.version', version.level], ...levels]
  }
  const levels = features.map(parseFeatureLevel)
  if (metadata === undefined) return levels
  await io.out(' `metadata` flag is deprecated and may be removed in a future release.\n')
  return [['metadata.version', releaseVersion(metadata).level], ...levels]
}

/** Takes `metadata.version=21` apart. @throws Error in Kafka's words */
export function parseFeatureLevel(text: string): readonly [feature: string, level: number] {
  const at = text.indexOf('=')
  if (at < 0) throw new Error(`Can't parse feature=level string ${text}: equals sign not found.`)
  const [feature, level] = [text.slice(0, at).trim(), text.slice(at + 1).trim()]
  if (!/^[+-]?\d+$/.test(level) || Math.abs(Number(level)) > 32767) {
    throw new Error(`Can't parse feature=level string ${text}: unable to parse ${level} as a short.`)
  }
  return [feature, Number(level)]
}
