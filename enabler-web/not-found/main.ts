// What stands at an address where there is nothing: the way back to the pages.

import { startPage } from '../ui/context';
import { h } from '../ui/dom';
import { header } from '../ui/header';

declare const EMBLEMS: Readonly<Record<'confused', string>>;

startPage((context, root) => {
  const text = context.text();
  document.title = `${text.brand}: ${text.notFoundTitle}`;
  root.append(
    header(context),
    h(
      'main',
      { id: 'main', class: 'not-found', tabindex: -1 },
      h('img', { src: EMBLEMS.confused, alt: '', width: 320, height: 320, class: 'not-found-picture' }),
      h(
        'div',
        {},
        h('h1', { class: 'title' }, text.notFoundTitle),
        h('p', { class: 'lead' }, text.notFoundWords),
        h(
          'p',
          { class: 'not-found-ways' },
          h('a', { href: '/', class: 'button button-primary' }, text.toGallery),
          h('a', { href: '/enabler.html', class: 'button' }, text.toEnabler),
        ),
      ),
    ),
  );
});
