// The operator's token comes in the link's fragment. It is kept for this tab only, and taken out of the address so that
// it is not on the projector and not in a copied link.

const KEY = 'emotion-gallery.operator';

/** The operator's token, when this tab was opened by an operator link. */
export function takeOperatorToken(
  page: Pick<Window, 'location' | 'history' | 'sessionStorage'>,
): string | undefined {
  const fromLink = new URLSearchParams(page.location.hash.slice(1)).get('operator');
  if (fromLink === null || fromLink === '') return page.sessionStorage.getItem(KEY) ?? undefined;
  page.sessionStorage.setItem(KEY, fromLink);
  page.history.replaceState(null, '', page.location.pathname + page.location.search);
  return fromLink;
}

/** Whether this tab was opened by an operator link. */
export function hasOperatorToken(page: Pick<Window, 'sessionStorage'>): boolean {
  return page.sessionStorage.getItem(KEY) !== null;
}
