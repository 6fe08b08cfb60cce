// What happens when the minimum is reached: the good news, and petals for those who like things to move.

import type { Progress } from '../api/types';
import type { Messages } from '../i18n/en';
import { openDialog } from '../ui/dialog';
import { h } from '../ui/dom';

const PETALS = 48;

/** Petals that fall once over the page, by the Web Animations API. */
function letPetalsFall(random: () => number): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const layer = h('div', { class: 'petals', 'aria-hidden': 'true' });
  for (let index = 0; index < PETALS; index += 1) {
    const petal = h('span', { class: `petal petal-${index % 8}` });
    petal.style.setProperty('left', `${random() * 100}%`);
    const drift = (random() - 0.5) * 30;
    petal.animate(
      [
        { transform: 'translate(0, -10vh) rotate(0deg)', opacity: 0 },
        { opacity: 1, offset: 0.15 },
        { transform: `translate(${drift}vw, 110vh) rotate(${random() * 720}deg)`, opacity: 0.7 },
      ],
      { duration: 3_200 + random() * 3_000, delay: random() * 1_200, fill: 'both', easing: 'ease-in' },
    );
    layer.append(petal);
  }
  (document.querySelector('dialog[open]') ?? document.body).append(layer);
  setTimeout(() => layer.remove(), 7_600);
}

/** Shows that the minimum is reached. */
export function celebrate(progress: Progress, text: Messages): void {
  openDialog(
    {
      id: 'celebration',
      title: text.celebrateTitle,
      close: text.celebrateMore,
      className: 'celebration',
      actions: [h('a', { href: '/', class: 'button' }, text.celebrateGallery)],
    },
    h('p', {}, text.celebrateText(progress.qualifiedUsers, progress.interactions)),
  );
  letPetalsFall(Math.random);
}
