import type { Admin } from '@odradek/admin'
import type { ParsedArguments } from '../argparse/argument-parser.ts'
import type { CommandIo } from '../command/command-io.ts'
import { levelText } from './feature-versions.ts'

/** `describe` */
export async function describeFeatures(admin: Admin, given: ParsedArguments, io: CommandIo): Promise<void> {
  const node = given.value('node-id')
  if (node !== undefined && Number(node) < 0) throw new Error(`Invalid node id ${node}: must be non-negative.`)
  const metadata = await admin.describeFeatures(node === undefined ? {} : { nodeId: Number(node) })
  const { supportedFeatures, finalizedFeatures, finalizedFeaturesEpoch } = metadata
  const rows = [...supportedFeatures]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([feature, { minVersion, maxVersion }]) => ({
      feature,
      supportedMinVersion: levelText(feature, minVersion),
      supportedMaxVersion: levelText(feature, maxVersion),
      finalizedVersionLevel: levelText(feature, finalizedFeatures.get(feature)?.maxVersionLevel ?? 0),
      epoch: finalizedFeaturesEpoch,
    }))
  if (given.has('json')) {
    await io.out(`${JSON.stringify(rows, null, 2)}\n`)
    return
  }
  const lines = rows.map((row) =>
    [
      `Feature: ${row.feature.padEnd(40)}`,
      `SupportedMinVersion: ${row.supportedMinVersion.padEnd(15)}`,
      `SupportedMaxVersion: ${row.supportedMaxVersion.padEnd(15)}`,
      `FinalizedVersionLevel: ${row.finalizedVersionLevel.padEnd(15)}`,
      `Epoch: ${row.epoch ?? '-'}`,
    ].join('  '),
  )
  await io.out(lines.map((line) => `${line}\n`).join(''))
}
