import { printUuid } from '@odradek/protocol'
import { describe, expect, it } from 'vitest'
import { groupHash, topicHash } from '../../src/hash/metadata-hash.ts'
import { xxh3 } from '../../src/hash/xxh3.ts'

/** Lengths on both sides of every case of the algorithm, with the hashes of hash4j 0.22, which Kafka 4.4 uses. */
const hashes: readonly [number, bigint][] = [
  [0, 3244421341483603138n],
  [1, 5502495245947142431n],
  [2, 12097320375286824743n],
  [3, 1582743943441612892n],
  [4, 15897727546751563449n],
  [5, 12867007321144116037n],
  [7, 8458189580353027099n],
  [8, 16052704444545341486n],
  [9, 6826826100130491823n],
  [15, 13898339503153499904n],
  [16, 13151966726041430025n],
  [17, 1412152472893301783n],
  [31, 17986456192248881490n],
  [32, 2155485519126862132n],
  [33, 295219225024738793n],
  [63, 844395884324883646n],
  [64, 6664293511722909097n],
  [65, 10029399599451824309n],
  [96, 10405059457294445863n],
  [127, 17372274818012554839n],
  [128, 12531170646690207796n],
  [129, 11805933205122986295n],
  [130, 1065563121038123667n],
  [143, 13650066290191966764n],
  [144, 2222865589178353957n],
  [200, 6658642193313423481n],
  [239, 11007815218773379690n],
  [240, 10446529260703657876n],
  [241, 6027984620569528152n],
  [255, 1707434974967720783n],
  [256, 7376902351762132538n],
  [257, 4168158308043010007n],
  [512, 16519665716848017970n],
  [1000, 2343284409815518279n],
  [1023, 8818149109038991842n],
  [1024, 13946254871703706433n],
  [1025, 2783494787540958856n],
  [1087, 14248954048173088631n],
  [1088, 11932329464829831673n],
  [2048, 7138157406110346795n],
  [4096, 2463231828142824377n],
  [5000, 2705193781849627576n],
]

describe('the hash of metadata', () => {
  it.each(hashes)('of %i bytes is that of XXH3', (length, hash) => {
    expect(xxh3(Uint8Array.from({ length }, (_, index) => ((index * 31 + 7) ^ (index >>> 3)) & 0xff))).toBe(hash)
  })

  const topicId = printUuid(Buffer.from('550f9da3b74a4c1c8a1b2c3d4e5f6071', 'hex'))
  const hashOf = (partitionCount: number, racks: readonly string[]) =>
    topicHash({ topicId, name: 'orders', partitionCount, racksOf: () => racks })

  it('takes in id, name, partitions and racks of a topic, as Kafka does', () => {
    expect(hashOf(3, [])).toBe(3299177825802263801n)
    expect(hashOf(3, ['r'])).toBe(12656578972090624024n)
    expect(hashOf(50, ['rack-b', 'rack-a'])).toBe(5006972229786511627n)
  })

  it('of a group takes in its topics by name, and is signed as records hold it', () => {
    const topics = [
      ['b', hashOf(3, ['r'])],
      ['a', hashOf(3, [])],
    ] as const
    expect(groupHash(new Map(topics))).toBe(2046289839497500711n)
    expect(groupHash(new Map())).toBe(0n)
    expect(groupHash(new Map([['a', hashOf(50, [])]]))).toBe(
      BigInt.asIntN(64, groupHash(new Map([['a', hashOf(50, [])]]))),
    )
  })
})
