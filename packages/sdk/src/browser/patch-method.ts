/**
 * Puts something in the place of a method, where there is one, and answers with how to undo it. What others have put there
 * since stays, so what was put here must be of no consequence then.
 */
export function patchMethod<T extends object, K extends keyof T>(
  target: T | undefined,
  name: K,
  wrap: (original: T[K]) => T[K],
): () => void {
  if (target === undefined || typeof target[name] !== 'function') return () => undefined;
  const original = target[name];
  const wrapped = wrap(original);
  target[name] = wrapped;
  return () => {
    if (target[name] === wrapped) target[name] = original;
  };
}
