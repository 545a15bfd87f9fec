/** What `kafka-features <subcommand> --help` prints, as argparse4j lays it out, by subcommand. */
export const featuresSubcommandHelp = {
  describe: `usage: kafka-features describe [-h] [--node-id NODE_ID]

optional arguments:
  -h, --help             show this help message and exit
  --node-id NODE_ID      The node id to which  the requests should be sent.
                         If not specified, the requests  will be sent to an
                         arbitrary controller/broker.
`,
  upgrade: `usage: kafka-features upgrade [-h] [--metadata METADATA]
                      [--release-version RELEASE_VERSION]
                      [--feature FEATURE] [--dry-run]

optional arguments:
  -h, --help             show this help message and exit
  --metadata METADATA    DEPRECATED  --  The  level   to  which  we  should
                         upgrade the metadata. For example, 3.3-IV3.
  --release-version RELEASE_VERSION
                         The release version  to  update  all  features to.
                         For example, 3.9-IV0  will set metadata.version=21
                         and  kraft.version=1.   Use   the  version-mapping
                         command to learn which  features  will  be set for
                         any given version.
  --feature FEATURE      A  feature   upgrade   we   should   perform,   in
                         feature=level  format.  For   example:  \`metadata.
                         version=5\`.
  --dry-run              Validate this upgrade, but do not perform it.
`,
  downgrade: `usage: kafka-features downgrade [-h] [--metadata METADATA]
                      [--release-version RELEASE_VERSION]
                      [--feature FEATURE] [--unsafe] [--dry-run]

optional arguments:
  -h, --help             show this help message and exit
  --metadata METADATA    DEPRECATED  --  The  level   to  which  we  should
                         downgrade the metadata. For example, 3.3-IV0.
  --release-version RELEASE_VERSION
                         The release version to  downgrade all features to.
                         For example, 3.9-IV0  will set metadata.version=21
                         and  kraft.version=1.   Use   the  version-mapping
                         command to learn which  features  will  be set for
                         any given version.
  --feature FEATURE      A  feature  downgrade   we   should   perform,  in
                         feature=level  format.  For   example:  \`metadata.
                         version=5\`.
  --unsafe               Perform   this   downgrade   even    if   it   may
                         irreversibly destroy metadata.
  --dry-run              Validate this downgrade, but do not perform it.
`,
  disable: `usage: kafka-features disable [-h] [--feature FEATURE] [--unsafe]
                      [--dry-run]

optional arguments:
  -h, --help             show this help message and exit
  --feature FEATURE      A feature flag to disable.
  --unsafe               Disable  this  feature   flag   even   if  it  may
                         irreversibly destroy metadata.
  --dry-run              Perform a dry-run of this disable operation.
`,
  'version-mapping': `usage: kafka-features version-mapping [-h]
                      [--release-version RELEASE_VERSION]

optional arguments:
  -h, --help             show this help message and exit
  --release-version RELEASE_VERSION
                         The release version to  use  for the corresponding
                         feature  mapping.  The  minimum  is  3.3-IV3;  the
                         default is 4.4-IV2
`,
  'feature-dependencies': `usage: kafka-features feature-dependencies [-h] --feature FEATURE

optional arguments:
  -h, --help             show this help message and exit
  --feature FEATURE      The feature and  version  to  look up dependencies
                         for,  in  feature=version   format.  For  example:
                         \`metadata.version=5\`.
`,
} as const
