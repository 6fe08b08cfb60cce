// Reads an environment variable at module load, so that a function that lacks one fails at once and says which.

/** @throws Error when the variable is missing or empty */
export function requireEnv(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`environment variable ${name} is not set`);
  return value;
}

/** @throws Error when the variable is missing or not a whole number of at least 1 */
export function requireCount(name: string): number {
  const value = requireEnv(name);
  if (!/^[1-9]\d*$/.test(value)) {
    throw new Error(`environment variable ${name} must be a whole number of at least 1, got ${value}`);
  }
  return Number(value);
}
