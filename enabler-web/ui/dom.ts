// Makes elements. Text goes in as text nodes only, so no answer of a server can become markup.

type Child = Node | string | undefined | false;
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

function fill(element: Element, attributes: Attributes, children: readonly Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(
    ...children.filter((child): child is Node | string => child !== undefined && child !== false),
  );
}

/** An HTML element with attributes (`true` sets an empty one, `false` and `undefined` none) and children. */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  fill(element, attributes, children);
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** An SVG element with attributes and children. */
export function svg<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(SVG, name);
  fill(element, attributes, children);
  return element;
}

/** A button that does something when it is pressed. */
export function button(
  attributes: Attributes,
  onPress: (event: MouseEvent) => void,
  ...children: Child[]
): HTMLButtonElement {
  const element = h('button', { type: 'button', ...attributes }, ...children);
  element.addEventListener('click', onPress);
  return element;
}

/** The heart that stands for a like. */
export function heart(): SVGSVGElement {
  return svg(
    'svg',
    { viewBox: '0 0 24 24', class: 'heart', 'aria-hidden': 'true' },
    svg('path', {
      d: 'M12 21C4.6 15.9 2.5 12.2 2.5 8.8 2.5 5.9 4.7 4 7.2 4c2 0 3.7 1.1 4.8 2.9C13.1 5.1 14.800 4 16.800 4c2.500 0 4.700 1.900 4.700 4.800 0 3.400-2.100 7.100-9.500 12.200z',
    }),
  );
}
