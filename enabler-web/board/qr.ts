// A QR code as an SVG picture.

import { encode } from 'uqr';
import { svg } from '../ui/dom';

/** Quiet zone around the code, in modules, as the standard asks for. */
const MARGIN = 4;

/** The code of `content`; `label` is what a screen reader says. */
export function qrCode(content: string, label: string): SVGSVGElement {
  const { data, size } = encode(content, { ecc: 'M', border: MARGIN });
  const d = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return svg(
    'svg',
    {
      viewBox: `0 0 ${size} ${size}`,
      class: 'join-qr',
      role: 'img',
      'aria-label': label,
      'shape-rendering': 'crispEdges',
    },
    svg('rect', { width: size, height: size, fill: '#fff' }),
    svg('path', { d, fill: '#1a1523' }),
  );
}
