// Lets the pages of visitors open without a connection: likes wait in the browser then, and are sent later. Only what a page is made of is
// kept here, never an answer of the API or a picture: what was taken out of the gallery must not live on in devices.

// The types of the page's world are not those of a worker.
interface Lifetime extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetch extends Event {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: 'install' | 'activate', listener: (event: Lifetime) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetch) => void): void;
}
const worker = globalThis as unknown as Worker;

/** What is kept, and a name that changes with it; put in by the build. */
declare const SHELL: { readonly name: string; readonly urls: readonly string[] };

worker.addEventListener('install', (event) => {
  const keep = async (): Promise<void> => {
    await (await caches.open(SHELL.name)).addAll([...SHELL.urls]);
    await worker.skipWaiting();
  };
  event.waitUntil(keep());
});

worker.addEventListener('activate', (event) => {
  const tidy = async (): Promise<void> => {
    const old = (await caches.keys()).filter((name) => name !== SHELL.name);
    await Promise.all(old.map((name) => caches.delete(name)));
    await worker.clients.claim();
  };
  event.waitUntil(tidy());
});

/** The page as it is now; without a connection, as it was kept. */
async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}

/** The name says what is in it, so what is kept is as good. */
const asset = async (request: Request): Promise<Response> => (await caches.match(request)) ?? fetch(request);

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else if (url.pathname.startsWith('/assets/')) event.respondWith(asset(request));
});
