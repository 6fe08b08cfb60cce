// What every page shares: storage, API, language, and how to draw itself anew when the language changes.

import { ApiClient } from '../api/client';
import type { Messages } from '../i18n/en';
import { chooseLanguage, type Language, messagesOf, storeLanguage } from '../i18n/language';
import { type KeyValueStore, openBrowserStore } from '../likes/storage';
import { applyTheme, storedTheme } from './theme';

/** The shared parts of a page. */
export interface PageContext {
  readonly store: KeyValueStore;
  readonly api: ApiClient;
  language(): Language;
  /** The texts of the current language. */
  text(): Messages;
  setLanguage(language: Language): void;
}

/** Sets up a page; `draw` fills #app, now and whenever the language changes. */
export function startPage(draw: (context: PageContext, root: HTMLElement) => void): void {
  const root = document.getElementById('app');
  if (root === null) throw new Error('the page has no #app');
  const store = openBrowserStore(window);
  let language = chooseLanguage(store, navigator.languages);
  const redraw = (): void => {
    document.documentElement.lang = language;
    root.replaceChildren();
    draw(context, root);
  };
  const context: PageContext = {
    store,
    api: new ApiClient(fetch.bind(window), Date.now),
    language: () => language,
    text: () => messagesOf(language),
    setLanguage: (chosen) => {
      language = chosen;
      storeLanguage(store, chosen);
      redraw();
    },
  };
  applyTheme(storedTheme(store));
  redraw();
  // Only secure pages have it; what goes wrong with it the browser tells, and the page is as good without.
  if ('serviceWorker' in navigator) navigator.serviceWorker.register('/sw.js').catch(console.warn);
}
