// A small SVG canvas: shapes as text with short numbers, gradients that are defined once. Only presentation
// attributes are used, so that a picture also shows under a content security policy without inline styles.

/** Edge of every picture, in user units. */
export const SIZE = 640;

/** A point in user units. */
export type Point = readonly [x: number, y: number];

/** Attributes of an SVG element; an undefined one is left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** One stop of a gradient: where (0 to 1), which colour, how opaque. */
export type Stop = readonly [offset: number, colour: string, opacity?: number];

/** A number as short text: tenths for small measures, whole units where a tenth of 640 cannot be seen. */
export function short(value: number): string {
  return String(Math.abs(value) < 30 ? Math.round(value * 10) / 10 : Math.round(value));
}

function attributesText(attributes: Attributes): string {
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${typeof value === 'number' ? Math.round(value * 100) / 100 : value}"`)
    .join('');
}

/** What a painter draws on. */
export class Canvas {
  private readonly definitions: string[] = [];
  private readonly shapes: string[] = [];

  /** Defines a linear gradient at `degrees` (90 = downwards) and returns its paint. */
  linear(degrees: number, stops: readonly Stop[]): string {
    const angle = (degrees * Math.PI) / 180;
    const [x, y] = [Math.cos(angle) / 2, Math.sin(angle) / 2];
    return this.gradient('linearGradient', { x1: 0.5 - x, y1: 0.5 - y, x2: 0.5 + x, y2: 0.5 + y }, stops);
  }

  /** Defines a radial gradient centred at (x, y) of the painted shape's box, and returns its paint. */
  radial(x: number, y: number, radius: number, stops: readonly Stop[]): string {
    return this.gradient('radialGradient', { cx: x, cy: y, r: radius }, stops);
  }

  private gradient(kind: string, attributes: Attributes, stops: readonly Stop[]): string {
    const id = `g${this.definitions.length}`;
    const inner = stops
      .map(
        ([offset, colour, opacity]) =>
          `<stop${attributesText({ offset, 'stop-color': colour, 'stop-opacity': opacity })}/>`,
      )
      .join('');
    this.definitions.push(`<${kind} id="${id}"${attributesText(attributes)}>${inner}</${kind}>`);
    return `url(#${id})`;
  }

  /** Fills the whole picture. */
  background(paint: string): void {
    this.add('rect', { width: SIZE, height: SIZE, fill: paint });
  }

  circle(x: number, y: number, radius: number, attributes: Attributes): void {
    this.add('circle', { cx: short(x), cy: short(y), r: short(radius), ...attributes });
  }

  ellipse(x: number, y: number, rx: number, ry: number, attributes: Attributes): void {
    this.add('ellipse', { cx: short(x), cy: short(y), rx: short(rx), ry: short(ry), ...attributes });
  }

  rect(x: number, y: number, width: number, height: number, attributes: Attributes): void {
    this.add('rect', {
      x: short(x),
      y: short(y),
      width: short(width),
      height: short(height),
      ...attributes,
    });
  }

  path(d: string, attributes: Attributes): void {
    this.add('path', { d, ...attributes });
  }

  /** Opens a group; `draw` fills it. */
  group(attributes: Attributes, draw: () => void): void {
    this.shapes.push(`<g${attributesText(attributes)}>`);
    draw();
    this.shapes.push('</g>');
  }

  private add(name: string, attributes: Attributes): void {
    this.shapes.push(`<${name}${attributesText(attributes)}/>`);
  }

  /** The whole picture as an SVG document. */
  toString(): string {
    const definitions = this.definitions.length > 0 ? `<defs>${this.definitions.join('')}</defs>` : '';
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" width="${SIZE}" height="${SIZE}">${definitions}${this.shapes.join('')}</svg>\n`;
  }
}
