// Colours in OKLCH, where equal steps look equal, so that palettes made by rule stay in harmony.
// Conversion: Björn Ottosson, "A perceptual color space for image processing" (2020).

/** Linear sRGB of an OKLab colour; parts may lie outside [0, 1]. */
function linearRgb(lightness: number, a: number, b: number): [number, number, number] {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** One part of sRGB as two hexadecimal digits. */
function hexOf(linear: number): string {
  const clipped = Math.min(1, Math.max(0, linear));
  const encoded = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055;
  return Math.round(encoded * 255)
    .toString(16)
    .padStart(2, '0');
}

/**
 * An OKLCH colour as `#rrggbb`. A colour that sRGB cannot show loses chroma until it can, which keeps its hue.
 * @param lightness 0 (black) to 1 (white)
 * @param chroma 0 (grey) to about 0.32
 * @param hue degrees
 */
export function oklch(lightness: number, chroma: number, hue: number): string {
  const angle = (hue * Math.PI) / 180;
  for (let kept = chroma; ; kept -= 0.004) {
    const held = Math.max(0, kept);
    const parts = linearRgb(lightness, held * Math.cos(angle), held * Math.sin(angle));
    const shown = parts.every((part) => part >= -0.0005 && part <= 1.0005);
    if (shown || held === 0) return `#${parts.map(hexOf).join('')}`;
  }
}
