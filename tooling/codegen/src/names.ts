/** `FetchRequest` as the name of a constant: `fetchRequest`. */
export function constantName(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}

/** `FetchRequest` without its role: `Fetch`. */
export function apiName(name: string): string {
  return name.replace(/(Request|Response)$/, '')
}
