// The top of every page: the name, the way to the other pages, language and colours.

import { hasOperatorToken } from '../api/operator-token';
import { LANGUAGES, type Language } from '../i18n/language';
import type { PageContext } from './context';
import { button, h, heart, svg } from './dom';
import { chooseTheme, storedTheme, THEMES } from './theme';

/** The pages that the header links to. */
export type PageName = 'gallery' | 'enabler' | 'board' | 'console';

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

/** One button that goes round: as the device, light, dark. */
function themeSwitch(context: PageContext): HTMLElement {
  const { theme, themes } = context.text();
  const label = h('span', { class: 'visually-hidden' });
  const show = (): void => {
    const current = storedTheme(context.store);
    label.textContent = `${theme}: ${themes[current]}`;
    control.title = label.textContent;
    control.dataset.choice = current;
  };
  const control = button(
    { class: 'theme-button' },
    () => {
      const next = THEMES[(THEMES.indexOf(storedTheme(context.store)) + 1) % THEMES.length];
      chooseTheme(context.store, next ?? 'auto');
      show();
    },
    svg(
      'svg',
      { viewBox: '0 0 24 24', class: 'theme-icon', 'aria-hidden': 'true' },
      svg('circle', { cx: 12, cy: 12, r: 8.5, class: 'theme-disc' }),
      svg('path', { d: 'M12 3.5a8.5 8.5 0 0 1 0 17z', class: 'theme-half' }),
    ),
    label,
  );
  show();
  return control;
}

/** The header; `here` is the page that it stands on, if it is one that is linked to. */
export function header(context: PageContext, here?: PageName): HTMLElement {
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
      (here === 'console' || hasOperatorToken(window)) && link('console', '/console.html', text.toConsole),
    ),
    h('div', { class: 'switches' }, languageSwitch(context), themeSwitch(context)),
  );
}
