// Eight cards, one for each emotion.

import { EMOTIONS, type Emotion } from '../emotions';
import type { Messages } from '../i18n/en';
import { button, h } from '../ui/dom';

/** URLs of the cards' pictures by emotion, put in by the build. */
declare const EMBLEMS: Readonly<Record<Emotion, string>>;

/** The cards; `except` leaves one emotion out, as after its last picture. */
export function emotionCards(
  text: Messages,
  onChoose: (emotion: Emotion) => void,
  except?: Emotion,
): HTMLElement {
  const list = h('ul', { class: 'cards' });
  for (const [index, emotion] of EMOTIONS.entries()) {
    if (emotion === except) continue;
    list.append(
      h(
        'li',
        {},
        button(
          { class: 'card', 'data-emotion': emotion },
          () => onChoose(emotion),
          h('img', { src: EMBLEMS[emotion], alt: '', width: 320, height: 320, class: 'card-picture' }),
          h(
            'span',
            { class: 'card-label' },
            text.emotions[emotion],
            h('kbd', { class: 'key', 'aria-hidden': 'true' }, String(index + 1)),
          ),
        ),
      ),
    );
  }
  return list;
}
