// JSON documents as they travel through an execution. What only passes through keeps the text that it came with, as on AWS: an
// input `[1, 2]` is `[1, 2]` in the history and `[1,2]` only where something computed it.
const texts = new WeakMap<object, string>();

/** Parses a document, and remembers its text. @throws SyntaxError */
export function parseDocument(text: string): unknown {
  return remember(JSON.parse(text) as unknown, text);
}

/** The text that a document came with, or its shortest one. */
export function textOf(document: unknown): string {
  const known = typeof document === 'object' && document !== null ? texts.get(document) : undefined;
  return known ?? JSON.stringify(document);
}

/** A list of documents whose text is made of theirs. */
export function listOf(documents: readonly unknown[]): unknown {
  return remember([...documents], `[${documents.map(textOf).join(',')}]`);
}

function remember(document: unknown, text: string): unknown {
  if (typeof document === 'object' && document !== null) texts.set(document, text);
  return document;
}
