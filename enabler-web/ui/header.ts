// The top of every page: the name, the way to the other pages, language and colours.

import { LANGUAGES, type Language } from '../i18n/language';
import type { PageContext } from './context';
import { h, heart } from './dom';
import { chooseTheme, isTheme, storedTheme, THEMES } from './theme';

/** The pages that the header links to. */
export type PageName = 'gallery' | 'enabler' | 'board';

function languageSwitch(context: PageContext): HTMLElement {
  const select = h('select', { class: 'select', 'aria-label': context.text().language, id: 'language' });
  for (const [language, name] of Object.entries(LANGUAGES)) {
    select.append(
      h('option', { value: language, lang: language, selected: language === context.language() }, name),
    );
  }
  select.addEventListener('change', () => {
    context.setLanguage(select.value as Language);
    document.getElementById('language')?.focus();
  });
  return select;
}

function themeSwitch(context: PageContext): HTMLElement {
  const { theme, themes } = context.text();
  const current = storedTheme(context.store);
  const select = h('select', { class: 'select', 'aria-label': theme });
  for (const name of THEMES) {
    select.append(h('option', { value: name, selected: name === current }, themes[name]));
  }
  select.addEventListener('change', () => {
    if (isTheme(select.value)) chooseTheme(context.store, select.value);
  });
  return select;
}

/** The header; `here` is the page that it stands on. */
export function header(context: PageContext, here: PageName): HTMLElement {
  const text = context.text();
  const link = (page: PageName, href: string, label: string): HTMLElement =>
    h('a', { href, class: 'nav-link', 'aria-current': page === here ? 'page' : undefined }, label);
  return h(
    'header',
    { class: 'header' },
    h('a', { href: '#main', class: 'skip' }, text.skipToContent),
    h('a', { href: '/', class: 'brand' }, h('span', { class: 'brand-mark' }, heart()), text.brand),
    h(
      'nav',
      { class: 'nav', 'aria-label': text.navigation },
      link('gallery', '/', text.toGallery),
      link('enabler', '/enabler.html', text.toEnabler),
      link('board', '/board.html', text.toBoard),
    ),
    h('div', { class: 'switches' }, languageSwitch(context), themeSwitch(context)),
  );
}
