// Runs tasks in the order of their dependencies, as many at once as that allows.

/**
 * Starts a task when all that it depends on have succeeded. After the first failure nothing new starts; what runs is waited
 * for. Rejects with the first failure. Dependencies on ids that are not in the list count as met.
 */
export async function runInOrder(
  ids: readonly string[],
  dependenciesOf: (id: string) => Iterable<string>,
  task: (id: string) => Promise<void>,
): Promise<void> {
  const waiting = new Map(ids.map((id) => [id, new Set(dependenciesOf(id))]));
  for (const dependencies of waiting.values()) {
    for (const dependency of dependencies) if (!waiting.has(dependency)) dependencies.delete(dependency);
  }
  const failures: unknown[] = [];
  const running = new Set<Promise<void>>();

  const startReady = () => {
    if (failures.length > 0) return;
    for (const [id, dependencies] of waiting) {
      if (dependencies.size > 0) continue;
      waiting.delete(id);
      const run = task(id)
        .then(() => {
          for (const others of waiting.values()) others.delete(id);
        })
        .catch((error: unknown) => {
          failures.push(error);
        })
        .then(() => {
          running.delete(run);
        });
      running.add(run);
    }
  };

  startReady();
  while (running.size > 0) {
    await Promise.race(running);
    startReady();
  }
  if (failures.length > 0) throw failures[0];
  if (waiting.size > 0) throw new Error(`circular dependency between ${[...waiting.keys()].join(', ')}`);
}

/** Turns dependencies around: for each id, those that depend on it. For deletion, which goes backwards. */
export function reversed(
  ids: readonly string[],
  dependenciesOf: (id: string) => Iterable<string>,
): Map<string, Set<string>> {
  const dependents = new Map(ids.map((id) => [id, new Set<string>()]));
  for (const id of ids) for (const dependency of dependenciesOf(id)) dependents.get(dependency)?.add(id);
  return dependents;
}
