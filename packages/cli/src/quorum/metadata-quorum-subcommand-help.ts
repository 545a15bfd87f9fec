/** What `kafka-metadata-quorum <subcommand> --help` prints, as argparse4j lays it out, by subcommand. */
export const metadataQuorumSubcommandHelp = {
  describe: `usage: kafka-metadata-quorum (--bootstrap-server BOOTSTRAP_SERVER |
                             --bootstrap-controller BOOTSTRAP_CONTROLLER)
                             describe [-h] [--status] [--replication]
                             [--human-readable]

optional arguments:
  -h, --help             show this help message and exit

Status:
  --status               A short  summary  of  the  quorum  status  and the
                         other  provides  detailed  information  about  the
                         status of replication.

Replication:
  --replication          Detailed   information   about   the   status   of
                         replication
  --human-readable       Human-readable output
`,
  'add-controller': `usage: kafka-metadata-quorum (--bootstrap-server BOOTSTRAP_SERVER |
                             --bootstrap-controller BOOTSTRAP_CONTROLLER)
                             add-controller [-h] [--dry-run]

optional arguments:
  -h, --help             show this help message and exit
  --dry-run              True if we should  print  what  would be done, but
                         not do it.
`,
  'remove-controller': `usage: kafka-metadata-quorum (--bootstrap-server BOOTSTRAP_SERVER |
                             --bootstrap-controller BOOTSTRAP_CONTROLLER)
                             remove-controller [-h]
                             --controller-id CONTROLLER_ID
                             --controller-directory-id CONTROLLER_DIRECTORY_ID
                             [--dry-run]

optional arguments:
  -h, --help             show this help message and exit
  --controller-id CONTROLLER_ID, -i CONTROLLER_ID
                         The id of the controller to remove.
  --controller-directory-id CONTROLLER_DIRECTORY_ID, -d CONTROLLER_DIRECTORY_ID
                         The directory ID of the controller to remove.
  --dry-run              True if we should  print  what  would be done, but
                         not do it.
`,
} as const
