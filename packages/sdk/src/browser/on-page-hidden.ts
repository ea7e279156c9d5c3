/**
 * Tells when the page may be gone at any moment. On phones "hidden" is often the last that a page is told; "pagehide" says that
 * it is left. Answers with how to undo it.
 */
export function onPageHidden(hidden: () => void, left: () => void): () => void {
  const onVisibility = (): void => {
    if (document.visibilityState === 'hidden') hidden();
  };
  document.addEventListener('visibilitychange', onVisibility);
  addEventListener('pagehide', left);
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    removeEventListener('pagehide', left);
  };
}
