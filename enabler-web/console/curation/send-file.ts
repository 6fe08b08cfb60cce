// Sends a file and tells how far it is, which `fetch` cannot.

/** No answer came within this long although nothing was sent any more. Milliseconds. */
const STALLED_MS = 60_000;

/** Bytes that are still to be sent are not waited for longer than this without progress. @throws Error when it did not arrive */
export function sendFile(
  { url, headers }: { readonly url: string; readonly headers: Readonly<Record<string, string>> },
  file: Blob,
  onProgress: (share: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let timer = 0;
    const fail = (reason: string): void => {
      clearTimeout(timer);
      reject(new Error(reason));
    };
    const stillMoving = (): void => {
      clearTimeout(timer);
      timer = window.setTimeout(() => request.abort(), STALLED_MS);
    };
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      stillMoving();
      onProgress(total > 0 ? loaded / total : 0);
    });
    request.addEventListener('load', () => {
      clearTimeout(timer);
      if (request.status === 200) resolve();
      else fail(`answer ${request.status}`);
    });
    request.addEventListener('error', () => fail('no connection'));
    request.addEventListener('abort', () => fail('it stood still'));
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    stillMoving();
    request.send(file);
  });
}
