import { StorageError } from '../storage.ts'

/** A directory of a tree in memory. Files are whatever the storage keeps for one. */
export class DirectoryNode<File> {
  readonly entries = new Map<string, File | DirectoryNode<File>>()
  modifiedMs: number

  constructor(modifiedMs: number) {
    this.modifiedMs = modifiedMs
  }
}

/** Where a path leads: the directory that holds (or would hold) its last name. */
export interface Place<File> {
  readonly directory: DirectoryNode<File>
  readonly name: string
}

/** The names of a path. `/a//b/./c` and `a/b/c` are the same file: the tree's root is the working directory too. */
export function namesOf(path: string): readonly string[] {
  const names: string[] = []
  for (const name of path.split('/')) {
    if (name === '' || name === '.') continue
    if (name === '..') names.pop()
    else names.push(name)
  }
  return names
}

/** What stands at the path, or undefined. */
export function find<File>(root: DirectoryNode<File>, path: string): File | DirectoryNode<File> | undefined {
  let node: File | DirectoryNode<File> | undefined = root
  for (const name of namesOf(path)) {
    if (!(node instanceof DirectoryNode)) return undefined
    node = node.entries.get(name)
  }
  return node
}

/** The place of a path whose parent directory must exist; throws `StorageError` `not-found` otherwise. */
export function place<File>(root: DirectoryNode<File>, path: string, operation: string): Place<File> {
  const names = [...namesOf(path)]
  const name = names.pop()
  const directory = find(root, names.join('/'))
  if (name === undefined || !(directory instanceof DirectoryNode))
    throw new StorageError('not-found', { operation, path })
  return { directory, name }
}

/** The file at the path; throws `StorageError` `not-found`, or `io` for a directory. */
export function fileAt<File>(root: DirectoryNode<File>, path: string, operation: string): File {
  const node = find(root, path)
  if (node === undefined) throw new StorageError('not-found', { operation, path })
  if (node instanceof DirectoryNode) throw new StorageError('io', { operation, path }, new Error('is a directory'))
  return node
}

/** The directory at the path; throws `StorageError` `not-found`, or `io` for a file. */
export function directoryAt<File>(root: DirectoryNode<File>, path: string, operation: string): DirectoryNode<File> {
  const node = find(root, path)
  if (node === undefined) throw new StorageError('not-found', { operation, path })
  if (!(node instanceof DirectoryNode))
    throw new StorageError('io', { operation, path }, new Error('is not a directory'))
  return node
}

/** Throws what a host throws when `node` cannot be renamed to the place: onto a directory that is not empty, or into itself. */
export function assertRenamable<File>(node: File | DirectoryNode<File>, to: Place<File>, path: string): void {
  const target = to.directory.entries.get(to.name)
  const targetIsDirectory = target instanceof DirectoryNode
  if (target !== undefined && targetIsDirectory !== node instanceof DirectoryNode) {
    throw new StorageError('io', { operation: 'rename', path }, new Error('one is a directory, the other is a file'))
  }
  if (targetIsDirectory && target !== node && target.entries.size > 0) {
    throw new StorageError('io', { operation: 'rename', path }, new Error('the directory of the new name is not empty'))
  }
  if (node instanceof DirectoryNode && contains(node, to.directory)) {
    throw new StorageError('io', { operation: 'rename', path }, new Error('a directory cannot move into itself'))
  }
}

function contains<File>(tree: DirectoryNode<File>, directory: DirectoryNode<File>): boolean {
  if (tree === directory) return true
  for (const entry of tree.entries.values()) {
    if (entry instanceof DirectoryNode && contains(entry, directory)) return true
  }
  return false
}
