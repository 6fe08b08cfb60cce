// Which exports a template imports; an export in use can be neither changed away nor deleted.

/** Names given as text to Fn::ImportValue. */
export function importedNames(template: string): Set<string> {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        if (name === 'Fn::ImportValue' && typeof inner === 'string') found.add(inner);
        else visit(inner);
      }
    }
  };
  visit(JSON.parse(template));
  return found;
}
